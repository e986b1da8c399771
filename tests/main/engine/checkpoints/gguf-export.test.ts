/** GGUF files that the lab writes: their bytes by the gguf package's quantisers, and what opens again from them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createTokenizer } from "#app/decoding/tokenizer.ts";
import { parseModelConfig } from "#app/models/model-config.ts";
import { WRITE_FORMATS } from "#main/engine/checkpoints/export/write-formats.ts";
import { writeGgufFile } from "#main/engine/checkpoints/export/write-gguf.ts";
import { PRE_TOKENIZERS, preTokenizerName } from "#main/engine/checkpoints/gguf-pre-tokenizers.ts";
import { readGguf } from "#main/engine/checkpoints/gguf-file.ts";
import { spmParts } from "#main/engine/checkpoints/gguf-spm.ts";
import { openCheckpoint, type OpenCheckpoint } from "#main/engine/checkpoints/open-checkpoint.ts";
import { writeTinyModel } from "#main/engine/checkpoints/tiny-model.ts";
import { TINY_VOCABULARY } from "#main/engine/checkpoints/tiny-tokenizer.ts";
import { GOLDEN_FAMILIES, goldenFolder } from "#tests/support/golden-llama.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { numbersAt } from "./stored-weights.ts";

const quiet = { onBytes: () => undefined, isCancelled: () => false, breathe: () => Promise.resolve() };
const golden = JSON.parse(readFileSync(join(import.meta.dirname, "..", "..", "..", "golden", "checkpoints", "quantise.json"), "utf8")) as Readonly<
  Record<string, string>
>;

const bytesOf = (name: string): Uint8Array => Uint8Array.from(Buffer.from(golden[name] ?? "", "base64"));

describe("weights in a GGUF file", () => {
  it.each(["f16", "bf16", "q8_0"] as const)("have the bits of the gguf package in %s", (precision) => {
    const weights = new Float32Array(bytesOf("weights").buffer);
    const format = WRITE_FORMATS[precision];
    const out = new Uint8Array((weights.length / format.blockWeights) * format.blockBytes);
    format.encode(weights, out);
    expect([...out]).toEqual([...bytesOf(format.name)]);
  });
});

async function exported(
  source: string,
  precision: "f32" | "f16" | "q8_0",
  home: string,
): Promise<{ readonly before: OpenCheckpoint; readonly after: OpenCheckpoint }> {
  const before = await openCheckpoint(source, { cacheDir: join(home, "cache") });
  const path = join(home, `${precision}.gguf`);
  await writeGgufFile(path, before, { tensors: before.tensors, adapter: undefined }, precision, quiet);
  return { before, after: await openCheckpoint(path, { cacheDir: join(home, "cache") }) };
}

describe("a pre-tokenizer", () => {
  it.each([...PRE_TOKENIZERS])("%s is written under a name that means the same", (name, { preTokenizer, ignoresMerges }) => {
    expect(preTokenizerName(preTokenizer, ignoresMerges)).toBe(name === "refact" ? "smollm" : name);
  });
});

describe("a GGUF file of the lab's", () => {
  it("opens again as the same model, tokenizer and chat template", async () => {
    const home = tempFolder();
    await writeTinyModel(join(home, "model"), { seed: 3 });
    const { before, after } = await exported(join(home, "model"), "f32", home);
    expect(parseModelConfig(after.config, "")).toEqual(parseModelConfig(before.config, ""));
    for (const [name, location] of before.tensors) {
      const again = after.tensors.get(name);
      expect(again === undefined ? [] : [...numbersAt(again)], name).toEqual([...numbersAt(location)]);
    }
    const [one, other] = [createTokenizer(before.tokenizerFiles), createTokenizer(after.tokenizerFiles)];
    const chat = [{ role: "user" as const, content: "the end, and 12 others…" }];
    expect(other.promptIds(chat)).toEqual(one.promptIds(chat));
    expect(other.eosIds).toEqual(one.eosIds);
    expect(after.tokenizerFiles.chatTemplate).toBe((before.tokenizerFiles.tokenizerConfig as { readonly chat_template: string }).chat_template);
  });

  it.each(["f16", "q8_0"] as const)("holds matrices in %s and lists in float32, each at a multiple of 32 bytes", async (precision) => {
    const home = tempFolder();
    await writeTinyModel(join(home, "model"), { seed: 3 });
    const { before, after } = await exported(join(home, "model"), precision, home);
    const file = await readGguf(join(home, `${precision}.gguf`));
    for (const { name, shape, format, offset } of file.tensors) {
      expect(format.name, name).toBe(shape.length === 1 ? "F32" : precision.toUpperCase());
      expect(offset % 32).toBe(0);
    }
    // In the file's own key order, and with what llama.cpp asks of every file.
    expect(file.metadata.get("general.file_type")).toBe(precision === "f16" ? 1 : 7);
    for (const [name, location] of before.tensors) {
      const [stored, exact] = [numbersAt(after.tensors.get(name) ?? location), numbersAt(location)];
      const largest = Math.max(...exact.map(Math.abs));
      const tolerance = precision === "f16" ? largest * 2 ** -11 : (largest / 127) * 0.57;
      stored.forEach((x, i) => {
        expect(Math.abs(x - (exact[i] ?? Number.NaN))).toBeLessThanOrEqual(tolerance);
      });
    }
  });

  it.each(GOLDEN_FAMILIES)("of %s has the metadata of the gguf package's, and opens again as the same model", async (family) => {
    const home = tempFolder();
    const source = join(goldenFolder(family), "model.gguf");
    const { before, after } = await exported(source, "f32", home);
    expect(parseModelConfig(after.config, "")).toEqual(parseModelConfig(before.config, ""));
    for (const [name, location] of before.tensors)
      expect([...numbersAt(after.tensors.get(name) ?? location)], name).toEqual([...numbersAt(location)]);
    const [theirs, ours] = [(await readGguf(source)).metadata, (await readGguf(join(home, "f32.gguf"))).metadata];
    const architecture = String(theirs.get("general.architecture"));
    const described = [...theirs].filter(([key]) => key.startsWith(`${architecture}.`));
    expect(described.length).toBeGreaterThanOrEqual(10);
    expect(Object.fromEntries(described.map(([key]) => [key, ours.get(key)]))).toEqual(Object.fromEntries(described));
  });

  it("is refused where llama.cpp would compute another model, and leaves nothing", async () => {
    const home = tempFolder();
    const checkpoint = await openCheckpoint(goldenFolder("smollm3"), { cacheDir: home });
    const weights = { tensors: checkpoint.tensors, adapter: undefined };
    const path = join(home, "out.gguf");
    await expect(writeGgufFile(path, checkpoint, weights, "f16", quiet)).rejects.toThrow("expected every fourth layer without rotary positions");
    const gemma = await openCheckpoint(goldenFolder("gemma3"), { cacheDir: home });
    await expect(writeGgufFile(path, gemma, { tensors: gemma.tensors, adapter: undefined }, "f16", quiet)).rejects.toThrow(
      "expected every sixth layer to see all positions",
    );
    expect(readdirSync(home).filter((name) => name.includes("gguf"))).toEqual([]);
  });

  it("is refused for a tokenizer that llama.cpp has no name for", async () => {
    const home = tempFolder();
    await writeTinyModel(join(home, "model"), { seed: 3 });
    const opened = await openCheckpoint(join(home, "model"), { cacheDir: home });
    const tokenizerJson = { ...(opened.tokenizerFiles.tokenizerJson as object), pre_tokenizer: { type: "Whitespace" } };
    const checkpoint = { ...opened, tokenizerFiles: { ...opened.tokenizerFiles, tokenizerJson } };
    await expect(writeGgufFile(join(home, "x.gguf"), checkpoint, { tensors: opened.tensors, adapter: undefined }, "f16", quiet)).rejects.toThrow(
      'expected a pre-tokenizer that llama.cpp has a name for, got {"type":"Whitespace"}',
    );
  });
});

/** A byte_fallback vocabulary like Gemma 3's: runs of spaces are added tokens, and one has no row in a table of text alone. */
describe("a SentencePiece vocabulary in a GGUF file of the lab's", () => {
  const TOKENS = ["<unk>", "<eos>", "a", "b", "▁", "▁▁", "▁▁▁▁", "▁b"];
  const added = (content: string, id: number, special: boolean): object => ({
    id,
    content,
    special,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
  });

  async function checkpointWith(home: string, vocab: Readonly<Record<string, number>> = {}): Promise<OpenCheckpoint> {
    await writeTinyModel(join(home, "model"), { seed: 3 });
    const opened = await openCheckpoint(join(home, "model"), { cacheDir: home });
    const tokenizerJson = {
      version: "1.0",
      ...spmParts(false),
      pre_tokenizer: null,
      post_processor: null,
      added_tokens: [
        added("<unk>", 0, true),
        added("<eos>", 1, true),
        added("▁▁", 5, false),
        added("▁▁▁▁", 6, false),
        added("<image_soft_token>", TINY_VOCABULARY.length, true),
      ],
      model: {
        type: "BPE",
        unk_token: "<unk>",
        fuse_unk: true,
        byte_fallback: true,
        ignore_merges: false,
        vocab: { ...Object.fromEntries(TOKENS.map((token, id) => [token, id])), ...vocab },
        merges: [
          ["▁", "▁"],
          ["▁▁", "▁▁"],
          ["▁", "b"],
        ],
      },
    };
    return { ...opened, tokenizerFiles: { ...opened.tokenizerFiles, tokenizerJson, tokenizerConfig: { eos_token: "<eos>" } } };
  }

  it("has the runs of spaces as llama.cpp finds them, and gives the ids of the model that it was made from", async () => {
    const home = tempFolder();
    const before = await checkpointWith(home);
    const path = join(home, "spaces.gguf");
    await writeGgufFile(path, before, { tensors: before.tensors, adapter: undefined }, "f16", quiet);
    const tokens = (await readGguf(path)).metadata.get("tokenizer.ggml.tokens") as readonly string[];
    expect(tokens.slice(0, TOKENS.length)).toEqual(["<unk>", "<eos>", "a", "b", "▁", "  ", "    ", "▁b"]);
    const after = await openCheckpoint(path, { cacheDir: home });
    const [source, again] = [createTokenizer(before.tokenizerFiles), createTokenizer(after.tokenizerFiles)];
    expect(source.encode("a    b")).toEqual([2, 6, 3]);
    for (const spaces of [1, 2, 3, 4, 6, 8]) {
      const text = `a${" ".repeat(spaces)}b`;
      expect(again.encode(text), JSON.stringify(text)).toEqual(source.encode(text));
      expect(again.decode(again.encode(text))).toBe(text);
    }
  });

  it("lacks added tokens without a row, as in the files that llama.cpp's converter writes", async () => {
    const home = tempFolder();
    const before = await checkpointWith(home);
    const path = join(home, "rows.gguf");
    await writeGgufFile(path, before, { tensors: before.tensors, adapter: undefined }, "f16", quiet);
    const tokens = (await readGguf(path)).metadata.get("tokenizer.ggml.tokens") as readonly string[];
    expect(tokens).toHaveLength(TINY_VOCABULARY.length);
    expect(tokens).not.toContain("<image_soft_token>");
  });

  it("is refused where a token of the model itself has no row", async () => {
    const home = tempFolder();
    const checkpoint = await checkpointWith(home, { zz: TINY_VOCABULARY.length });
    await expect(writeGgufFile(join(home, "x.gguf"), checkpoint, { tensors: checkpoint.tensors, adapter: undefined }, "f16", quiet)).rejects.toThrow(
      `expected tokens below ${TINY_VOCABULARY.length}, the rows of the embedding table; got "zz" with the id ${TINY_VOCABULARY.length}`,
    );
  });
});
