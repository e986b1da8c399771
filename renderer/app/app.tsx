/** The whole page: the look, the lab, the screens. */
import { MantineProvider } from "@mantine/core";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { type ReactNode, StrictMode, useState } from "react";
import { cssVariablesResolver, theme } from "../design/theme.ts";
import { type LabAccess, LabProvider } from "../lab-client/lab-context.tsx";
import { createLabRouter } from "./router.tsx";

export type AppProps = {
  readonly lab: LabAccess;
  readonly queryClient: QueryClient;
};

export function App({ lab, queryClient }: AppProps): ReactNode {
  const [router] = useState(createLabRouter);
  return (
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
        <QueryClientProvider client={queryClient}>
          <LabProvider value={lab}>
            <RouterProvider router={router} />
          </LabProvider>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>
  );
}
