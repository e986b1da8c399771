/** What a job trains: an adapter beside its checkpoint, or all weights; where it starts, and how the result is written. */
import { join } from "node:path";
import { ConfigError } from "#app/base/errors.ts";
import type { AdapterSettings } from "#app/domain/training.ts";
import { elementCount } from "#app/graph/shapes.ts";
import { type AdapterFactors, adapterTensors, initialFactors } from "#app/models/adapter.ts";
import { weightsFromInputs } from "#app/models/decoder.ts";
import type { ModelConfig } from "#app/models/model-config.ts";
import { mergedRows } from "#main/engine/checkpoints/export/merged-rows.ts";
import { writeTrainedCheckpoint } from "#main/engine/checkpoints/export/write-hugging-face.ts";
import type { OpenCheckpoint } from "#main/engine/checkpoints/open-checkpoint.ts";
import { writeAdapter } from "#main/engine/checkpoints/peft-adapter.ts";
import type { LoadedAdapter, LoadedPolicies } from "#main/engine/process/loaded-policies.ts";
import type { EngineTrainJob, TrainedFolder } from "#main/engine/process/protocol.ts";
import type { PolicyModel } from "#main/engine/runtime/policy-model.ts";

export type Trainee = {
  /** Its factors are what training changes, as they are at the start. */
  readonly policy: PolicyModel;
  /** Writes a folder of its own in `scratch`. */
  write(factors: AdapterFactors, scratch: string): Promise<TrainedFolder>;
};

export type TraineeJob = Pick<EngineTrainJob, "policy" | "seed" | "baseModelName"> & {
  readonly settings: Pick<EngineTrainJob["settings"], "trains" | "adapter">;
};

/** Throws ConfigError where the settings do not fit the policy. */
export async function traineeOf(policies: LoadedPolicies, job: TraineeJob): Promise<Trainee> {
  const { trains } = job.settings;
  switch (trains) {
    case "adapter":
      return await adapterTrainee(policies, job);
    case "allWeights":
      return await allWeightsTrainee(policies, job);
    default:
      return trains satisfies never;
  }
}

async function adapterTrainee(policies: LoadedPolicies, { policy: files, settings, seed, baseModelName }: TraineeJob): Promise<Trainee> {
  const config = await policies.configOf(files);
  const { isTextPart } = await policies.checkpointOf(files);
  const adapter = startingAdapter(config, await policies.adapterOf(files), settings.adapter, seed);
  return {
    policy: await policies.policyOf(files, adapter),
    write: async (factors, scratch) => {
      const folder = join(scratch, "adapter");
      const tensors = adapterTensors(config, adapter.shape).map(
        ({ name, shape }) => [name, { shape, data: factors.get(name) ?? new Float32Array() }] as const,
      );
      await writeAdapter(folder, { ...adapter.shape, baseModelName, isOfTextPart: isTextPart, tensors: new Map(tensors) });
      return { kind: "adapter", folder };
    },
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

/** All weights are inputs of the graph, so that each has a gradient; they are in memory four times, with moments and gradients. */
async function allWeightsTrainee(policies: LoadedPolicies, { policy: files }: TraineeJob): Promise<Trainee> {
  if (files.adapterPath !== null)
    throw new ConfigError(
      "expected a policy without an adapter to train all weights of, as its adapter must be merged first; got one with an adapter",
    );
  const checkpoint = await policies.checkpointOf(files);
  const bare = await policies.policyOf(files, undefined);
  return {
    policy: {
      ...bare,
      key: `${bare.key}/all`,
      model: { ...bare.model, weights: weightsFromInputs },
      factors: await readWeights(checkpoint),
    },
    write: async (factors, scratch) => {
      const folder = join(scratch, "checkpoint");
      const tensors = [...checkpoint.tensors].map(([name, { shape }]) => [name, { shape, data: factors.get(name) ?? new Float32Array() }] as const);
      await writeTrainedCheckpoint(folder, checkpoint, new Map(tensors));
      return { kind: "checkpoint", folder };
    },
  };
}

async function readWeights({ tensors }: OpenCheckpoint): Promise<AdapterFactors> {
  const read: [string, Float32Array][] = [];
  for (const [name, { shape }] of tensors) {
    const weights = new Float32Array(elementCount(shape));
    let done = 0;
    for await (const rows of mergedRows({ tensors, adapter: undefined }, name)) {
      weights.set(rows, done);
      done += rows.length;
    }
    read.push([name, weights]);
  }
  return new Map(read);
}
