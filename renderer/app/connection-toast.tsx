/** Says that the lab is away, as long as it is, and that it is back. */
import { Unplug, Plug } from "lucide-react";
import { type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import { clockTime } from "../design/format.ts";
import { useConnectionState, useLab } from "../lab-client/lab-context.tsx";
import { subscribeToUnsent, unsentCount } from "../annotate/outbox.ts";

const BACK_FOR_MS = 6000;

export function ConnectionToast(): ReactNode {
  const state = useConnectionState();
  const { connection } = useLab();
  const unsent = useSyncExternalStore(subscribeToUnsent, unsentCountNow);
  const [seenEpoch, setSeenEpoch] = useState(0);
  const newEpoch = state.kind === "open" && state.wasLost && state.epoch !== seenEpoch ? state.epoch : undefined;

  useEffect(() => {
    if (newEpoch === undefined) return undefined;
    const timer = setTimeout(() => {
      setSeenEpoch(newEpoch);
    }, BACK_FOR_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [newEpoch]);

  if (state.kind === "lost") {
    return (
      <div className="toast" role="status">
        <Unplug className="icon" aria-hidden="true" />
        <p>
          <b>The lab is not answering</b> since {clockTime(state.sinceMs)}. {lostSentence(unsent)}
        </p>
        <button
          type="button"
          className="btn quiet"
          onClick={() => {
            connection.retryNow();
          }}
        >
          Try now
        </button>
      </div>
    );
  }
  if (newEpoch === undefined) return null;
  return (
    <div className="toast" role="status">
      <Plug className="icon" aria-hidden="true" />
      <p>
        <b>The lab answers again.</b> Everything shown was read anew.
      </p>
    </div>
  );
}

function unsentCountNow(): number {
  return unsentCount(window.localStorage);
}

function lostSentence(unsent: number): string {
  if (unsent === 0) return "What is shown is its last word. The page goes on trying.";
  const verdicts = unsent === 1 ? "Your last verdict is" : `Your last ${unsent} verdicts are`;
  return `${verdicts} kept here and sent as soon as it does.`;
}
