/** A training job from its files to its files: pairs prepared, training begun or gone on with, checkpoints and result written. */
import { join } from "node:path";
import { ConfigError, TrainingError } from "#app/base/errors.ts";
import type { TrainingPair } from "#app/rounds/ports.ts";
import { MIN_HELD_OUT_PROMPTS } from "#app/training/held-out.ts";
import { needsFirstPolicy } from "#app/training/losses.ts";
import type { TrainablePair } from "#app/training/pair-packing.ts";
import type { EngineCall } from "#main/engine/process/engine-methods.ts";
import type { LoadedPolicies } from "#main/engine/process/loaded-policies.ts";
import type { EngineCheckpointJob, EngineMethods, EngineTrainEvent, EngineTrainJob, TrainedFolder } from "#main/engine/process/protocol.ts";
import type { SessionCache } from "#main/engine/runtime/session-cache.ts";
import { type PreparedPairs, preparePairs } from "./prepare-pairs.ts";
import { readFactors, readStateFolder, writeStateFolder } from "./state-folder.ts";
import type { LoadedRunner } from "./pair-runs.ts";
import { stepCountOf, trainAdapter } from "./train-adapter.ts";
import { traineeOf } from "./trainee.ts";

export async function runTrainJob(
  policies: LoadedPolicies,
  sessions: SessionCache,
  job: EngineTrainJob,
  call: EngineCall<EngineTrainEvent>,
): Promise<EngineMethods["train"]["result"]> {
  const { settings, policy: files } = job;
  const [config, tokenizer] = [await policies.configOf(files), await policies.tokenizerOf(files)];
  const prepare = (given: readonly TrainingPair[]): PreparedPairs =>
    preparePairs(given, (pair) => tokenizer.promptIds(pair.messages), {
      maxLength: Math.min(settings.maxLength, config.maxPositions),
      loss: settings.loss.kind,
    });
  const { pairs, dropped } = prepare(job.pairs);
  const heldOutPairs = enoughToMeasure(prepare(job.heldOutPairs ?? []).pairs);
  if (pairs.length === 0)
    throw new TrainingError(
      `expected pairs to train on, all ${job.pairs.length} were dropped; the first: ${dropped[0]?.reason ?? "there were none"}`,
    );
  const stepCount = stepCountOf(pairs.length, settings);
  call.emit({ kind: "started", stepCount, pairCount: pairs.length, heldOutCount: heldOutPairs.length, droppedPairs: dropped });
  const trainee = await traineeOf(policies, job);
  const resumed = job.resume === null ? undefined : await readStateFolder(job.resume.folder, job.resume.step, trainee.policy.factors, pairs.length);
  const state = await trainAdapter(
    {
      runner: { policy: trainee.policy, sessions, batch: settings.microBatchSize },
      ...(await firstRunnerOf(policies, sessions, job)),
      pairs,
      heldOutPairs,
      settings,
      seed: job.seed,
      resumed,
    },
    {
      referenceScored: (done, total) => call.emit({ kind: "referenceScored", done, total }),
      stepDone: (step, values) => call.emit({ kind: "step", step, values }),
      save: async (saved) => {
        const folder = join(job.scratch, `checkpoint-${saved.step}`);
        await writeStateFolder(folder, saved);
        call.emit({ kind: "checkpointWritten", step: saved.step, folder });
      },
      isCancelled: call.isCancelled,
      breathe: call.breathe,
    },
  );
  return { trained: await trainee.write(state.factors, job.scratch), stepCount };
}

/** All of them, or none where what is left has too few prompts to say anything. */
function enoughToMeasure(pairs: readonly TrainablePair[]): readonly TrainablePair[] {
  return new Set(pairs.map((pair) => pair.promptIds.join())).size < MIN_HELD_OUT_PROMPTS ? [] : pairs;
}

/** Writes the weights of a checkpoint as a run that ended there would have. Throws DataError where the checkpoint is another run's. */
export async function trainedAtCheckpoint(policies: LoadedPolicies, job: EngineCheckpointJob): Promise<TrainedFolder> {
  const trainee = await traineeOf(policies, { ...job, seed: 0 });
  return await trainee.write(await readFactors(job.folder, job.step, trainee.policy.factors), job.scratch);
}

/** Only where the loss measures against the first policy, and that is not the round's. Throws ConfigError where the job names none. */
async function firstRunnerOf(
  policies: LoadedPolicies,
  sessions: SessionCache,
  { settings, policy, firstPolicy }: EngineTrainJob,
): Promise<{ readonly firstRunner?: LoadedRunner }> {
  if (!needsFirstPolicy(settings.loss)) return {};
  if (firstPolicy === undefined)
    throw new ConfigError(`the loss ${settings.loss.kind} measures against the experiment's first policy; expected it in the job, got none`);
  if (firstPolicy.checkpointHash === policy.checkpointHash && firstPolicy.adapterPath === policy.adapterPath) return {};
  return {
    firstRunner: { policy: await policies.policyOf(firstPolicy, await policies.adapterOf(firstPolicy)), sessions, batch: settings.microBatchSize },
  };
}
