/** Opens checkpoints and adapters for the calls of the engine; checkpoints stay open, adapters are small and read anew. */
import { ConfigError, DataError, LabError } from "#app/base/errors.ts";
import type { TokenizerFiles } from "#app/decoding/tokenizer-files.ts";
import { createTokenizer, type Tokenizer } from "#app/decoding/tokenizer.ts";
import type { AdapterFactors, AdapterShape } from "#app/models/adapter.ts";
import { adapterTensors } from "#app/models/adapter.ts";
import { weightsFromFiles } from "#app/models/decoder.ts";
import { type ModelConfig, parseModelConfig } from "#app/models/model-config.ts";
import { ropeFrequencies } from "#app/models/rope-tables.kernel.ts";
import { sameShape, shapeText } from "#app/graph/shapes.ts";
import { openCheckpoint, type OpenCheckpoint, type OpenOptions } from "#main/engine/checkpoints/open-checkpoint.ts";
import { type QuantiseHooks, quantiseWeights } from "#main/engine/checkpoints/quantise-weights.ts";
import { readAdapter } from "#main/engine/checkpoints/peft-adapter.ts";
import type { PolicyModel } from "#main/engine/runtime/policy-model.ts";
import type { PolicyFiles } from "./protocol.ts";

export type LoadedAdapter = { readonly shape: AdapterShape; readonly factors: AdapterFactors };

export type LoadedPolicies = {
  /** Opens a checkpoint, or looks again at the files of one that is open. Throws ConfigError or DataError that names it if it cannot be used. */
  open(path: string, options: Pick<OpenOptions, "onProgress" | "signal">): Promise<OpenCheckpoint>;
  /** Opened now if it is not yet. Throws DataError where its content is not the expected one. */
  checkpointOf(files: PolicyFiles): Promise<OpenCheckpoint>;
  tokenizerOf(files: PolicyFiles): Promise<Tokenizer>;
  configOf(files: PolicyFiles): Promise<ModelConfig>;
  adapterOf(files: PolicyFiles): Promise<LoadedAdapter | undefined>;
  /** The policy with its own adapter, or with another one in its place. */
  policyOf(files: PolicyFiles, adapter: LoadedAdapter | undefined): Promise<PolicyModel>;
  /** The policy with its base in 8 bits, quantised now if that has not been done. */
  eightBitPolicyOf(files: PolicyFiles, hooks: QuantiseHooks): Promise<PolicyModel>;
};

export function createLoadedPolicies(cacheDir: string): LoadedPolicies {
  const opened = new Map<string, OpenCheckpoint>();
  const tokenizers = new Map<string, Tokenizer>();
  const open: LoadedPolicies["open"] = async (path, options) => {
    const known = opened.get(path)?.record;
    try {
      const checkpoint = await openCheckpoint(path, { ...options, cacheDir, ...(known === undefined ? {} : { known }) });
      // Without a tokenizer nothing could be sampled: better said now than in the first round.
      if (!tokenizers.has(checkpoint.record.hash)) tokenizers.set(checkpoint.record.hash, makeTokenizer(path, checkpoint.tokenizerFiles));
      opened.set(path, checkpoint);
      return checkpoint;
    } catch (thrown) {
      // Another content under the same path: what is remembered of it is of no use.
      opened.delete(path);
      throw thrown;
    }
  };
  const checkpointOf = async (files: PolicyFiles): Promise<OpenCheckpoint> => {
    const checkpoint = opened.get(files.checkpointPath) ?? (await open(files.checkpointPath, {}));
    if (checkpoint.record.hash !== files.checkpointHash) {
      throw new DataError(`${files.checkpointPath}: expected the checkpoint ${files.checkpointHash}, found ${checkpoint.record.hash}`, {
        path: files.checkpointPath,
      });
    }
    return checkpoint;
  };
  const configOf = async (files: PolicyFiles): Promise<ModelConfig> => parseModelConfig((await checkpointOf(files)).config, files.checkpointPath);
  const adapterOf: LoadedPolicies["adapterOf"] = async (files) =>
    files.adapterPath === null ? undefined : loadAdapter(files.adapterPath, await configOf(files));
  const policyOf: LoadedPolicies["policyOf"] = async (files, adapter) => {
    const { record, tensors } = await checkpointOf(files);
    const config = await configOf(files);
    const shape = adapter?.shape ?? null;
    return {
      key: [record.hash, shape === null ? "bare" : `${shape.rank}/${shape.alpha}/${shape.targets.join(",")}`].join("/"),
      model: { config, weights: weightsFromFiles(tensors), adapter: shape },
      factors: adapter?.factors ?? new Map(),
      frequencies: ropeFrequencies(config),
    };
  };
  return {
    open,
    checkpointOf,
    configOf,
    tokenizerOf: async (files) => {
      const { record } = await checkpointOf(files);
      const tokenizer = tokenizers.get(record.hash);
      if (tokenizer === undefined) throw new Error(`internal: ${files.checkpointPath} is open without its tokenizer`);
      return tokenizer;
    },
    adapterOf,
    policyOf,
    eightBitPolicyOf: async (files, hooks) => {
      const { record, tensors } = await checkpointOf(files);
      const policy = await policyOf(files, await adapterOf(files));
      const quantised = await quantiseWeights(tensors, policy.model.config, { hash: record.hash, cacheDir }, hooks);
      return { ...policy, key: `${policy.key}/8bit`, model: { ...policy.model, quantised } };
    },
  };
}

function makeTokenizer(path: string, files: TokenizerFiles): Tokenizer {
  try {
    return createTokenizer(files);
  } catch (cause) {
    if (!(cause instanceof LabError)) throw cause;
    throw new ConfigError(`${path}: ${cause.message}`, { path }, { cause });
  }
}

/** Throws DataError or ConfigError where the adapter does not fit the model. */
async function loadAdapter(folder: string, config: ModelConfig): Promise<LoadedAdapter> {
  const { rank, alpha, targets, tensors } = await readAdapter(folder);
  const shape = { rank, alpha, targets };
  const expected = adapterTensors(config, shape);
  if (tensors.size !== expected.length)
    throw new ConfigError(
      `${folder}: expected an adapter of ${expected.length} tensors (${config.layerCount} layers, ${targets.join(", ")}), got ${tensors.size}`,
      { folder },
    );
  const factors = expected.map(({ name, shape: wanted }) => {
    const found = tensors.get(name);
    if (found === undefined || !sameShape(found.shape, wanted)) {
      throw new DataError(`${folder}: expected ${name} as ${shapeText(wanted)}, got ${found === undefined ? "none" : shapeText(found.shape)}`, {
        folder,
        name,
      });
    }
    return [name, found.data] as const;
  });
  return { shape, factors: new Map(factors) };
}
