/** The sizes at which sampling is measured, and what the measuring process reports. */

/** Of the bare decoding graph; the sampler's prompt and new tokens fill no more. */
export const CACHE_LENGTH = 256;
export const NEW_TOKENS = 64;
/** About three tokens each: with the chat template between 128 and 192, so that every step is at a cache of 256. */
export const PROMPT_WORDS = 60;

export type SamplingJob = { readonly model: string; readonly cacheDir: string; readonly threads: number; readonly repeats: number };

export type SamplingRun = {
  readonly rows: number;
  readonly precision: "float32" | "8bit";
  /** Operations of a step's products. */
  readonly flops: number;
  /** Of each step of the bare graph. */
  readonly bareMs: readonly number[];
  /** Tokens a second of the sampler, once a repeat. */
  readonly samplerRates: readonly number[];
  /** Milliseconds of a bare step by kind of op, the longest first. */
  readonly opMs: Readonly<Record<string, number>>;
};

export type SamplingReport = {
  /** Milliseconds of each run of the three products of 32 rows. */
  readonly productRates: number[];
  readonly productFlops: number;
  readonly runs: SamplingRun[];
};
