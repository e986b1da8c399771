/** The tiny model and PEFT adapters, as Transformers and PEFT read and compute them (tests/golden/checkpoints/make-tiny-model.py). */
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rngFor } from "#app/base/random.ts";
import { drawToken } from "#app/decoding/draw.ts";
import { createTokenizer, type Tokenizer } from "#app/decoding/tokenizer.ts";
import { weightsFromFiles } from "#app/models/decoder.ts";
import { type ModelConfig, parseModelConfig } from "#app/models/model-config.ts";
import { ropeFrequencies } from "#app/models/rope-tables.kernel.ts";
import { WRITE_FORMATS } from "#main/engine/checkpoints/export/write-formats.ts";
import { openCheckpoint, type OpenCheckpoint } from "#main/engine/checkpoints/open-checkpoint.ts";
import { type Adapter, readAdapter, writeAdapter } from "#main/engine/checkpoints/peft-adapter.ts";
import { planSafetensors } from "#main/engine/checkpoints/safetensors.ts";
import { writeTinyModel } from "#main/engine/checkpoints/tiny-model.ts";
import type { PolicyModel } from "#main/engine/runtime/policy-model.ts";
import { createSessionCache } from "#main/engine/runtime/session-cache.ts";
import { createDecodeBatch } from "#main/engine/sampling/decode-batch.ts";
import { prefill } from "#main/engine/sampling/prefill.ts";
import { GOLDEN_ADAPTER, goldenFolder } from "#tests/support/golden-llama.ts";
import { sharedTempFolder, tempFolder } from "#tests/support/temp-folder.ts";
import { TINY_ADAPTER, TINY_SEED, tinyAdapter, writeTinyPolicy } from "#tests/support/tiny-adapter.ts";

type Golden = {
  readonly weightsSha256: string;
  readonly adapterSha256: Readonly<Record<string, string>>;
  readonly chats: readonly { readonly ids: readonly number[] }[];
  readonly logits: readonly number[];
  readonly adapterLogits: readonly number[];
};
const golden = JSON.parse(readFileSync(join(import.meta.dirname, "..", "..", "..", "golden", "checkpoints", "tiny-model.json"), "utf8")) as Golden;

const home = sharedTempFolder();
const sessions = createSessionCache(8, { threads: 1, fusion: "fast" });
afterAll(() => sessions.release());

let checkpoint: OpenCheckpoint;
let config: ModelConfig;
let tokenizer: Tokenizer;
beforeAll(async () => {
  await writeTinyPolicy(home);
  checkpoint = await openCheckpoint(join(home, "model"), { cacheDir: home });
  config = parseModelConfig(checkpoint.config, home);
  tokenizer = createTokenizer(checkpoint.tokenizerFiles);
});

function policyWith(adapter: Adapter | null): PolicyModel {
  return {
    key: adapter === null ? "bare" : "adapted",
    model: { config, weights: weightsFromFiles(checkpoint.tensors), adapter },
    factors: new Map([...(adapter?.tensors ?? [])].map(([name, { data }]) => [name, data])),
    frequencies: ropeFrequencies(config),
  };
}

async function expectLogits(policy: PolicyModel, expected: readonly number[]): Promise<void> {
  const { next } = await prefill(policy, sessions, golden.chats[0]?.ids ?? [], 1);
  expect(next.logits?.length).toBe(expected.length);
  const worst = Math.max(...expected.map((want, i) => Math.abs((next.logits?.[i] ?? Number.NaN) - want)));
  expect(worst).toBeLessThanOrEqual(1e-4);
}

