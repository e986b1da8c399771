/** Opens the tiny checkpoints of tests/golden with a reader of its own, so that two readers must agree. */
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import type { TensorLocation } from "#app/graph/types.ts";
import type { AdapterFactors, AdapterShape } from "#app/models/adapter.ts";
import { LINEAR_MODULES } from "#app/models/checkpoint-tensors.ts";
import { weightsFromFiles, weightsFromInputs } from "#app/models/decoder.ts";
import { parseModelConfig } from "#app/models/model-config.ts";
import { ropeFrequencies } from "#app/models/rope-tables.kernel.ts";
import type { PolicyModel } from "#main/engine/runtime/policy-model.ts";

export const GOLDEN_VARIANTS = ["tied", "biased", "scaled"] as const;
/** One checkpoint a model family beside Llama: tests/golden/make-tiny-families.py. */
export const GOLDEN_FAMILIES = ["mistral", "smollm3", "qwen2", "qwen3", "gemma3", "granite"] as const;
export type GoldenFamily = (typeof GOLDEN_FAMILIES)[number];
export type GoldenVariant = (typeof GOLDEN_VARIANTS)[number] | GoldenFamily;

export type GoldenPair = { readonly prompt: readonly number[]; readonly chosen: readonly number[]; readonly rejected: readonly number[] };

export type GoldenExpected = {
  readonly prompt: readonly number[];
  readonly logits: readonly (readonly number[])[];
  readonly greedy: readonly number[];
  readonly pairs: readonly GoldenPair[];
  readonly pairLogps: readonly { readonly chosen: readonly number[]; readonly rejected: readonly number[] }[];
  readonly adapterLogits: readonly number[];
  readonly fullTraining: { readonly learningRate: number; readonly steps: readonly { readonly loss: number; readonly grad_norm: number }[] };
  readonly training: {
    readonly beta: number;
    readonly sftWeight: number;
    readonly learningRate: number;
    readonly warmupSteps: number;
    readonly maxGradNorm: number;
    readonly weightDecay: number;
    readonly steps: readonly { readonly loss: number; readonly grad_norm: number; readonly learning_rate: number }[];
    readonly firstGradients: Readonly<Record<string, readonly number[]>>;
    readonly finalLogits: readonly number[];
  };
};

export const GOLDEN_ADAPTER: AdapterShape = { rank: 3, alpha: 6, targets: LINEAR_MODULES };

export function goldenFolder(variant: GoldenVariant): string {
  const isFamily = GOLDEN_FAMILIES.some((family) => family === variant);
  return join(import.meta.dirname, "..", "golden", isFamily ? `families/${variant}` : `tiny-llama-${variant}`);
}

export function goldenExpected(variant: GoldenVariant): GoldenExpected {
  return JSON.parse(readFileSync(join(goldenFolder(variant), "expected.json"), "utf8")) as GoldenExpected;
}

export function goldenPolicy(variant: GoldenVariant, withAdapter: boolean): PolicyModel {
  const folder = goldenFolder(variant);
  const config = parseModelConfig(JSON.parse(readFileSync(join(folder, "config.json"), "utf8")), variant);
  return {
    key: `${variant}/${withAdapter}`,
    model: { config, weights: weightsFromFiles(tensorsOf(join(folder, "model.safetensors"))), adapter: withAdapter ? GOLDEN_ADAPTER : null },
    factors: withAdapter ? goldenFactors(variant) : new Map(),
    frequencies: ropeFrequencies(config),
  };
}

/** All weights as inputs: what full fine-tuning trains. */
export function goldenFullPolicy(variant: GoldenVariant): PolicyModel {
  const { model, frequencies } = goldenPolicy(variant, false);
  return {
    key: `${variant}/full`,
    model: { ...model, weights: weightsFromInputs },
    factors: readTensors(join(goldenFolder(variant), "model.safetensors")),
    frequencies,
  };
}

export function goldenFactors(variant: GoldenVariant): AdapterFactors {
  return readTensors(join(goldenFolder(variant), "adapter", "adapter_model.safetensors"));
}

export type GoldenGradients = {
  readonly beta: number;
  readonly losses: { readonly full: number; readonly adapter: number };
  /** By the checkpoint's names, and by PEFT's. */
  readonly full: AdapterFactors;
  readonly adapter: AdapterFactors;
};

/** The mean DPO loss over the golden pairs at step 0, and its gradients. */
export function goldenGradients(family: GoldenFamily): GoldenGradients {
  const folder = goldenFolder(family);
  const { beta, losses } = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as Pick<GoldenGradients, "beta" | "losses">;
  return {
    beta,
    losses,
    full: readTensors(join(folder, "gradients.safetensors")),
    adapter: readTensors(join(folder, "adapter", "gradients.safetensors")),
  };
}

function readTensors(path: string): AdapterFactors {
  const bytes = readFileSync(path);
  return new Map(
    [...tensorsOf(path)].map(([name, { offset, length }]) => [
      name,
      new Float32Array(bytes.buffer.slice(bytes.byteOffset + offset, bytes.byteOffset + offset + length)),
    ]),
  );
}

function tensorsOf(path: string): ReadonlyMap<string, TensorLocation> {
  const file = openSync(path, "r");
  const size = Buffer.alloc(8);
  readSync(file, size);
  const header = Buffer.alloc(Number(size.readBigUInt64LE()));
  readSync(file, header);
  closeSync(file);
  const entries = JSON.parse(header.toString("utf8")) as Record<string, { readonly shape: number[]; readonly data_offsets: [number, number] }>;
  return new Map(
    Object.entries(entries)
      .filter(([name]) => name !== "__metadata__")
      .map(
        ([
          name,
          {
            shape,
            data_offsets: [start, end],
          },
        ]) => [name, { path, offset: 8 + header.length + start, length: end - start, shape, dataType: "float32" as const }],
      ),
  );
}
