/** What a model family is: how its config.json reads, and how llama.cpp stores it. */
import type { ModelConfig } from "./model-config.ts";

/**
 * Metadata of a GGUF file below its architecture's name: `number("attention.head_count")`. A float32 is given as the shortest
 * decimal that it stands for, 0.22 and not 0.2199999988079071.
 */
export type GgufNumbers = {
  /** Throws ConfigError where there is none. */
  number(key: string): number;
  optionalNumber(key: string): number | undefined;
  optionalText(key: string): string | undefined;
  optionalFlag(key: string): boolean | undefined;
};

/** A metadata entry that an export writes, below the architecture's name. */
export type GgufEntry = { readonly key: string; readonly type: "uint32" | "float32" | "string"; readonly value: number | string };

export type GgufForm = {
  /** general.architecture of files that are read; the first is the one that is written. */
  readonly architectures: readonly string[];
  /** llama.cpp's name for each module of a layer by Hugging Face's, beyond those that all families share. */
  readonly modules?: Readonly<Record<string, string>>;
  /** Rows of queries and keys are interleaved within each head. */
  readonly interleavesHeads: boolean;
  /** llama.cpp lets this architecture's layers slide; without it, a file holds as many positions as the smallest window. */
  readonly hasWindows?: true;
  /** Fields of config.json that the metadata determine, beyond those that all families share. */
  readonly configFields?: (
    metadata: GgufNumbers,
    config: { readonly layerCount: number; readonly headSize: number },
  ) => Readonly<Record<string, unknown>>;
  /** Metadata beyond those that all families share. Throws ConfigError for what llama.cpp has no way to say. */
  readonly entries?: (config: ModelConfig) => readonly GgufEntry[];
};

export type Family = {
  /** `model_type` of config.json. */
  readonly modelType: string;
  /** The class of Transformers that loads such a checkpoint. */
  readonly architecture: string;
  /** Throws ConfigError for a variant that the decoder would compute wrongly. */
  readonly parse: (json: unknown, where: string) => ModelConfig;
  readonly gguf: GgufForm;
};
