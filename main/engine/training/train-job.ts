/** A training job from its files to its files: pairs prepared, adapter started or gone on with, checkpoints and result written. */
import { join } from "node:path";
import { ConfigError, TrainingError } from "#app/base/errors.ts";
import type { AdapterSettings } from "#app/domain/training.ts";
import { type AdapterFactors, adapterTensors, initialFactors } from "#app/models/adapter.ts";
import type { ModelConfig } from "#app/models/model-config.ts";
import { needsFirstPolicy } from "#app/training/losses.ts";
import { writeAdapter } from "#main/engine/checkpoints/peft-adapter.ts";
import type { EngineCall } from "#main/engine/process/engine-methods.ts";
import type { LoadedAdapter, LoadedPolicies } from "#main/engine/process/loaded-policies.ts";
import type { EngineCheckpointJob, EngineMethods, EngineTrainEvent, EngineTrainJob } from "#main/engine/process/protocol.ts";
import type { SessionCache } from "#main/engine/runtime/session-cache.ts";
import { preparePairs } from "./prepare-pairs.ts";
import { readFactors, readStateFolder, writeStateFolder } from "./state-folder.ts";
import type { PairRunner } from "./pair-runs.ts";
import { stepCountOf, trainAdapter } from "./train-adapter.ts";

export async function runTrainJob(
  policies: LoadedPolicies,
  sessions: SessionCache,
  job: EngineTrainJob,
  call: EngineCall<EngineTrainEvent>,
): Promise<EngineMethods["train"]["result"]> {
  const { settings, policy: files } = job;
  const [config, tokenizer] = [await policies.configOf(files), await policies.tokenizerOf(files)];
  const { pairs, dropped } = preparePairs(job.pairs, (pair) => tokenizer.promptIds(pair.messages), {
    maxLength: Math.min(settings.maxLength, config.maxPositions),
    loss: settings.loss.kind,
  });
  if (pairs.length === 0)
    throw new TrainingError(
      `expected pairs to train on, all ${job.pairs.length} were dropped; the first: ${dropped[0]?.reason ?? "there were none"}`,
    );
  const stepCount = stepCountOf(pairs.length, settings);
  call.emit({ kind: "started", stepCount, pairCount: pairs.length, droppedPairs: dropped });
  const adapter = startingAdapter(config, await policies.adapterOf(files), settings.adapter, job.seed);
  const policy = await policies.policyOf(files, adapter);
  const resumed = job.resume === null ? undefined : await readStateFolder(job.resume.folder, job.resume.step, adapter.factors, pairs.length);
  const state = await trainAdapter(
    {
      runner: { policy, sessions, batch: settings.microBatchSize },
      ...(await firstRunnerOf(policies, sessions, job)),
      pairs,
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
  return { adapterFolder: await writeResult(job, config, adapter, state.factors), stepCount };
}

/** Writes the adapter of a checkpoint as a run that ended there would have. Throws DataError where the checkpoint is another run's. */
export async function adapterOfCheckpoint(policies: LoadedPolicies, job: EngineCheckpointJob): Promise<EngineMethods["adapterAt"]["result"]> {
  const config = await policies.configOf(job.policy);
  const shape = (await policies.adapterOf(job.policy))?.shape ?? job.adapter;
  const factors = await readFactors(job.folder, job.step, initialFactors(config, shape, 0));
  return { adapterFolder: await writeResult(job, config, { shape, factors }, factors) };
}

/** Only where the loss measures against the first policy, and that is not the round's. Throws ConfigError where the job names none. */
async function firstRunnerOf(
  policies: LoadedPolicies,
  sessions: SessionCache,
  { settings, policy, firstPolicy }: EngineTrainJob,
): Promise<{ readonly firstRunner?: PairRunner }> {
  if (!needsFirstPolicy(settings.loss)) return {};
  if (firstPolicy === undefined)
    throw new ConfigError(`the loss ${settings.loss.kind} measures against the experiment's first policy; expected it in the job, got none`);
  if (firstPolicy.checkpointHash === policy.checkpointHash && firstPolicy.adapterPath === policy.adapterPath) return {};
  return {
    firstRunner: { policy: await policies.policyOf(firstPolicy, await policies.adapterOf(firstPolicy)), sessions, batch: settings.microBatchSize },
  };
}

/** The adapter of the round, which the next policy starts from; a bare checkpoint starts one that changes nothing. */
function startingAdapter(config: ModelConfig, own: LoadedAdapter | undefined, settings: AdapterSettings, seed: number): LoadedAdapter {
  if (own === undefined) return { shape: settings, factors: initialFactors(config, settings, seed) };
  const { rank, alpha, targets } = own.shape;
  const isSame =
    rank === settings.rank &&
    alpha === settings.alpha &&
    new Set(targets).size === settings.targets.length &&
    settings.targets.every((target) => targets.includes(target));
  if (!isSame) {
    throw new ConfigError(
      `expected the adapter settings of the round's policy (rank ${rank}, alpha ${alpha}, ${targets.join(", ")}), as training goes on from its adapter; got rank ${settings.rank}, alpha ${settings.alpha}, ${settings.targets.join(", ")}`,
    );
  }
  return own;
}

async function writeResult(
  job: Pick<EngineTrainJob, "scratch" | "baseModelName">,
  config: ModelConfig,
  { shape }: LoadedAdapter,
  factors: AdapterFactors,
): Promise<string> {
  const folder = join(job.scratch, "adapter");
  const tensors = new Map(
    adapterTensors(config, shape).map((tensor) => [tensor.name, { shape: tensor.shape, data: factors.get(tensor.name) ?? new Float32Array() }]),
  );
  await writeAdapter(folder, { ...shape, baseModelName: job.baseModelName, tensors });
  return folder;
}
