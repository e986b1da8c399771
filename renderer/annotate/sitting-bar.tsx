/** The top bar of Annotate: how far it is, how long it has taken, whether all is saved, and whose verdicts these are. */
import { User } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import type { QueueCounts } from "#app/contract/views.ts";
import { count } from "../design/format.ts";
import { PauseIcon } from "../design/icons.tsx";
import { ProgressBar } from "../design/progress-bar.tsx";
import { isMac } from "../design/platform.ts";
import { firstCaps } from "../keys/key-table.ts";
import { useKeyRows } from "../keys/own-keys.ts";
import { annotateText } from "../text/annotate.ts";
import type { WorkClock } from "./work-clock.ts";

const text = annotateText.bar;

export type SittingBarProps = {
  readonly experimentName: string;
  readonly author: string;
  readonly counts: QueueCounts | null;
  readonly isDisputes: boolean;
  /** Verdicts of this sitting. */
  readonly verdictCount: number;
  readonly unsentCount: number;
  readonly clock: WorkClock;
  readonly canPause: boolean;
  readonly onPause: () => void;
  readonly onChangeAuthor: () => void;
  readonly onEnd: () => void;
};

export function SittingBar(props: SittingBarProps): ReactNode {
  const { counts, verdictCount, unsentCount } = props;
  const pauseKey = firstCaps(useKeyRows(), "pause", isMac()).join(" ");
  return (
    <header className="top sitting-bar">
      <div className="row">
        <h1>{annotateText.title}</h1>
        <span className="crumb">{props.isDisputes ? text.disputes : props.experimentName}</span>
      </div>
      <div className="middle figures">
        {counts !== null && counts.total > 0 && !props.isDisputes && (
          <>
            <span className="medium no-wrap">
              {count(counts.done)} <span className="ink-3 plain">{text.of(count(counts.total))}</span>
            </span>
            <ProgressBar label={text.progress} done={counts.done} total={counts.total} />
          </>
        )}
        {verdictCount > 0 && <span className="ink-2 no-wrap in-sitting">{text.inThisSitting(count(verdictCount))}</span>}
        {/* Looked at anew when the lab has said how much there was before. */}
        <TimeAtWork key={counts === null ? "asked" : "known"} clock={props.clock} />
        {props.canPause && (
          <button
            type="button"
            className="btn quiet icon-only"
            aria-label={text.pause}
            title={[text.pause, ...(pauseKey === "" ? [] : [`(${pauseKey})`])].join(" ")}
            onClick={props.onPause}
          >
            <PauseIcon />
          </button>
        )}
      </div>
      <div className="row end">
        <span className="small-text ink-3 no-wrap" data-saved={unsentCount === 0}>
          {unsentCount === 0 ? text.saved : text.toBeSent(unsentCount)}
        </span>
        <button type="button" className="btn quiet person" title={text.changeName} onClick={props.onChangeAuthor}>
          <User className="icon" aria-hidden="true" /> <span className="cut">{props.author}</span>
        </button>
        <button type="button" className="btn quiet" onClick={props.onEnd}>
          {text.end}
        </button>
      </div>
    </header>
  );
}

const MINUTE_MS = 60_000;
const LOOK_EVERY_MS = 10_000;

/** In whole minutes: a ticking clock hurries. */
function TimeAtWork({ clock }: { readonly clock: WorkClock }): ReactNode {
  const [workedMs, setWorkedMs] = useState(() => clock.sittingMs());
  useEffect(() => {
    const timer = setInterval(() => {
      setWorkedMs(clock.sittingMs());
    }, LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
    };
  }, [clock]);
  const minutes = Math.floor(workedMs / MINUTE_MS);
  if (minutes < 1) return null;
  return (
    <span className="ink-2 no-wrap">
      <span className="unseen">{text.timeAtWork} </span>
      {text.minutes(minutes)}
    </span>
  );
}
