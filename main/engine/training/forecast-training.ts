/** Says what training would take: two short runs are measured, everything else is counted from graphs. */
import { CancelledError, ConfigError } from "#app/base/errors.ts";
import { idsOrRefusal } from "#app/decoding/tokenizer.ts";
import type { TrainingForecast } from "#app/domain/training-forecast.ts";
import { losses } from "#app/training/losses.ts";
import { bucketOf, packedLength, type TokenPair } from "#app/training/pair-packing.ts";
import { type Calibration, predictBytes, predictMs, type RunCosts, runCosts } from "#app/training/run-cost.ts";
import type { EngineCall } from "#main/engine/process/engine-methods.ts";
import type { LoadedPolicies } from "#main/engine/process/loaded-policies.ts";
import type { EngineMethods } from "#main/engine/process/protocol.ts";
import type { SessionCache } from "#main/engine/runtime/session-cache.ts";
import { trainingSessions } from "#main/engine/runtime/training-sessions.ts";
import { probeTraining } from "./probe-training.ts";
import { traineeOf } from "./trainee.ts";

/** Throws ConfigError where no prompt leaves room for a response, or the chat template refuses them. */
export async function forecastTraining(
  policies: LoadedPolicies,
  sessions: SessionCache,
  params: EngineMethods["forecastTraining"]["params"],
  call: EngineCall<never>,
): Promise<TrainingForecast> {
  const { policy: files, settings, prompts, expectedTokens, mostTokens } = params;
  const [config, tokenizer] = [await policies.configOf(files), await policies.tokenizerOf(files)];
  const { policy } = await traineeOf(policies, { policy: files, settings, seed: 0, baseModelName: "" });
  const runner = { policy, sessions, batch: settings.microBatchSize };
  const calibration = await probeTraining(runner, settings, {
    isCancelled: call.isCancelled,
    breathe: async () => {
      await call.breathe();
      if (call.isCancelled()) throw new CancelledError();
    },
  });
  const maxLength = Math.min(settings.maxLength, config.maxPositions);
  const isOneSided = losses[settings.loss.kind].sides === "chosen";
  const prepared = prompts.map((messages) => idsOrRefusal(() => tokenizer.promptIds(messages)));
  const refusal = prepared.find((ids) => ids instanceof ConfigError);
  const pairsWith = (responseTokens: number): readonly TokenPair[] =>
    prepared.flatMap((promptIds) => {
      if (promptIds instanceof ConfigError) return [];
      const response = new Array<number>(Math.max(0, Math.min(responseTokens, maxLength - promptIds.length))).fill(0);
      return response.length === 0 ? [] : [{ promptIds, chosenIds: response, rejectedIds: isOneSided ? [] : response }];
    });
  const [expected, longest] = [pairsWith(expectedTokens), pairsWith(mostTokens)];
  if (expected.length === 0)
    throw refusal ?? new ConfigError(`expected prompts that leave room for a response in training.maxLength (${maxLength} tokens), got none`);
  const costsOf = costsByBucket(runner.batch, (size) => runCosts(policy.model, size, settings));
  const { msPerPair, referenceMsPerPair } = meanTimes(expected, costsOf, calibration, runner.batch);
  const largest = longest.reduce((most, pair) => (packedLength(pair) > packedLength(most) ? pair : most));
  const sizes = [...new Set([...expected, ...longest].map(costsOf))];
  // Pairs that are measured and never trained on are scored between steps.
  const working = sizes.flatMap(({ train, score }) => (settings.heldOutShare > 0 ? [train.peakBytes, score.peakBytes] : [train.peakBytes]));
  const parameterBytes = [...policy.factors.values()].reduce((sum, numbers) => sum + numbers.byteLength, 0);
  const runsAStep = Math.ceil(settings.batchSize / settings.microBatchSize);
  return {
    msPerPair,
    referenceMsPerPair: losses[settings.loss.kind].reference === "none" ? 0 : referenceMsPerPair,
    memoryBytes: predictBytes(calibration, {
      train: costsOf(largest).train,
      besideBytes: trainingSessions(params.engine.device).bytesBeside(working),
      parameterBytes,
      runsAStep,
    }),
    longestTokens: packedLength(largest),
  };
}

/** Costs of a run of pairs like this one; there are few buckets and many pairs. */
function costsByBucket(batch: number, count: (size: Parameters<typeof runCosts>[1]) => RunCosts): (pair: TokenPair) => RunCosts {
  const known = new Map<string, RunCosts>();
  return (pair) => {
    const bucket = bucketOf(new Array<TokenPair>(batch).fill(pair), batch);
    const key = `${bucket.length}/${bucket.rows}`;
    const costs = known.get(key) ?? count({ batch, bucket });
    known.set(key, costs);
    return costs;
  };
}

function meanTimes(
  pairs: readonly TokenPair[],
  costsOf: (pair: TokenPair) => RunCosts,
  calibration: Calibration,
  batch: number,
): { readonly msPerPair: number; readonly referenceMsPerPair: number } {
  const mean = (side: keyof RunCosts): number =>
    pairs.reduce((sum, pair) => sum + predictMs(calibration, costsOf(pair)[side]), 0) / pairs.length / batch;
  return { msPerPair: mean("train"), referenceMsPerPair: mean("score") };
}
