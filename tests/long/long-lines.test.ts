/** Lines of a megabyte, each of another kind of trouble: ids equal Hugging Face's, in bounded time. */
import { beforeAll, describe, expect, it } from "vitest";
import { createTokenizer, type Tokenizer } from "#app/decoding/tokenizer.ts";
import { openCheckpoint } from "#main/engine/checkpoints/open-checkpoint.ts";
import { tinyTokenizer, TURN_END } from "#main/engine/checkpoints/tiny-tokenizer.ts";
import { fingerprintOf, longLines } from "#tests/support/long-lines.ts";
import { describeWithSmolLm2, smolLm2CacheDir } from "#tests/support/smollm2.ts";

/** A minute a megabyte and more on a busy machine, not an hour: time grows with the line, not with its square. */
const BOUND_MS = 300_000;

describe("the tiny model's tokenizer", () => {
  const tiny = createTokenizer({ tokenizerJson: tinyTokenizer(), tokenizerConfig: { eos_token: TURN_END } });
  it.each(longLines)("splits a megabyte of $name as Hugging Face does", { timeout: BOUND_MS }, (line) => {
    expect(fingerprintOf(tiny.encode(line.text))).toEqual(line.tiny);
  });
});

describeWithSmolLm2("SmolLM2's tokenizer", (path) => {
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    tokenizer = createTokenizer((await openCheckpoint(path, { cacheDir: smolLm2CacheDir() })).tokenizerFiles);
  }, BOUND_MS);
  it.each(longLines)("splits a megabyte of $name as Hugging Face does", { timeout: BOUND_MS }, (line) => {
    expect(fingerprintOf(tokenizer.encode(line.text))).toEqual(line.smollm2);
  });
});
