/** The durable checkpoints of a run, newest first, each with its measure; the best is marked. */
import type { ReactNode } from "react";
import type { TrainingRunView } from "#app/contract/training.ts";
import { bytes, clockTime, fixed } from "../design/format.ts";
import { trainingText } from "../text/training.ts";

const text = trainingText.checkpoints;
/** Older ones are of no use on the screen, where they are kept at all. */
const SHOWN = 6;

export type CheckpointsProps = {
  readonly run: TrainingRunView;
  /** Its training is done. */
  readonly isOver: boolean;
};

export function Checkpoints({ run, isOver }: CheckpointsProps): ReactNode {
  const newest = run.checkpoints.toReversed();
  const shown = newest.filter((checkpoint, i) => i < SHOWN || checkpoint.isBest || checkpoint.step === run.kept?.step);
  return (
    <section aria-label={text.title} className="checkpoints">
      <div className="head">
        <h2>{text.title}</h2>
        <span className="sub">{text.sub(run.checkpointEverySteps)}</span>
      </div>
      {shown.length === 0 ? (
        <p className="ink-2">{isOver ? text.noneKept : text.none(run.checkpointEverySteps)}</p>
      ) : (
        <>
          <table className="table">
            <thead>
              <tr>
                <th>{text.columns.step}</th>
                <th>{text.columns.at}</th>
                <th className="number">{text.columns.loss}</th>
                <th className="number">{text.columns.size}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {shown.map((checkpoint) => (
                <tr key={checkpoint.step}>
                  <td className="strong">{text.step(checkpoint.step)}</td>
                  <td className="ink-3">{clockTime(checkpoint.atMs)}</td>
                  <td className="number">{checkpoint.loss === null ? "" : fixed(3)(checkpoint.loss)}</td>
                  <td className="number ink-3">{bytes(checkpoint.sizeBytes)}</td>
                  <td className="mark">
                    <Mark isKept={checkpoint.step === run.kept?.step} isBest={checkpoint.isBest} isOver={isOver} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="small-text ink-3">{text.measure(run.measure)}</p>
        </>
      )}
    </section>
  );
}

type MarkProps = { readonly isKept: boolean; readonly isBest: boolean; readonly isOver: boolean };

function Mark({ isKept, isBest, isOver }: MarkProps): ReactNode {
  if (isKept) return <span className="tag chosen">{text.kept}</span>;
  return isBest ? <span className="tag chosen">{text.best(isOver)}</span> : null;
}
