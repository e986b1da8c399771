/** The verdicts, standing like the arrow keys, and beneath them what goes back, on and beside. */
import type { ReactNode } from "react";
import type { ShownVerdict } from "#app/contract/queue.ts";
import { KeyCap } from "../design/key-cap.tsx";
import { verdictText } from "./verdict-text.ts";

export type VerdictDockProps = {
  readonly onJudge: (verdict: ShownVerdict) => void;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
  readonly onGuidelines: (() => void) | undefined;
  readonly onKeys: () => void;
  /** A step is under way: verdicts wait for it. */
  readonly isBusy: boolean;
  readonly last: ShownVerdict | null;
  readonly takenBack: ShownVerdict | null;
  readonly notice: string | null;
  readonly modifier: "Ctrl" | "Cmd";
};

const prefers = (side: "left" | "right", strength: "slight" | "clear"): ShownVerdict => ({ kind: "prefers", side, strength });

export function VerdictDock(props: VerdictDockProps): ReactNode {
  const { last, takenBack, notice, modifier } = props;
  return (
    <div className="dock">
      {notice !== null && (
        <p className="dock-notice" role="status">
          {notice}
        </p>
      )}
      <div className="verdicts" role="group" aria-label="Verdict">
        <Verdict {...props} verdict={prefers("left", "clear")} look="left much" caps={["shift", "left"]}>
          <b>Left</b>
          <small>much better</small>
        </Verdict>
        <Verdict {...props} verdict={prefers("left", "slight")} look="left" caps={["left"]}>
          <b>Left is better</b>
        </Verdict>
        <div className="between-sides">
          <Verdict {...props} verdict={{ kind: "tie" }} look="" caps={["up"]}>
            Tie
          </Verdict>
          <Verdict {...props} verdict={{ kind: "bothBad" }} look="" caps={["down"]}>
            Both bad
          </Verdict>
        </div>
        <Verdict {...props} verdict={prefers("right", "slight")} look="right" caps={["right"]}>
          <b>Right is better</b>
        </Verdict>
        <Verdict {...props} verdict={prefers("right", "clear")} look="right much" caps={["shift", "right"]}>
          <b>Right</b>
          <small>much better</small>
        </Verdict>
      </div>
      <div className="aside">
        <div className="row">
          <button type="button" className="btn quiet" onClick={props.onUndo} disabled={props.isBusy}>
            Undo <KeyCap keys={[modifier, "Z"]} />
          </button>
          {takenBack !== null && (
            <button type="button" className="btn quiet" onClick={props.onRedo} disabled={props.isBusy}>
              Redo <KeyCap keys={[modifier, "shift", "Z"]} />
            </button>
          )}
          <span className="small-text ink-3 cut">{receiptText(last, takenBack)}</span>
        </div>
        <button
          type="button"
          className="btn quiet"
          disabled={props.isBusy}
          onClick={() => {
            props.onJudge({ kind: "skip" });
          }}
        >
          Skip <KeyCap keys={["Space"]} />
        </button>
        <div className="row end">
          {props.onGuidelines !== undefined && (
            <button type="button" className="btn quiet" onClick={props.onGuidelines}>
              Guidelines <KeyCap keys={["G"]} />
            </button>
          )}
          <button type="button" className="btn quiet" onClick={props.onKeys}>
            Keys <KeyCap keys={["?"]} />
          </button>
        </div>
      </div>
    </div>
  );
}

type VerdictProps = Pick<VerdictDockProps, "onJudge" | "isBusy" | "takenBack"> & {
  readonly verdict: ShownVerdict;
  readonly look: string;
  readonly caps: readonly string[];
  readonly children: ReactNode;
};

function Verdict({ verdict, look, caps, children, onJudge, isBusy, takenBack }: VerdictProps): ReactNode {
  const wasTaken = takenBack !== null && verdictText(takenBack) === verdictText(verdict);
  const cap = (
    <span className="row" aria-hidden="true">
      <KeyCap keys={caps} />
    </span>
  );
  const isRight = look.startsWith("right");
  return (
    <button
      type="button"
      className={`verdict ${look}${wasTaken ? " was" : ""}`}
      disabled={isBusy}
      onClick={() => {
        onJudge(verdict);
      }}
    >
      {!isRight && cap}
      <span>{children}</span>
      {isRight && cap}
    </button>
  );
}

/** "Last: Left is better"; after an undo, what it took back. */
function receiptText(last: ShownVerdict | null, takenBack: ShownVerdict | null): string {
  if (takenBack !== null) return `Taken back: ${verdictText(takenBack)}`;
  return last === null ? "" : `Last: ${verdictText(last)}`;
}
