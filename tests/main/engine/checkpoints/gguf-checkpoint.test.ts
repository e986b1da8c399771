/** GGUF files: the weights and the configuration of the Hugging Face folder they were made from; refusals by name. */
import { cpSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { ConfigError, DataError } from "#app/base/errors.ts";
import type { TokenizerFiles } from "#app/decoding/tokenizer-files.ts";
import { createTokenizer } from "#app/decoding/tokenizer.ts";
import { tokenizerEntries } from "#main/engine/checkpoints/export/gguf-tokenizer-entries.ts";
import { writeGgufFile } from "#main/engine/checkpoints/export/write-gguf.ts";
import { readGguf } from "#main/engine/checkpoints/gguf-file.ts";
import { tokenizerFilesOf } from "#main/engine/checkpoints/gguf-tokenizer.ts";
import { openCheckpoint, type OpenCheckpoint } from "#main/engine/checkpoints/open-checkpoint.ts";
import { readSafetensors } from "#main/engine/checkpoints/safetensors.ts";
import { writeTinyModel } from "#main/engine/checkpoints/tiny-model.ts";
import { goldenFolder } from "#tests/support/golden-llama.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { numbersAt } from "./stored-weights.ts";

const GGUF = join(import.meta.dirname, "..", "..", "..", "golden", "checkpoints", "tiny-llama-biased.gguf");

let home: string;
beforeEach(() => {
  home = tempFolder();
});

const open = (path: string): Promise<OpenCheckpoint> => openCheckpoint(path, { cacheDir: join(home, "cache") });

describe("a GGUF file", () => {
  it("gives the weights of the Hugging Face folder it was made from, rows in their places", async () => {
    const { tensors, config, record } = await open(GGUF);
    const original = await readSafetensors(join(goldenFolder("biased"), "model.safetensors"));
    expect(tensors.size).toBe(original.size);
    for (const [name, location] of tensors) {
      const { data, shape } = original.get(name) ?? { data: new Float32Array(), shape: [] };
      const isHalf = name.includes(".1.") && shape.length > 1;
      expect(location.shape).toEqual(shape);
      expect([...numbersAt(location)], name).toEqual(Array.from(data, (x) => (isHalf ? roundedToHalf(x) : x)));
    }
    expect(config).toMatchObject({
      model_type: "llama",
      hidden_size: 24,
      head_dim: 6,
      num_key_value_heads: 4,
      rms_norm_eps: 1e-5,
      rope_theta: 10_000,
      attention_bias: true,
      mlp_bias: true,
      tie_word_embeddings: false,
      vocab_size: 48,
      eos_token_id: 2,
    });
    expect(record).toMatchObject({ path: GGUF, family: "llama", sizeBytes: readFileSync(GGUF).length });
  });

  it("of Granite's kind, whose pre-tokenizer has another name, splits words as SmolLM's does", async () => {
    const path = join(home, "refact.gguf");
    writeFileSync(path, replacedOnce(readFileSync(GGUF, "latin1"), "smollm", "refact"), "latin1");
    expect((await open(path)).tokenizerFiles.tokenizerJson).toEqual((await open(GGUF)).tokenizerFiles.tokenizerJson);
  });

  it("is found as the only one in a folder; of two none is guessed", async () => {
    const place = join(home, "gguf");
    mkdirSync(place);
    cpSync(GGUF, join(place, "a.gguf"));
    expect((await open(place)).record.path).toBe(place);
    cpSync(GGUF, join(place, "b.gguf"));
    await expect(open(place)).rejects.toThrow(/expected one GGUF file, found 2/);
  });

  it.each([
    ["cut in its weights", 30_000, /cut short/],
    ["cut in its header", 1000, /expected a GGUF/],
    ["of no bytes", 0, /expected a GGUF file/],
  ])("%s is refused", async (_, length, message) => {
    const path = join(home, "cut.gguf");
    cpSync(GGUF, path);
    truncateSync(path, length);
    await expect(open(path)).rejects.toThrow(DataError);
    await expect(open(path)).rejects.toThrow(message);
  });

  it.each([
    ["architecture", "llama", "gemma", /expected a GGUF of an architecture that the lab knows .*, got gemma/],
    ["tokenizer", "gpt2", "bert", /expected a byte-level BPE or SentencePiece tokenizer .*got bert/],
    ["pre-tokenizer", "smollm", "qwenxx", /expected a pre-tokenizer gpt-2, smollm, .*got qwenxx/],
  ])("of another %s is refused by name", async (_, from, to, message) => {
    const path = join(home, "other.gguf");
    writeFileSync(path, replacedOnce(readFileSync(GGUF, "latin1"), from, to), "latin1");
    await expect(open(path)).rejects.toThrow(ConfigError);
    await expect(open(path)).rejects.toThrow(message);
  });
});

describe("linear rotary scaling in a GGUF file", () => {
  const f32 = (value: number): string => {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    return bytes.toString("latin1");
  };
  const keyed = (key: string): string => `${String.fromCharCode(key.length)}\0\0\0\0\0\0\0${key}`;
  const [kind, factor, oldFactor] = ["llama.rope.scaling.type", "llama.rope.scaling.factor", "llama.rope.scale_linear"];
  /** A key that nobody reads, of as many letters as another, so that what follows keeps its place. */
  const unread = (key: string): string => keyed("x".repeat(key.length));

  it.each([
    ["with its kind", [], { rope_type: "linear", factor: 4 }],
    ["without its kind is linear", [[keyed(kind), unread(kind)]], { rope_type: "linear", factor: 4 }],
    [
      "under the factor's old name",
      [
        [keyed(kind), unread(factor)],
        [keyed(factor), keyed(oldFactor)],
      ],
      { rope_type: "linear", factor: 4 },
    ],
    [
      "by 0 is none",
      [
        [keyed(kind), unread(kind)],
        [f32(4), f32(0)],
      ],
      null,
    ],
    [
      "by nothing is none",
      [
        [keyed(kind), unread(kind)],
        [keyed(factor), unread(factor)],
      ],
      null,
    ],
  ] as const)("%s", async (_, changes, expected) => {
    const source = join(home, "model");
    await writeTinyModel(source, { seed: 3 });
    const config = JSON.parse(readFileSync(join(source, "config.json"), "utf8")) as object;
    writeFileSync(join(source, "config.json"), JSON.stringify({ ...config, rope_scaling: { rope_type: "linear", factor: 4 } }));
    const checkpoint = await open(source);
    const path = join(home, "scaled.gguf");
    const hooks = { onBytes: () => undefined, isCancelled: () => false, breathe: () => Promise.resolve() };
    await writeGgufFile(path, checkpoint, { tensors: checkpoint.tensors, adapter: undefined }, "f16", hooks);
    let text = readFileSync(path, "latin1");
    for (const [from, to] of changes) {
      expect(text).toContain(from);
      text = text.replace(from, () => to);
    }
    writeFileSync(path, text, "latin1");
    expect((await open(path)).config).toMatchObject({ rope_scaling: expected });
  });
});

describe("a BOS before plain texts", () => {
  const filesOf = async (changes: readonly (readonly [string, unknown])[]): Promise<TokenizerFiles> => {
    const { metadata } = await readGguf(GGUF);
    const unsaid = [...metadata].filter(([key]) => key !== "tokenizer.ggml.add_bos_token");
    return tokenizerFilesOf(GGUF, new Map([...unsaid, ["tokenizer.ggml.bos_token_id", 1], ["tokenizer.ggml.pre", "llama-bpe"], ...changes]));
  };

  it.each([
    ["is there in a vocabulary of Llama 3's kind that does not say", [], true],
    ["is not where the file says so", [["tokenizer.ggml.add_bos_token", false]], false],
    ["is not in other byte-level vocabularies that do not say", [["tokenizer.ggml.pre", "smaug-bpe"]], false],
  ] as const)("%s", async (_, changes, hasBos) => {
    const files = await filesOf(changes);
    expect(createTokenizer(files).plainIds("")).toEqual(hasBos ? [1] : []);
    const written = new Map(tokenizerEntries(files, 48));
    expect(written.get("tokenizer.ggml.add_bos_token")).toEqual({ type: "bool", value: hasBos });
  });
});

/** Replaces the first value of that text (not a key that holds it) by another of the same length. */
function replacedOnce(text: string, from: string, to: string): string {
  const at = text.search(new RegExp(`(?<![\\w.])${from}(?![\\w.])`));
  expect([at >= 0, to.length]).toEqual([true, from.length]);
  return text.slice(0, at) + to + text.slice(at + from.length);
}

function roundedToHalf(x: number): number {
  const view = new DataView(new ArrayBuffer(2)) as DataView & { setFloat16(at: number, value: number): void; getFloat16(at: number): number };
  view.setFloat16(0, x);
  return view.getFloat16(0);
}
