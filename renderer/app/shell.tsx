/** What surrounds every screen: the way between them, how the connection stands, and a word if it does not. */
import { useQuery } from "@tanstack/react-query";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { sendLeftovers } from "../annotate/open-sitting.ts";
import { useConnectionState, useLab } from "../lab-client/lab-context.tsx";
import { ConnectionToast } from "./connection-toast.tsx";
import { labelOfScreen } from "./screens.ts";
import { shellText } from "../text/shell.ts";
import { ScreenCommands } from "./screen-commands.tsx";
import { Entrance } from "./entrance.tsx";
import { GlobalCommands } from "./global-commands.tsx";
import { KeyCommands } from "./key-commands.tsx";
import { LabCommands } from "./lab-commands.tsx";
import { NewerVersion } from "./newer-version.tsx";
import { SideBar } from "./side-bar.tsx";

export function Shell(): ReactNode {
  const connection = useConnectionState();
  const lab = useLab();
  const experiment = useQuery(lab.queries.experiments.get.queryOptions()).data;
  const experimentId = experiment?.id;
  const screen = useRouterState({ select: (state) => `/${state.location.pathname.split("/")[1] ?? ""}` });
  // What a screen reader, the list of tabs and the task bar call the page.
  useEffect(() => {
    document.title = shellText.pageTitle(labelOfScreen(screen), experiment?.name ?? "");
  }, [screen, experiment?.name]);
  const isSitting = useRouterState({ select: (state) => state.location.pathname === "/annotate" });
  // Whatever screen the page opens on, verdicts that an earlier page left unsent go out now.
  useEffect(() => {
    if (experimentId !== undefined) sendLeftovers(lab, experimentId);
  }, [lab, experimentId]);
  if (connection.kind === "refused") return <Entrance refusal={connection.refusal} />;
  return (
    <div className={isSitting ? "shell sitting" : "shell"}>
      <GlobalCommands />
      <ScreenCommands />
      <LabCommands />
      <KeyCommands />
      <SideBar />
      <NewerVersion />
      <Outlet />
      <ConnectionToast />
    </div>
  );
}
