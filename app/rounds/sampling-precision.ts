/** Whether a policy may be sampled from a base in 8 bits: what that changes, against what training changed. */
import type { SamplingPrecision } from "#app/domain/sampling.ts";
import { engineWords } from "#app/text/engine.ts";

export type PrecisionMeasurement = {
  /** Mean |log p in 8 bits − log p in float32| of the policy, nats a token. */
  readonly gapNats: number;
  /** Mean |log p of the policy − log p of the policy it was trained from|, nats a token; null where it was not trained here. */
  readonly distanceNats: number | null;
  readonly tokenCount: number;
};

/** Rounding may be this share of what training did. */
const MAX_SHARE = 1 / 5;

/** 8 bits unless their gap is more than a fifth of the distance to the reference (docs/math.md, "sampling in 8 bits"). */
export function decidePrecision({ gapNats, distanceNats }: PrecisionMeasurement): SamplingPrecision {
  if (!Number.isFinite(gapNats)) return "float32";
  return distanceNats !== null && !(gapNats <= MAX_SHARE * distanceNats) ? "float32" : "8bit";
}

/** What is to be known of it, in a sentence. */
export function precisionSentence(used: SamplingPrecision, { gapNats, distanceNats }: PrecisionMeasurement): string {
  const { eightBit, float32 } = engineWords.precision;
  return (used === "8bit" ? eightBit : float32)(gapNats, distanceNats);
}