function sha256(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

describe("the tiny model", () => {
  it("is the one of the golden file, to the bit", () => {
    expect(sha256(join(home, "model", "model.safetensors"))).toBe(golden.weightsSha256);
  });

  it("has Transformers' logits", async () => {
    await expectLogits(policyWith(null), golden.logits);
  });

  it("is the same folder from the same seed, and another from another", async () => {
    const folders = [TINY_SEED, TINY_SEED + 1].map((seed) => ({ seed, path: join(tempFolder(), "model") }));
    for (const { seed, path } of folders) await writeTinyModel(path, { seed });
    const [same, other] = folders.map(({ path }) =>
      readdirSync(path)
        .sort()
        .map((name) => `${name} ${sha256(join(path, name))}`),
    );
    const original = readdirSync(join(home, "model"))
      .sort()
      .map((name) => `${name} ${sha256(join(home, "model", name))}`);
    expect(same).toEqual(original);
    expect(other).not.toEqual(original);
  });

  it("answers variously, readably, and comes to an end", async () => {
    const policy = policyWith(null);
    const prompt = await prefill(policy, sessions, tokenizer.promptIds([{ role: "user", content: "the thing" }]), 1);
    const rows = 16;
    const batch = createDecodeBatch(policy, sessions, { batch: rows, temperature: 1 });
    const settings = { temperature: 1, topP: 1, topK: 0 };
    const answers = Array.from({ length: rows }, (): number[] => []);
    let nexts = answers.map(() => prompt.next);
    for (let slot = 0; slot < rows; slot++) await batch.place(slot, prompt);
    for (let step = 0; step < 120; step++) {
      answers.forEach((ids, row) => {
        const next = nexts[row];
        if (next === undefined || tokenizer.eosIds.has(ids.at(-1) ?? -1)) return;
        ids.push(drawToken(next, settings, rngFor(5, row, step).next())?.tokenId ?? -1);
      });
      await batch.step(answers.map((ids) => ids.at(-1)));
      nexts = (await batch.withLogits()).map((next) => next ?? prompt.next);
    }
    const texts = answers.map((ids) => tokenizer.decode(ids));
    expect(new Set(texts).size).toBeGreaterThan(rows / 2);
    expect(answers.filter((ids) => tokenizer.eosIds.has(ids.at(-1) ?? -1)).length).toBeGreaterThanOrEqual(rows - 2);
    expect((texts.join("").match(/[a-z ,.]/gu)?.length ?? 0) / texts.join("").length).toBeGreaterThan(0.8);
  });
});

describe("an adapter folder", () => {
  it("is written as PEFT reads it: the golden file's bytes, and PEFT's logits", async () => {
    const folder = join(home, "adapter");
    expect(Object.fromEntries(readdirSync(folder).map((name) => [name, sha256(join(folder, name))]))).toEqual(golden.adapterSha256);
    await expectLogits(policyWith(await readAdapter(folder)), golden.adapterLogits);
  });

  it("reads back as it was written, and is written again to the same bytes", async () => {
    const adapter = tinyAdapter(config);
    const folder = join(tempFolder(), "adapter");
    await writeAdapter(folder, { ...adapter, targets: [...TINY_ADAPTER.targets].reverse(), tensors: new Map([...adapter.tensors].reverse()) });
    for (const name of readdirSync(folder)) expect(sha256(join(folder, name)), name).toBe(golden.adapterSha256[name]);
    const read = await readAdapter(folder);
    expect({ ...read, targets: new Set(read.targets), tensors: undefined }).toEqual({
      ...adapter,
      targets: new Set(adapter.targets),
      tensors: undefined,
    });
    expect(new Map(read.tensors)).toEqual(new Map(adapter.tensors));
  });

  it("of PEFT's own writing is read", async () => {
    const { rank, alpha, targets, tensors, baseModelName } = await readAdapter(join(goldenFolder("tied"), "adapter"));
    expect({ rank, alpha, targets: new Set(targets) }).toEqual({ ...GOLDEN_ADAPTER, targets: new Set(GOLDEN_ADAPTER.targets) });
    expect(baseModelName).toBeNull();
    expect(tensors.get("base_model.model.model.layers.1.mlp.down_proj.lora_A.weight")?.shape).toEqual([3, 40]);
  });

  it.each([true, false, null, "gaussian", "eva", "orthogonal"])("that started as %j says is read: its base is as it was", async (start) => {
    const folder = join(tempFolder(), "adapter");
    cpSync(join(home, "adapter"), folder, { recursive: true });
    const path = join(folder, "adapter_config.json");
    const changes = { init_lora_weights: start, alora_invocation_tokens: null, layer_replication: null };
    writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, "utf8")) as object), ...changes }));
    expect((await readAdapter(folder)).rank).toBe(TINY_ADAPTER.rank);
  });

  it.each([
    ["bf16", 2 ** -8],
    ["f16", 2 ** -10],
  ] as const)("in %s is read as float32", async (precision, tolerance) => {
    const folder = join(tempFolder(), "adapter");
    cpSync(join(home, "adapter"), folder, { recursive: true });
    const { tensors } = await readAdapter(folder);
    const format = WRITE_FORMATS[precision];
    const shapes = new Map([...tensors].map(([name, { shape }]) => [name, shape]));
    const plan = planSafetensors(shapes, {}, { name: format.name, bytes: format.blockBytes });
    const bytes = Buffer.alloc(plan.fileBytes);
    bytes.set(plan.headerBytes);
    for (const [name, { offset, length }] of plan.tensors)
      format.encode(tensors.get(name)?.data ?? new Float32Array(), bytes.subarray(offset, offset + length));
    writeFileSync(join(folder, "adapter_model.safetensors"), bytes);
    const read = (await readAdapter(folder)).tensors;
    expect([...read.keys()]).toEqual([...plan.tensors.keys()]);
    for (const [name, { data }] of tensors) {
      const found = read.get(name)?.data ?? [];
      expect(found).toHaveLength(data.length);
      data.forEach((wanted, i) => {
        expect(Math.abs((found[i] ?? Number.NaN) - wanted)).toBeLessThanOrEqual(Math.abs(wanted) * tolerance);
      });
    }
  });

  it.each([
    ["DoRA", { use_dora: true }, /use_dora/],
    ["rank-stabilised scaling", { use_rslora: true }, /use_rslora/],
    ["ranks of its own for some modules", { rank_pattern: { q_proj: 8 } }, /rank_pattern/],
    ["another kind", { peft_type: "IA3" }, /peft_type/],
    ["trained biases", { bias: "all" }, /bias/],
    [
      "weights moved out of its base",
      { init_lora_weights: "pissa_niter_4" },
      /init_lora_weights: expected a start that leaves the base .*, got "pissa_niter_4"/,
    ],
    ["a base that its start changed", { init_lora_weights: "olora" }, /init_lora_weights/],
    ["a base that its data changed", { init_lora_weights: "corda" }, /init_lora_weights/],
    ["a base that was quantised for it", { init_lora_weights: "loftq" }, /init_lora_weights/],
    ["tokens that switch it on", { alora_invocation_tokens: [1, 2] }, /alora_invocation_tokens/],
    ["layers that are there twice", { layer_replication: [[0, 2]] }, /layer_replication/],
    ["whole modules beside it", { modules_to_save: ["lm_head"] }, /modules_to_save/],
    ["a target that the decoder does not have", { target_modules: ["c_attn"] }, /expected target modules among .*got c_attn/],
    ["all linear maps by a word", { target_modules: "all-linear" }, /target_modules/],
  ])("with %s is refused, not computed wrongly", async (_, changes, message) => {
    const folder = join(tempFolder(), "adapter");
    cpSync(join(home, "adapter"), folder, { recursive: true });
    const path = join(folder, "adapter_config.json");
    writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, "utf8")) as object), ...changes }));
    await expect(readAdapter(folder)).rejects.toThrow(message);
  });

  it.each([
    [
      "without weights",
      (folder: string) => {
        rmSync(join(folder, "adapter_model.safetensors"));
      },
      /adapter_model\.safetensors: expected a file that can be read, found none/,
    ],
    [
      "with weights cut short",
      (folder: string) => {
        truncateSync(join(folder, "adapter_model.safetensors"), 4000);
      },
      /cut short/,
    ],
    [
      "without a configuration",
      (folder: string) => {
        rmSync(join(folder, "adapter_config.json"));
      },
      /adapter_config\.json/,
    ],
    [
      "with a configuration that is no JSON",
      (folder: string) => {
        writeFileSync(join(folder, "adapter_config.json"), "r: 4");
      },
      /adapter_config\.json: expected an adapter's configuration in JSON, got something else/,
    ],
  ])("%s is refused", async (_, spoil, message) => {
    const folder = join(tempFolder(), "adapter");
    cpSync(join(home, "adapter"), folder, { recursive: true });
    spoil(folder);
    await expect(readAdapter(folder)).rejects.toThrow(message);
  });
});
