/** A sitting: the prompt, two sheets side by side, the verdicts beneath; everything by keyboard. */
import { type CSSProperties, type ReactNode, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { QueueSource, ShownVerdict } from "#app/contract/queue.ts";
import type { ExperimentView } from "#app/contract/views.ts";
import { leastReadingMs } from "#app/domain/reading-time.ts";
import { isPaletteOpen } from "../commands/command-palette.tsx";
import { Loading } from "../design/empty-state.tsx";
import { count } from "../design/format.ts";
import { isMac } from "../design/platform.ts";
import { Note } from "../design/note.tsx";
import { KeySheet } from "../keys/key-sheet.tsx";
import { firstCaps } from "../keys/key-table.ts";
import { useKeyRows } from "../keys/own-keys.ts";
import { useConnectionState, useLab } from "../lab-client/lab-context.tsx";
import { annotateText as text } from "../text/annotate.ts";
import { ComparisonPart } from "./comparison-part.tsx";
import { isEmptyReason } from "./drafts.ts";
import { GuidelinesSheet } from "./guidelines-sheet.tsx";
import { type AnnotateAction, annotateGroups, boundActions, type PlainAction } from "./keys.ts";
import { NothingWaits, PauseCover } from "./nothing-waits.tsx";
import { openSitting } from "./open-sitting.ts";
import { useReadingSize } from "./preferences.ts";
import { ReasonPanel } from "./reason-panel.tsx";
import { SittingBar } from "./sitting-bar.tsx";
import { countsShown } from "./sitting-state.ts";
import { useAnnotateCommands } from "./use-annotate-commands.ts";
import { useAnnotateKeys } from "./use-annotate-keys.ts";
import { useReason } from "./use-reason.ts";
import { VerdictDock } from "./verdict-dock.tsx";

export type SittingScreenProps = {
  readonly experiment: ExperimentView;
  readonly author: string;
  readonly source: QueueSource;
  readonly onChangeAuthor: () => void;
  readonly onEnd: () => void;
};

/** What covers the comparison. */
type Cover = "keys" | "guidelines" | "pause";

/** Of the height of a sheet, at each press of J or K. */
const SCROLL_SHARE = 0.6;

const nowMs = (): number => Date.now();

export function SittingScreen({ experiment, author, source, onChangeAuthor, onEnd }: SittingScreenProps): ReactNode {
  const lab = useLab();
  const connection = useConnectionState();
  const [{ sitting, clock, drafts }] = useState(() => openSitting(lab, experiment.id, author, source));
  const state = useSyncExternalStore(sitting.subscribe, sitting.state);
  const [cover, setCover] = useState<Cover | null>(null);
  const [unfoldedAsk, setUnfoldedAsk] = useState<string | null>(null);
  const [isDiff, setDiff] = useState(false);
  const [reasonAsk, setReasonAsk] = useState<string | null>(null);
  const [lengthsAsk, setLengthsAsk] = useState<string | null>(null);
  const [tooFastMs, setTooFastMs] = useState<number | null>(null);
  const [readingSize, changeReadingSize] = useReadingSize();
  const stageRef = useRef<HTMLDivElement>(null);
  const leftRef = useRef<HTMLDivElement>(null);
  const rightRef = useRef<HTMLDivElement>(null);
  const rows = useKeyRows();
  const actions = useMemo(() => boundActions(rows), [rows]);
  const [current] = state.upcoming;
  const askId = current?.askId;
  const isUnfolded = askId !== undefined && askId === unfoldedAsk;
  const isReasonOpen = askId !== undefined && askId === reasonAsk;
  // Of one pair: how long answers are leads, so that it is asked for each time.
  const hasLengths = askId !== undefined && askId === lengthsAsk;
  const pair = useReason(drafts, current, nowMs);

  // Comparisons are held for who is here, and for nobody else.
  useEffect(() => {
    sitting.sitDown();
    return () => {
      sitting.rest();
    };
  }, [sitting]);

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

  // A new comparison is read from its beginning, and the keys are its own again, wherever the focus was; but for the palette, in which somebody types.
  useEffect(() => {
    if (askId === undefined) return;
    clock.beginLook();
    if (!isPaletteOpen()) stageRef.current?.focus({ preventScroll: true });
  }, [clock, askId]);

  const judge = (verdict: ShownVerdict): void => {
    if (current === undefined || state.step !== null) return;
    const lookMs = Math.round(clock.lookMs());
    const isTooFast = verdict.kind !== "skip" && lookMs < leastReadingMs(current.left.text.length + current.right.text.length);
    setTooFastMs(isTooFast ? lookMs : null);
    sitting.judge(verdict, lookMs, pair.take());
  };
  const scroll = (direction: 1 | -1): void => {
    // Where the two scroll as one, the first brings the other along; the longer one must not be held back by a short one.
    const sheets = [leftRef.current, rightRef.current].filter((sheet) => sheet !== null).sort((a, b) => b.scrollHeight - a.scrollHeight);
    for (const sheet of sheets) sheet.scrollTo({ top: sheet.scrollTop + direction * SCROLL_SHARE * sheet.clientHeight });
  };
  const scrollOne = (side: "left" | "right"): void => {
    const sheet = side === "left" ? leftRef.current : rightRef.current;
    sheet?.focus({ preventScroll: true });
    sheet?.scrollBy({ top: SCROLL_SHARE * sheet.clientHeight });
  };
  const uncover = (): void => {
    setCover(null);
    stageRef.current?.focus({ preventScroll: true });
  };
  const closeReason = (): void => {
    void drafts.flush();
    setReasonAsk(null);
    stageRef.current?.focus({ preventScroll: true });
  };
  const plain: Readonly<Record<PlainAction, () => void>> = {
    undo: () => {
      sitting.step("undo");
    },
    redo: () => {
      sitting.step("redo");
    },
    help: () => {
      setCover("keys");
    },
    guidelines: () => {
      if (state.guidelines !== "") setCover("guidelines");
    },
    pause: () => {
      if (current !== undefined) setCover("pause");
    },
    earlierTurns: () => {
      setUnfoldedAsk(isUnfolded || askId === undefined ? null : askId);
    },
    diff: () => {
      setDiff(!isDiff);
    },
    lengths: () => {
      setLengthsAsk(hasLengths ? null : (askId ?? null));
    },
    reason: () => {
      if (isReasonOpen) closeReason();
      else setReasonAsk(askId ?? null);
    },
    flag: () => {
      sitting.flag();
    },
    scrollDown: () => {
      scroll(1);
    },
    scrollUp: () => {
      scroll(-1);
    },
    scrollLeft: () => {
      scrollOne("left");
    },
    scrollRight: () => {
      scrollOne("right");
    },
    larger: () => {
      changeReadingSize(1);
    },
    smaller: () => {
      changeReadingSize(-1);
    },
  };
  const act = (action: AnnotateAction): void => {
    if (action.kind === "judge") judge(action.verdict);
    else plain[action.kind]();
  };
  useAnnotateKeys({ actions, isCovered: cover !== null, isPaused: cover === "pause", act, uncover });
  useAnnotateCommands({
    hasPair: current !== undefined && cover === null,
    hasEarlierTurns: (current?.messages.length ?? 0) > 1,
    hasGuidelines: state.guidelines !== "",
    act,
    end: onEnd,
    changeAuthor: onChangeAuthor,
  });

  const counts = countsShown(state);
  // What is read counts, not what is styled: the size is set where it is used.
  const reading: CSSProperties & Record<"--reading-size", string> = { "--reading-size": readingSize };
  return (
    <main className="main annotate" style={reading}>
      <SittingBar
        experimentName={experiment.name}
        author={author}
        counts={counts}
        isDisputes={source === "disputes"}
        verdictCount={state.verdictCount}
        unsentCount={state.unsent.length}
        clock={clock}
        canPause={current !== undefined}
        onPause={plain.pause}
        onChangeAuthor={onChangeAuthor}
        onEnd={onEnd}
      />
      <p className="unseen" role="status">
        {state.last !== null && counts !== null && text.dock.answered(text.verdict(state.last), count(counts.done), count(counts.total))}
      </p>
      {current === undefined ? (
        <div className="content">
          {state.counts === null || !state.isExhausted ? (
            <>
              <Loading>{connection.kind === "lost" ? text.waiting : text.fetching}</Loading>
              {state.notice !== null && <Note kind="error">{state.notice}</Note>}
            </>
          ) : (
            <NothingWaits
              mine={counts?.mine ?? 0}
              isDisputes={source === "disputes"}
              onUndo={plain.undo}
              canUndo={state.last !== null}
              hasJudged={state.verdictCount > 0}
              onEnd={onEnd}
              notice={state.notice}
            />
          )}
        </div>
      ) : (
        <div className="comparison" ref={stageRef} tabIndex={-1} data-ask={current.askId} role="region" aria-label={text.comparison}>
          <ComparisonPart
            comparison={current}
            isUnfolded={isUnfolded}
            onFold={plain.earlierTurns}
            isDiff={isDiff}
            hasLengths={hasLengths}
            leftRef={leftRef}
            rightRef={rightRef}
          />
          {isReasonOpen && (
            <ReasonPanel
              reason={pair.reason}
              savedAtMs={pair.savedAtMs}
              tags={state.reasonTags}
              criteria={state.criteria}
              modifier={isMac() ? "Cmd" : "Ctrl"}
              onChange={pair.write}
              onClose={closeReason}
            />
          )}
          <VerdictDock
            rows={rows}
            onJudge={judge}
            onAct={(action) => {
              plain[action]();
            }}
            hasGuidelines={state.guidelines !== ""}
            isBusy={state.step !== null}
            last={state.last}
            takenBack={state.takenBack}
            practice={state.practice}
            tooFastMs={tooFastMs}
            notice={state.notice}
            isDiff={isDiff}
            isReasonOpen={isReasonOpen}
            hasReason={!isEmptyReason(pair.reason)}
            isFlagged={current.isFlagged}
          />
          {cover === "pause" && <PauseCover caps={firstCaps(rows, "pause", isMac())} onGoOn={uncover} />}
        </div>
      )}
      <KeySheet isOpen={cover === "keys"} onClose={uncover} groups={annotateGroups(rows)} />
      <GuidelinesSheet isOpen={cover === "guidelines"} onClose={uncover} text={state.guidelines} />
    </main>
  );
}
