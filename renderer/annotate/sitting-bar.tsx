/** The top bar of Annotate: how far it is, how long it has taken, whether all is saved, and whose verdicts these are. */
import { User } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import type { QueueCounts } from "#app/contract/views.ts";
import { count } from "../design/format.ts";
import { PauseIcon } from "../design/icons.tsx";
import { ProgressBar } from "../design/progress-bar.tsx";
import type { WorkClock } from "./work-clock.ts";

export type SittingBarProps = {
  readonly experimentName: string;
  readonly author: string;
  readonly counts: QueueCounts | null;
  /** Verdicts of this sitting. */
  readonly verdictCount: number;
  readonly unsentCount: number;
  readonly clock: WorkClock;
  readonly canPause: boolean;
  readonly onPause: () => void;
  readonly onChangeAuthor: () => void;
};

export function SittingBar(props: SittingBarProps): ReactNode {
  const { counts, verdictCount, unsentCount } = props;
  return (
    <header className="top sitting-bar">
      <div className="row">
        <h1>Annotate</h1>
        <span className="crumb">{props.experimentName}</span>
      </div>
      <div className="middle figures">
        {counts !== null && counts.total > 0 && (
          <>
            <span className="medium no-wrap">
              {count(counts.done)} <span className="ink-3 plain">of {count(counts.total)}</span>
            </span>
            <ProgressBar label="Comparisons answered" done={counts.done} total={counts.total} />
          </>
        )}
        {verdictCount > 0 && <span className="ink-2 no-wrap">{count(verdictCount)} in this sitting</span>}
        <TimeAtWork clock={props.clock} />
        {props.canPause && (
          <button type="button" className="btn quiet icon-only" aria-label="Pause the sitting" title="Pause (P)" onClick={props.onPause}>
            <PauseIcon />
          </button>
        )}
      </div>
      <div className="row end">
        <span className="small-text ink-3 no-wrap" data-saved={unsentCount === 0}>
          {unsentCount === 0 ? "All saved" : `${unsentCount} to be sent`}
        </span>
        <button type="button" className="btn quiet" title="Change the name" onClick={props.onChangeAuthor}>
          <User className="icon" aria-hidden="true" /> {props.author}
        </button>
      </div>
    </header>
  );
}

const MINUTE_MS = 60_000;
const LOOK_EVERY_MS = 10_000;

/** In whole minutes: a ticking clock hurries. */
function TimeAtWork({ clock }: { readonly clock: WorkClock }): ReactNode {
  const [minutes, setMinutes] = useState(() => Math.floor(clock.sittingMs() / MINUTE_MS));
  useEffect(() => {
    const timer = setInterval(() => {
      setMinutes(Math.floor(clock.sittingMs() / MINUTE_MS));
    }, LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
    };
  }, [clock]);
  if (minutes < 1) return null;
  return (
    <span className="ink-2 no-wrap">
      <span className="unseen">Time at work </span>
      {minutes} min
    </span>
  );
}
