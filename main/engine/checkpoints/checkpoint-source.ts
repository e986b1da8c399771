/** What the readers of Hugging Face folders and GGUF files have in common: a checkpoint as it lies on disk. */
import type { TokenizerFiles } from "#app/decoding/tokenizer-files.ts";
import type { Shape } from "#app/graph/types.ts";
import type { WeightFormat } from "./weight-formats.ts";

export type StoredTensor = {
  /** Of the file, symbolic links followed. */
  readonly path: string;
  readonly offset: number;
  readonly length: number;
  readonly shape: Shape;
  readonly format: WeightFormat;
  /** Heads whose rotary halves llama.cpp interleaved; null for rows in their usual order. */
  readonly interleavedHeads: number | null;
  /** By how much every stored number is larger than the checkpoint's: llama.cpp adds the 1 to norms that Gemma leaves out. */
  readonly storedOffset: 0 | 1;
};

export type WeightFile = {
  /** Symbolic links followed. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  readonly headerBytes: Uint8Array;
};

export type CheckpointSource = {
  /** Absolute, as the user named it. */
  readonly path: string;
  /** Where the configuration stands, for messages. */
  readonly configPlace: string;
  /** In the form of a Hugging Face config.json. */
  readonly config: unknown;
  /** The text part of a model that also sees pictures. */
  readonly isTextPart: boolean;
  readonly tokenizerFiles: TokenizerFiles;
  /** Configuration and tokenizer texts by file name: part of what the checkpoint is. */
  readonly descriptions: ReadonlyMap<string, string>;
  readonly weightFiles: readonly WeightFile[];
  /** By Hugging Face names. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
};
