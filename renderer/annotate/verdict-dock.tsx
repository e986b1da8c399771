/** The verdicts, standing like the arrow keys, and beneath them what goes back, on and beside. */
import type { ReactNode } from "react";
import type { ShownVerdict } from "#app/contract/queue.ts";
import { Button } from "../design/button.tsx";
import { duration } from "../design/format.ts";
import { KeyCap } from "../design/key-cap.tsx";
import { isMac } from "../design/platform.ts";
import type { Why } from "../design/why.tsx";
import { firstCaps, type KeyId, type KeyRow } from "../keys/key-table.ts";
import { annotateText } from "../text/annotate.ts";
import type { PlainAction } from "./keys.ts";
import type { Practice } from "./sitting-state.ts";

const text = annotateText.dock;

export type VerdictDockProps = {
  readonly rows: readonly KeyRow[];
  readonly onJudge: (verdict: ShownVerdict) => void;
  readonly onAct: (action: PlainAction) => void;
  readonly hasGuidelines: boolean;
  /** A step is under way: verdicts wait for it. */
  readonly isBusy: boolean;
  readonly last: ShownVerdict | null;
  readonly takenBack: ShownVerdict | null;
  readonly practice: Practice | null;
  /** The last verdict came faster than the two can be read, in so much time. */
  readonly tooFastMs: number | null;
  readonly notice: string | null;
  readonly isDiff: boolean;
  readonly isReasonOpen: boolean;
  readonly hasReason: boolean;
  readonly isFlagged: boolean;
};

const prefers = (side: "left" | "right", strength: "slight" | "clear"): ShownVerdict => ({ kind: "prefers", side, strength });
const words = annotateText.buttons;

export function VerdictDock(props: VerdictDockProps): ReactNode {
  const { takenBack, notice } = props;
  return (
    <div className="dock">
      {notice !== null && (
        <p className="dock-notice" role="status">
          {notice}
        </p>
      )}
      <div className="verdicts" role="group" aria-label={text.label}>
        <Verdict {...props} verdict={prefers("left", "clear")} look="left much" keyId="leftMuch">
          <b>{words.leftMuch}</b>
          <small>{words.much}</small>
        </Verdict>
        <Verdict {...props} verdict={prefers("left", "slight")} look="left" keyId="leftBetter">
          <b>{words.leftBetter}</b>
        </Verdict>
        <div className="between-sides">
          <Verdict {...props} verdict={{ kind: "tie" }} look="" keyId="tie">
            {words.tie}
          </Verdict>
          <Verdict {...props} verdict={{ kind: "bothBad" }} look="" keyId="bothBad">
            {words.bothBad}
          </Verdict>
        </div>
        <Verdict {...props} verdict={prefers("right", "slight")} look="right" keyId="rightBetter">
          <b>{words.rightBetter}</b>
        </Verdict>
        <Verdict {...props} verdict={prefers("right", "clear")} look="right much" keyId="rightMuch">
          <b>{words.rightMuch}</b>
          <small>{words.much}</small>
        </Verdict>
      </div>
      <div className="aside">
        <div className="row">
          <Beside {...props} keyId="undo" action="undo" why={props.isBusy && text.stepping}>
            {text.undo}
          </Beside>
          {takenBack !== null && (
            <Beside {...props} keyId="redo" action="redo" why={props.isBusy && text.stepping}>
              {text.redo}
            </Beside>
          )}
          <span className="small-text ink-3 cut">{receiptOf(props)}</span>
        </div>
        <Button
          className="btn quiet"
          why={props.isBusy && text.stepping}
          onClick={() => {
            props.onJudge({ kind: "skip" });
          }}
        >
          {text.skip} <KeyCap keys={firstCaps(props.rows, "skip", isMac())} />
        </Button>
        <div className="row end">
          {props.hasGuidelines && (
            <Beside {...props} keyId="guidelines" action="guidelines">
              {text.guidelines}
            </Beside>
          )}
          <Beside {...props} keyId="diff" action="diff" isOn={props.isDiff}>
            {text.diff}
          </Beside>
          <Beside {...props} keyId="reason" action="reason" isOn={props.isReasonOpen}>
            {text.reason}
            {props.hasReason && <i className="dot" role="img" aria-label={text.hasReason} />}
          </Beside>
          <Beside {...props} keyId="flag" action="flag" isOn={props.isFlagged}>
            {props.isFlagged ? text.flagged : text.flag}
          </Beside>
          <Beside {...props} keyId="help" action="help">
            {text.keys}
          </Beside>
        </div>
      </div>
    </div>
  );
}

type BesideProps = Pick<VerdictDockProps, "onAct" | "rows"> & {
  readonly keyId: KeyId;
  readonly action: PlainAction;
  /** Of a switch; left out of what is none. */
  readonly isOn?: boolean;
  readonly why?: Why;
  readonly children: ReactNode;
};

function Beside({ onAct, rows, keyId, action, isOn, why, children }: BesideProps): ReactNode {
  return (
    <Button
      className="btn quiet"
      why={why}
      aria-pressed={isOn}
      onClick={() => {
        onAct(action);
      }}
    >
      {children} <KeyCap keys={firstCaps(rows, keyId, isMac())} />
    </Button>
  );
}

type VerdictProps = Pick<VerdictDockProps, "onJudge" | "isBusy" | "takenBack" | "rows"> & {
  readonly verdict: ShownVerdict;
  readonly look: string;
  readonly keyId: KeyId;
  readonly children: ReactNode;
};

function Verdict({ verdict, look, keyId, children, onJudge, isBusy, takenBack, rows }: VerdictProps): ReactNode {
  const wasTaken = takenBack !== null && annotateText.verdict(takenBack) === annotateText.verdict(verdict);
  const cap = (
    <span className="row" aria-hidden="true">
      <KeyCap keys={firstCaps(rows, keyId, isMac())} />
    </span>
  );
  const isRight = look.startsWith("right");
  return (
    <Button
      className={`verdict ${look}${wasTaken ? " was" : ""}`}
      why={isBusy && text.stepping}
      onClick={() => {
        onJudge(verdict);
      }}
    >
      {!isRight && cap}
      <span>{children}</span>
      {isRight && cap}
    </Button>
  );
}

/** "Last: Left is better"; after an undo, what it took back; of a practice item, what is known; of a very fast one, that. */
function receiptOf({ last, takenBack, practice, tooFastMs }: VerdictDockProps): string {
  if (takenBack !== null) return text.takenBack(annotateText.verdict(takenBack));
  if (last === null) return "";
  const receipt = text.last(annotateText.verdict(last));
  if (practice !== null) return `${receipt}. ${text.practice(practice.isRight, annotateText.verdict(practice.known))}`;
  return tooFastMs === null ? receipt : `${receipt}. ${text.tooFast(duration(tooFastMs))}`;
}
