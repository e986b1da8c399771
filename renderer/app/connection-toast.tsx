/** Says that the lab is away, as long as it is, and that it is back. */
import { Unplug, Plug } from "lucide-react";
import { type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import { clockTime } from "../design/format.ts";
import { useConnectionState, useLab } from "../lab-client/lab-context.tsx";
import { Fill } from "../text/fill.tsx";
import { shellText } from "../text/shell.ts";
import { subscribeToUnsent, unsentCount } from "../annotate/outbox.ts";

const text = shellText.toast;
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
          <Fill
            text={text.lost}
            values={{ time: clockTime(state.sinceMs), consequence: unsent === 0 ? text.isLastWord : text.keepsVerdicts(unsent) }}
          />
        </p>
        <button
          type="button"
          className="btn quiet"
          onClick={() => {
            connection.retryNow();
          }}
        >
          {text.tryNow}
        </button>
      </div>
    );
  }
  if (newEpoch === undefined) return null;
  return (
    <div className="toast" role="status">
      <Plug className="icon" aria-hidden="true" />
      <p>
        <Fill text={text.back} />
      </p>
    </div>
  );
}

function unsentCountNow(): number {
  return unsentCount(window.localStorage);
}
