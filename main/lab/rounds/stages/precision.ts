/** Decides once for a run whether a policy is sampled from a base in 8 bits, and keeps what was measured for it. */
import type { EngineOptions } from "#app/domain/device.ts";
import type { Policy } from "#app/domain/policy.ts";
import type { SamplingPrecision, SamplingSettings } from "#app/domain/sampling.ts";
import type { PolicyWeights, SampleUnit } from "#app/rounds/ports.ts";
import { decidePrecision } from "#app/rounds/sampling-precision.ts";
import { insertPrecision, precisionOf } from "#main/store/queries/attempt-precision.ts";
import { policyById } from "#main/store/queries/policies.ts";
import { finishedUnits } from "#main/store/queries/responses.ts";
import { engineOfRun } from "../run-device.ts";
import type { StageRun } from "../stage-run.ts";

export type SettledPrecision = { readonly precision: SamplingPrecision; readonly engine: EngineOptions };

/** `units` are all of the run, so that a run that goes on decides as it began. 8 bits are for the CPU. */
export async function settlePrecision(
  run: StageRun,
  policy: Policy,
  weights: PolicyWeights,
  units: readonly SampleUnit[],
  settings: SamplingSettings,
): Promise<SettledPrecision> {
  const { lab, attempt } = run;
  const { db } = lab.store;
  const decided = settings.precision === "float32" ? undefined : precisionOf(db, attempt.id, policy.id);
  // Begun in 8 bits, it stays where they are, whatever device was chosen since.
  const engine = engineOfRun(lab, attempt.id, decided?.used === "8bit" ? "cpu" : undefined);
  if (decided !== undefined) return { precision: decided.used, engine };
  // What is finished without a decision was sampled in float32, on a device that was left since or failed.
  const isFloat32 = settings.precision === "float32" || engine.device !== "cpu" || finishedUnits(db, attempt.id, policy.id).size > 0;
  return { precision: isFloat32 ? "float32" : await measuredPrecision(run, policy, { policy: weights, settings, units, engine }), engine };
}

type Measurable = Omit<Parameters<StageRun["lab"]["engine"]["measurePrecision"]>[0], "reference">;

async function measuredPrecision({ lab, attempt, signal }: StageRun, policy: Policy, job: Measurable): Promise<SamplingPrecision> {
  const { db } = lab.store;
  const parent = policy.parentId === null ? undefined : policyById(db, policy.parentId);
  const reference = parent === undefined ? null : await lab.checkpoints.prepare(parent, signal);
  const measured = await lab.engine.measurePrecision({ ...job, reference }, lab.checkpoints.tell, signal);
  // Without a token to go by there is nothing to gain either; why a prompt cannot be sampled is told of each.
  if (measured === null) return "float32";
  const used = decidePrecision(measured);
  insertPrecision(db, attempt.id, policy.id, { used, ...measured }, lab.clock.nowMs());
  return used;
}
