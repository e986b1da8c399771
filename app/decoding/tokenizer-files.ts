/** What a tokenizer is made from: the parsed files beside a checkpoint, or the same put together from a GGUF header. */

export type TokenizerFiles = {
  /** tokenizer.json; undefined if the checkpoint brings none. */
  readonly tokenizerJson: unknown;
  /** tokenizer_config.json; undefined if there is none. */
  readonly tokenizerConfig: unknown;
  /** The Jinja text of the chat template. */
  readonly chatTemplate?: string;
  /** generation_config.json. */
  readonly generationConfig?: unknown;
  /** config.json, for its end-of-text ids. */
  readonly modelConfig?: unknown;
};
