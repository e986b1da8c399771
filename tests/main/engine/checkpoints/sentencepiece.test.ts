/** SentencePiece vocabularies of GGUF files: SentencePiece's own ids and texts (tests/golden/checkpoints/make-sentencepiece.py). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createTokenizer } from "#app/decoding/tokenizer.ts";
import { readGguf } from "#main/engine/checkpoints/gguf-file.ts";
import { addsSpace, scoresFromMerges } from "#main/engine/checkpoints/gguf-spm.ts";
import { tokenizerFilesOf } from "#main/engine/checkpoints/gguf-tokenizer.ts";

const GOLDEN = join(import.meta.dirname, "..", "..", "..", "golden", "checkpoints");

type Expected = {
  readonly texts: readonly string[];
  readonly withSpace: { readonly ids: readonly (readonly number[])[]; readonly decoded: readonly string[] };
  readonly withoutSpace: { readonly ids: readonly (readonly number[])[]; readonly decoded: readonly string[] };
};
const expected = JSON.parse(readFileSync(join(GOLDEN, "sentencepiece.json"), "utf8")) as Expected;

describe.each([
  ["with-space", "withSpace"],
  ["without-space", "withoutSpace"],
] as const)("a vocabulary %s before texts", (file, key) => {
  const path = join(GOLDEN, `sentencepiece-${file}.gguf`);

  it("gives SentencePiece's ids", async () => {
    const tokenizer = createTokenizer(tokenizerFilesOf(path, (await readGguf(path)).metadata));
    for (const [i, text] of expected.texts.entries()) expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(expected[key].ids[i]);
  });

  it("gives the texts back, to the byte", async () => {
    const tokenizer = createTokenizer(tokenizerFilesOf(path, (await readGguf(path)).metadata));
    for (const [i, ids] of expected[key].ids.entries())
      expect(tokenizer.decode(ids), JSON.stringify(expected.texts[i])).toBe(expected[key].decoded[i]);
  });

  it("keeps its order of joining through scores", async () => {
    const { metadata } = await readGguf(path);
    const { tokenizerJson } = tokenizerFilesOf(path, metadata);
    const { model, normalizer } = tokenizerJson as { readonly model: { readonly merges: [string, string][] }; readonly normalizer: unknown };
    const tokens = metadata.get("tokenizer.ggml.tokens") as readonly string[];
    const scores = scoresFromMerges(tokens, model.merges);
    const rank = (pair: readonly [string, string]): number => scores[tokens.indexOf(pair.join(""))] ?? Number.NaN;
    for (let i = 1; i < model.merges.length; i++) {
      const [before, after] = [model.merges[i - 1], model.merges[i]];
      if (before === undefined || after === undefined || before.join("") === after.join("")) continue;
      expect(rank(before)).toBeGreaterThan(rank(after));
    }
    expect(addsSpace(normalizer, null)).toBe(key === "withSpace");
  });
});
