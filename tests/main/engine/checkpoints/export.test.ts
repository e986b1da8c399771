/** Merged checkpoints and what they are written as: numbers to the bit, and a folder that opens again. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { weightsFromFiles } from "#app/models/decoder.ts";
import { parseModelConfig } from "#app/models/model-config.ts";
import { ropeFrequencies } from "#app/models/rope-tables.kernel.ts";
import { decodeBf16, decodeF16, decodeQ80 } from "#main/engine/checkpoints/dequantise.kernel.ts";
import { encodeBf16, encodeF16, encodeQ80, halfBits } from "#main/engine/checkpoints/export/encode-weights.kernel.ts";
import { writeHuggingFaceFolder } from "#main/engine/checkpoints/export/write-hugging-face.ts";
import { openCheckpoint } from "#main/engine/checkpoints/open-checkpoint.ts";
import { createLoadedPolicies } from "#main/engine/process/loaded-policies.ts";
import { createSessionCache } from "#main/engine/runtime/session-cache.ts";
import { prefill } from "#main/engine/sampling/prefill.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { writeTinyPolicy } from "#tests/support/tiny-adapter.ts";

const quiet = { onBytes: () => undefined, isCancelled: () => false, breathe: () => Promise.resolve() };

describe("rounding to fewer bits", () => {
  it("gives each half float back, and the nearest one to what lies between", () => {
    const all = Uint16Array.from({ length: 0x7c00 }, (_, bits) => bits);
    const values = new Float32Array(all.length);
    decodeF16(new Uint8Array(all.buffer), values);
    values.forEach((value, bits) => {
      expect(halfBits(value)).toBe(bits);
      expect(halfBits(-value) & 0x7fff).toBe(bits);
      const next = values[bits + 1];
      if (next === undefined) return;
      const middle = (value + next) / 2;
      // Ties go to the even one, a hair beside them to the nearer.
      expect(halfBits(middle)).toBe(bits + (bits & 1));
      expect(halfBits(Math.fround(middle * (1 - 2 ** -20)))).toBe(bits);
      expect(halfBits(Math.fround(middle * (1 + 2 ** -20)))).toBe(bits + 1);
    });
    expect(halfBits(65_519)).toBe(0x7bff);
    expect(halfBits(65_520)).toBe(0x7c00);
  });

  it("keeps eight bits of a bfloat16 and rounds ties to even", () => {
    const values = Float32Array.of(1, 1 + 2 ** -8, 1 + 3 * 2 ** -8, 1 + 2 ** -8 + 2 ** -20, -3.140625, 1e-40);
    const bytes = new Uint8Array(2 * values.length);
    encodeBf16(values, bytes);
    const back = new Float32Array(values.length);
    decodeBf16(bytes, back);
    expect([...back.subarray(0, 5)]).toEqual([1, 1, 1 + 2 ** -6, 1 + 2 ** -7, -3.140625]);
  });

  it("is within half a step in Q8_0, and what the scale's own rounding adds over 127 steps", () => {
    const values = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i * 12.9898) * (i < 32 ? 1 : 0.1));
    const bytes = new Uint8Array(68);
    encodeQ80(values, bytes);
    const back = new Float32Array(64);
    decodeQ80(bytes, back);
    back.forEach((value, i) => {
      expect(Math.abs(value - (values[i] ?? 0))).toBeLessThanOrEqual(((i < 32 ? 1 : 0.1) / 127) * 0.57);
    });
  });
});

describe("a merged Hugging Face folder", () => {
  it("computes what the adapter beside its base computes, keeps tokenizer and template, and opens again", async () => {
    const folder = tempFolder();
    await writeTinyPolicy(folder);
    const policies = createLoadedPolicies(folder);
    const { record } = await policies.open(join(folder, "model"), {});
    const files = { checkpointHash: record.hash, checkpointPath: record.path, adapterPath: join(folder, "adapter") };
    const adapter = await policies.adapterOf(files);
    const checkpoint = await policies.checkpointOf(files);
    const out = join(folder, "merged");
    const written = await writeHuggingFaceFolder(out, checkpoint, { tensors: checkpoint.tensors, adapter }, "f32", quiet);
    expect(written).toEqual(readdirSync(out).sort());
    for (const name of ["tokenizer.json", "tokenizer_config.json"])
      expect(readFileSync(join(out, name), "utf8")).toBe(readFileSync(join(folder, "model", name), "utf8"));

    const opened = await openCheckpoint(out, { cacheDir: folder });
    expect(opened.record.hash).not.toBe(record.hash);
    const config = parseModelConfig(opened.config, out);
    const merged = {
      key: "merged",
      model: { config, weights: weightsFromFiles(opened.tensors), adapter: null },
      factors: new Map<string, Float32Array>(),
      frequencies: ropeFrequencies(config),
    };
    const sessions = createSessionCache(4, { threads: 1, fusion: "fast" });
    try {
      const ids = [5, 80, 33, 12, 260];
      const beside = await prefill(await policies.policyOf(files, adapter), sessions, ids, 1);
      const inside = await prefill(merged, sessions, ids, 1);
      const bare = await prefill(await policies.policyOf(files, undefined), sessions, ids, 1);
      const gap = (a: Float32Array | undefined, b: Float32Array | undefined): number =>
        Math.max(...(a ?? []).map((logit, i) => Math.abs(logit - (b?.[i] ?? Number.NaN))));
      expect(gap(inside.next.logits, beside.next.logits)).toBeLessThan(2e-5);
      expect(gap(bare.next.logits, beside.next.logits)).toBeGreaterThan(0.01);
    } finally {
      await sessions.release();
    }
  });

  it("is written in half the bytes when asked for, and says so in its configuration", async () => {
    const folder = tempFolder();
    await writeTinyPolicy(folder);
    const checkpoint = await openCheckpoint(join(folder, "model"), { cacheDir: folder });
    for (const [precision, name] of [
      ["f16", "float16"],
      ["bf16", "bfloat16"],
    ] as const) {
      const out = join(folder, precision);
      await writeHuggingFaceFolder(out, checkpoint, { tensors: checkpoint.tensors, adapter: undefined }, precision, quiet);
      expect(JSON.parse(readFileSync(join(out, "config.json"), "utf8"))).toMatchObject({ torch_dtype: name });
      const again = await openCheckpoint(out, { cacheDir: folder });
      expect(again.record.sizeBytes).toBeLessThan(0.6 * checkpoint.record.sizeBytes);
    }
    await expect(
      writeHuggingFaceFolder(join(folder, "no"), checkpoint, { tensors: checkpoint.tensors, adapter: undefined }, "q8_0", quiet),
    ).rejects.toThrow("expected f32, f16 or bf16 for a Hugging Face folder, got q8_0");
  });

  it("ends when cancelled, without a weight file", async () => {
    const folder = tempFolder();
    await writeTinyPolicy(folder);
    const checkpoint = await openCheckpoint(join(folder, "model"), { cacheDir: folder });
    const out = join(folder, "out");
    const weights = { tensors: checkpoint.tensors, adapter: undefined };
    await expect(writeHuggingFaceFolder(out, checkpoint, weights, "f32", { ...quiet, isCancelled: () => true })).rejects.toThrow(
      "stopped on request",
    );
    expect(readdirSync(out)).toEqual([]);
  });
});

it("rounds to half floats in place of what it is given", () => {
  const out = new Uint8Array(4);
  encodeF16(Float32Array.of(1, -2), out);
  expect([...out]).toEqual([0x00, 0x3c, 0x00, 0xc0]);
});
