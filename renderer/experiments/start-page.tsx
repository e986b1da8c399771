/** The page while no experiment is open: the first run on a machine that has none, else the list. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { GlobalCommands } from "../app/global-commands.tsx";
import { Loading } from "../design/empty-state.tsx";
import { Failed } from "../design/failed.tsx";
import { useChooseFile } from "../files/use-choose-file.tsx";
import { useHost, useHostState } from "../lab-client/host-context.tsx";
import { clockTime } from "../design/format.ts";
import { Fill } from "../text/fill.tsx";
import { shellText } from "../text/shell.ts";
import { experimentText as text } from "../text/experiments.ts";
import { ExperimentsScreen } from "./experiments-screen.tsx";
import { FirstRun } from "./first-run.tsx";
import { NewExperimentDialog } from "./new-experiment-dialog.tsx";
import { useExperimentCommands } from "./use-experiment-commands.ts";
import { useExperiments } from "./use-experiments.ts";
import "./experiments.css";

export function StartPage(): ReactNode {
  const { queries } = useHost();
  const cards = useQuery(queries.experiments.recent.queryOptions());
  if (cards.data === undefined) {
    return (
      <main className="entrance">
        {cards.error === null ? (
          <Loading>{text.reading}</Loading>
        ) : (
          <Failed error={cards.error} isAsking={cards.isFetching} onAgain={() => void cards.refetch()} />
        )}
      </main>
    );
  }
  return (
    <>
      <GlobalCommands />
      <LostHost />
      {cards.data.length === 0 ? (
        <FirstLook />
      ) : (
        <div className="start-page">
          <ExperimentsScreen />
        </div>
      )}
    </>
  );
}

/** Without a lab on the page nobody else says that the host is away. */
function LostHost(): ReactNode {
  const state = useHostState();
  const { connection } = useHost();
  if (state.kind !== "lost") return null;
  const { lost, isLastWord, tryNow } = shellText.toast;
  return (
    <div className="toast" role="status">
      <p>
        <Fill text={lost} values={{ time: clockTime(state.sinceMs), consequence: isLastWord }} />
      </p>
      <button
        type="button"
        className="btn quiet"
        onClick={() => {
          connection.retryNow();
        }}
      >
        {tryNow}
      </button>
    </div>
  );
}

function FirstLook(): ReactNode {
  const actions = useExperiments();
  const [isMaking, setIsMaking] = useState(false);
  const openFolder = useChooseFile("experiment", actions.open);
  const makeNew = (): void => {
    setIsMaking(true);
  };
  useExperimentCommands({
    makeNew,
    openFolder: openFolder.ask,
    runDemo: () => {
      if (!actions.isPreparingDemo) actions.runDemo();
    },
    demoKey: "Enter",
  });
  return (
    <>
      <FirstRun actions={actions} onOpenFolder={openFolder.ask} onOwnModel={makeNew} />
      {isMaking && (
        <NewExperimentDialog
          oracle="people"
          onClose={() => {
            setIsMaking(false);
          }}
        />
      )}
      {openFolder.dialog}
    </>
  );
}
