/** The whole page: the look, what it is connected to, the screens. */
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { type ReactNode, StrictMode, useState, useSyncExternalStore } from "react";
import { CommandsProvider } from "../commands/command-context.tsx";
import { Loading } from "../design/empty-state.tsx";
import { cssVariablesResolver, theme } from "../design/theme.ts";
import { StartPage } from "../experiments/start-page.tsx";
import { HostProvider } from "../lab-client/host-context.tsx";
import { LabProvider } from "../lab-client/lab-context.tsx";
import type { LabPage, LabSession, PageState } from "../lab-client/page.ts";
import { shellText } from "../text/shell.ts";
import { Entrance } from "./entrance.tsx";
import { createLabRouter } from "./router.tsx";

export function App({ page }: { readonly page: LabPage }): ReactNode {
  const state = useSyncExternalStore(page.subscribe, page.state);
  // One for all labs that the page shows: each would patch the browser's history anew.
  const [router] = useState(createLabRouter);
  return (
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
        <HostProvider value={page.host}>
          <CommandsProvider>
            <PageBody state={state} router={router} />
          </CommandsProvider>
        </HostProvider>
      </MantineProvider>
    </StrictMode>
  );
}

type LabRouter = ReturnType<typeof createLabRouter>;

function PageBody({ state, router }: { readonly state: PageState; readonly router: LabRouter }): ReactNode {
  switch (state.kind) {
    case "starting":
      return (
        <main className="entrance">
          <Loading>{shellText.connection.connecting}</Loading>
        </main>
      );
    case "refused":
      return <Entrance refusal={state.refusal} />;
    case "start":
      return (
        <QueryClientProvider client={state.queryClient}>
          <StartPage />
        </QueryClientProvider>
      );
    case "lab":
      return <LabScreens key={state.session.key} session={state.session} router={router} />;
    default:
      return state satisfies never;
  }
}

function LabScreens({ session, router }: { readonly session: LabSession; readonly router: LabRouter }): ReactNode {
  return (
    <QueryClientProvider client={session.queryClient}>
      <LabProvider value={session.lab}>
        <RouterProvider router={router} />
      </LabProvider>
    </QueryClientProvider>
  );
}
