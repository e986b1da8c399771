/** A sitting: the prompt, two sheets side by side, the verdicts beneath; everything by keyboard. */
import { Link } from "@tanstack/react-router";
import { type CSSProperties, type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { ShownVerdict } from "#app/contract/queue.ts";
import type { ExperimentView } from "#app/contract/views.ts";
import { EmptyState, Loading } from "../design/empty-state.tsx";
import { count } from "../design/format.ts";
import { KeyCap } from "../design/key-cap.tsx";
import { useConnectionState, useLab } from "../lab-client/lab-context.tsx";
import type { AnnotateAction } from "./keys.ts";
import { GuidelinesSheet, KeySheet } from "./key-sheet.tsx";
import { openSitting } from "./open-sitting.ts";
import { useReadingSize } from "./preferences.ts";
import { PromptPart } from "./prompt-part.tsx";
import { ResponseSheet } from "./response-sheet.tsx";
import { SittingBar } from "./sitting-bar.tsx";
import { countsShown } from "./sitting-state.ts";
import { useAnnotateKeys } from "./use-annotate-keys.ts";
import { VerdictDock } from "./verdict-dock.tsx";
import { verdictText } from "./verdict-text.ts";

export type SittingScreenProps = {
  readonly experiment: ExperimentView;
  readonly author: string;
  readonly onChangeAuthor: () => void;
};

/** What covers the comparison. */
type Cover = "keys" | "guidelines" | "pause";

/** Of the height of a sheet, at each press of J or K. */
const SCROLL_SHARE = 0.6;

const isMac = /Mac|iPhone|iPad/u.test(navigator.userAgent);

export function SittingScreen({ experiment, author, onChangeAuthor }: SittingScreenProps): ReactNode {
  const lab = useLab();
  const connection = useConnectionState();
  const [{ sitting, clock }] = useState(() => openSitting(lab, experiment.id, author));
  const state = useSyncExternalStore(sitting.subscribe, sitting.state);
  const [cover, setCover] = useState<Cover | null>(null);
  const [unfoldedAsk, setUnfoldedAsk] = useState<string | null>(null);
  const [readingSize, changeReadingSize] = useReadingSize();
  const stageRef = useRef<HTMLDivElement>(null);
  const leftRef = useRef<HTMLDivElement>(null);
  const rightRef = useRef<HTMLDivElement>(null);
  const [current] = state.upcoming;
  const askId = current?.askId;
  const isUnfolded = askId !== undefined && askId === unfoldedAsk;

  // Time counts while the comparison can be seen.
  useEffect(() => {
    const update = (): void => {
      clock.setRunning(cover === null && askId !== undefined && !document.hidden);
    };
    update();
    document.addEventListener("visibilitychange", update);
    return () => {
      document.removeEventListener("visibilitychange", update);
      clock.setRunning(false);
    };
  }, [clock, cover, askId]);

  // A new comparison is read from its beginning, and the keys are its own again, wherever the focus was.
  useEffect(() => {
    if (askId === undefined) return;
    clock.beginLook();
    stageRef.current?.focus({ preventScroll: true });
  }, [clock, askId]);

  const judge = (verdict: ShownVerdict): void => {
    sitting.judge(verdict, Math.round(clock.lookMs()));
  };
  const scroll = (direction: 1 | -1): void => {
    for (const { current: sheet } of [leftRef, rightRef]) {
      sheet?.scrollBy({ top: direction * SCROLL_SHARE * sheet.clientHeight });
    }
  };
  const act = (action: AnnotateAction): void => {
    if (action.kind === "judge") {
      judge(action.verdict);
      return;
    }
    switch (action.kind) {
      case "undo":
      case "redo":
        sitting.step(action.kind);
        return;
      case "help":
        setCover("keys");
        return;
      case "guidelines":
        if (state.guidelines !== "") setCover("guidelines");
        return;
      case "pause":
        setCover("pause");
        return;
      case "earlierTurns":
        setUnfoldedAsk(isUnfolded || askId === undefined ? null : askId);
        return;
      case "scrollDown":
        scroll(1);
        return;
      case "scrollUp":
        scroll(-1);
        return;
      case "larger":
        changeReadingSize(1);
        return;
      case "smaller":
        changeReadingSize(-1);
        return;
      default:
        action satisfies never;
    }
  };
  const uncover = (): void => {
    setCover(null);
    stageRef.current?.focus({ preventScroll: true });
  };
  useAnnotateKeys({ isCovered: cover !== null, isPaused: cover === "pause", act, uncover });

  const counts = countsShown(state);
  // What is read counts, not what is styled: the size is set where it is used.
  const reading: CSSProperties & Record<"--reading-size", string> = { "--reading-size": readingSize };
  return (
    <main className="main annotate" style={reading}>
      <SittingBar
        experimentName={experiment.name}
        author={author}
        counts={counts}
        verdictCount={state.verdictCount}
        unsentCount={state.unsent.length}
        clock={clock}
        canPause={current !== undefined}
        onPause={() => {
          setCover("pause");
        }}
        onChangeAuthor={onChangeAuthor}
      />
      <p className="unseen" role="status">
        {state.last !== null && counts !== null && `Last: ${verdictText(state.last)}. ${count(counts.done)} of ${count(counts.total)}.`}
      </p>
      {current === undefined ? (
        <div className="content">
          {state.counts === null || !state.isExhausted ? (
            <Loading>{connection.kind === "lost" ? "Waiting for the lab…" : "Fetching comparisons…"}</Loading>
          ) : (
            <NothingWaits
              mine={counts?.mine ?? 0}
              onUndo={() => {
                sitting.step("undo");
              }}
              canUndo={state.last !== null}
              notice={state.notice}
            />
          )}
        </div>
      ) : (
        <div className="comparison" ref={stageRef} tabIndex={-1} data-ask={current.askId} role="region" aria-label="Comparison">
          <PromptPart
            messages={current.messages}
            isUnfolded={isUnfolded}
            onFold={() => {
              act({ kind: "earlierTurns" });
            }}
          />
          <div className="two">
            <ResponseSheet key={`left-${current.askId}`} side="left" text={current.left.text} readRef={leftRef} />
            <ResponseSheet key={`right-${current.askId}`} side="right" text={current.right.text} readRef={rightRef} />
          </div>
          <VerdictDock
            onJudge={judge}
            onUndo={() => {
              sitting.step("undo");
            }}
            onRedo={() => {
              sitting.step("redo");
            }}
            onGuidelines={
              state.guidelines === ""
                ? undefined
                : () => {
                    setCover("guidelines");
                  }
            }
            onKeys={() => {
              setCover("keys");
            }}
            isBusy={state.step !== null}
            last={state.last}
            takenBack={state.takenBack}
            notice={state.notice}
            modifier={isMac ? "Cmd" : "Ctrl"}
          />
          {cover === "pause" && <PauseCover onGoOn={uncover} />}
        </div>
      )}
      <KeySheet isOpen={cover === "keys"} onClose={uncover} isMac={isMac} />
      <GuidelinesSheet isOpen={cover === "guidelines"} onClose={uncover} text={state.guidelines} />
    </main>
  );
}

function PauseCover({ onGoOn }: { readonly onGoOn: () => void }): ReactNode {
  return (
    <div className="pause-cover" role="dialog" aria-modal="true" aria-label="The sitting is paused">
      <p className="claim">The sitting is paused</p>
      <p className="ink-2">The pair is covered and the time does not count.</p>
      <button type="button" className="btn primary large" autoFocus onClick={onGoOn}>
        Go on <KeyCap keys={["P"]} />
      </button>
    </div>
  );
}

type NothingWaitsProps = {
  readonly mine: number;
  readonly canUndo: boolean;
  readonly onUndo: () => void;
  readonly notice: string | null;
};

function NothingWaits({ mine, canUndo, onUndo, notice }: NothingWaitsProps): ReactNode {
  return (
    <EmptyState
      title="No comparisons are waiting"
      action={
        <div className="row">
          <Link className="btn" to="/rounds">
            Go to Rounds
          </Link>
          {canUndo && (
            <button type="button" className="btn quiet" onClick={onUndo}>
              Undo the last verdict
            </button>
          )}
        </div>
      }
    >
      <p>
        {mine > 0
          ? `All that wait for you are answered, ${count(mine)} of them by you. The round goes on by itself when nothing is open.`
          : "When a round comes to what only people can judge, it appears here."}
      </p>
      {notice !== null && <p role="status">{notice}</p>}
    </EmptyState>
  );
}
