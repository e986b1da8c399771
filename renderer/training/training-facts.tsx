/** How far a training run is, and what it takes: steps, time, memory, the last durable checkpoint. */
import type { ReactNode } from "react";
import type { TrainingRunView } from "#app/contract/training.ts";
import type { RoundView } from "#app/contract/views.ts";
import { STAGE_COUNT } from "#app/domain/stage-counts.ts";
import { bytes, clockTime, count, duration, span } from "../design/format.ts";
import { ProgressBar } from "../design/progress-bar.tsx";
import type { MetricRow } from "../lab-client/apply-event.ts";
import { trainingText as text } from "../text/training.ts";
import { lastOf } from "./curves.ts";

export type TrainingFactsProps = { readonly round: RoundView; readonly run: TrainingRunView; readonly rows: readonly MetricRow[] };

export function TrainingFacts({ round, run, rows }: TrainingFactsProps): ReactNode {
  const stage = round.stages.find((one) => one.stage === "train");
  if (stage === undefined) return null;
  const step = Math.max(rows.at(-1)?.step ?? 0, stage.state === "done" ? stage.unitsDone : 0);
  const memory = lastOf(rows, "memory_bytes");
  const checkpoint = run.checkpoints.at(-1);
  const references = stage.counts[STAGE_COUNT.references];
  const isDone = stage.state === "done";
  return (
    <section className="training-facts" aria-label={text.progress}>
      <p className="large-figure figures">
        {count(step)} <small>{stage.unitsTotal === null || isDone ? text.steps : text.ofSteps(stage.unitsTotal)}</small>
      </p>
      <div className="grow">
        <ProgressBar label={text.title} done={step} total={isDone ? step : (stage.unitsTotal ?? 0)} isResting={!round.isRunning && !isDone} />
        {step === 0 && round.isRunning && references !== undefined && <p className="small-text ink-2">{text.references(count(references))}</p>}
      </div>
      <dl>
        {round.isRunning && !isDone && (
          <Fact name={text.facts.left}>{stage.remainingMs === null ? text.notKnown : text.about(span(stage.remainingMs))}</Fact>
        )}
        <Fact name={isDone ? text.facts.took : text.facts.running}>{duration(stage.activeMs)}</Fact>
        {memory !== undefined && <Fact name={text.facts.memory}>{bytes(memory)}</Fact>}
        <Fact name={text.facts.checkpoint}>
          {checkpoint === undefined ? (isDone ? text.noneKept : text.noCheckpoint) : text.atStep(checkpoint.step, clockTime(checkpoint.atMs))}
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="figures">{children}</dd>
    </div>
  );
}
