/** Decides once for a run whether a policy is sampled from a base in 8 bits, and keeps what was measured for it. */
import type { Policy } from "#app/domain/policy.ts";
import type { SamplingPrecision, SamplingSettings } from "#app/domain/sampling.ts";
import type { PolicyWeights, SampleUnit } from "#app/rounds/ports.ts";
import { decidePrecision } from "#app/rounds/sampling-precision.ts";
import { insertPrecision, precisionOf } from "#main/store/queries/attempt-precision.ts";
import { policyById } from "#main/store/queries/policies.ts";
import { engineOfRun } from "../run-device.ts";
import type { StageRun } from "../stage-run.ts";

/** So many of the run's units are sampled for the measurement. */
const MEASURED_UNITS = 16;

/** `units` are all of the run, so that a run that goes on decides as it began. 8 bits are for the CPU. */
export async function settlePrecision(
  { lab, attempt, signal }: StageRun,
  policy: Policy,
  weights: PolicyWeights,
  units: readonly SampleUnit[],
  settings: SamplingSettings,
): Promise<SamplingPrecision> {
  const { db } = lab.store;
  const engine = engineOfRun(lab, attempt.id);
  if (settings.precision === "float32" || engine.device !== "cpu") return "float32";
  const decided = precisionOf(db, attempt.id, policy.id);
  if (decided !== undefined) return decided.used;
  const parent = policy.parentId === null ? undefined : policyById(db, policy.parentId);
  const reference = parent === undefined ? null : await lab.checkpoints.prepare(parent, signal);
  const job = { policy: weights, reference, settings, units: units.slice(0, MEASURED_UNITS), engine };
  const measured = await lab.engine.measurePrecision(job, lab.checkpoints.tell, signal);
  const used = decidePrecision(measured);
  insertPrecision(db, attempt.id, policy.id, { used, ...measured }, lab.clock.nowMs());
  return used;
}
