/** A base in 8 bits with the adapter in float32 beside it: quantised once, near, the same whoever shares the run, and measured. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { PromptId } from "#app/base/ids.ts";
import { engineOptionsSchema } from "#app/domain/device.ts";
import { type SamplingSettings, samplingSettingsSchema } from "#app/domain/sampling.ts";
import { parseModelConfig } from "#app/models/model-config.ts";
import type { SampledResponse, SampleUnit } from "#app/rounds/ports.ts";
import { openCheckpoint } from "#main/engine/checkpoints/open-checkpoint.ts";
import { writeAdapter } from "#main/engine/checkpoints/peft-adapter.ts";
import { quantiseRows } from "#main/engine/checkpoints/quantise.kernel.ts";
import { quantisedPaths } from "#main/engine/checkpoints/quantise-weights.ts";
import { writeTinyModel } from "#main/engine/checkpoints/tiny-model.ts";
import { createEngineMethods, type EngineCall } from "#main/engine/process/engine-methods.ts";
import type { OpeningProgress, PolicyFiles } from "#main/engine/process/protocol.ts";
import { fc } from "#tests/support/properties.ts";
import { sharedTempFolder } from "#tests/support/temp-folder.ts";
import { tinyAdapter } from "#tests/support/tiny-adapter.ts";

describe("quantised rows", () => {
  it("are within half a scale of the weights, in blocks of 32 along the row, padded with the code of 0", () => {
    const floats = fc.float({ min: -4, max: 4, noNaN: true });
    const rows = fc.tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 4 }));
    fc.assert(
      fc.property(
        rows.chain(([width, count]) => fc.tuple(fc.constant(width), fc.array(floats, { minLength: width * count, maxLength: width * count }))),
        ([width, numbers]) => {
          const [weights, blocks] = [Float32Array.from(numbers), Math.ceil(width / 32)];
          const count = weights.length / width;
          const [codes, scales] = [new Uint8Array(count * blocks * 32), new Float32Array(count * blocks)];
          quantiseRows(weights, width, 32, 128, codes, scales);
          codes.forEach((code, place) => {
            const [block, column] = [Math.floor(place / 32), (Math.floor(place / 32) % blocks) * 32 + (place % 32)];
            const scale = scales[block] ?? Number.NaN;
            const weight = column < width ? (weights[Math.floor(block / blocks) * width + column] ?? Number.NaN) : 0;
            if (column >= width) expect(code).toBe(128);
            expect(Math.abs((code - 128) * scale - weight)).toBeLessThanOrEqual(scale / 2 + 1e-6 * Math.abs(weight) + 1e-37);
          });
        },
      ),
    );
  });
});

const home = sharedTempFolder();
const methods = createEngineMethods({ cacheDir: join(home, "cache") });
const quiet: EngineCall<never> = { emit: () => undefined, isCancelled: () => false, breathe: () => Promise.resolve() };
const engine = engineOptionsSchema.parse({ threads: 1 });
let bare: PolicyFiles;
let adapted: PolicyFiles;

beforeAll(async () => {
  const path = join(home, "model");
  // 48 columns: the second block of a row is half padding.
  await writeTinyModel(path, { seed: 1, hiddenSize: 48 });
  const { hash } = await methods.openCheckpoint({ path }, quiet);
  bare = { checkpointHash: hash, checkpointPath: path, adapterPath: null };
  const { config } = await openCheckpoint(path, { cacheDir: home });
  await writeAdapter(join(home, "adapter"), tinyAdapter(parseModelConfig(config, path)));
  adapted = { ...bare, adapterPath: join(home, "adapter") };
});

function unitsOf(prompts: readonly string[], samples: number): readonly SampleUnit[] {
  return prompts.flatMap((content) =>
    Array.from({ length: samples }, (_, sampleIndex) => ({
      promptId: content as PromptId,
      messages: [{ role: "user" as const, content }],
      sampleIndex,
      seed: 100 * content.length + sampleIndex,
    })),
  );
}

async function sample(
  policy: PolicyFiles,
  units: readonly SampleUnit[],
  more: Partial<SamplingSettings>,
): Promise<ReadonlyMap<string, SampledResponse>> {
  const responses = new Map<string, SampledResponse>();
  const settings = samplingSettingsSchema.parse({ temperature: 1, topP: 1, maxNewTokens: 12, ...more });
  await methods.sample(
    { policy, settings, units, engine, isWatched: false },
    {
      ...quiet,
      emit: (event) => {
        if (event.kind === "sampled") responses.set(`${event.response.promptId}/${event.response.sampleIndex}`, event.response);
      },
    },
  );
  return responses;
}

const UNITS = unitsOf(["tea", "a long walk by the sea", "bread"], 4);

describe("sampling in 8 bits", () => {
  it("changes log-probabilities a little, and no more than that", async () => {
    // The most likely tokens: a draw near a boundary would go the other way for a difference of any size.
    const units = unitsOf(["tea", "rain", "bread", "snow", "a lamp", "the sea", "a letter", "a long walk"], 1);
    const [exact, quantised] = [
      await sample(adapted, units, { temperature: 0 }),
      await sample(adapted, units, { temperature: 0, precision: "8bit" }),
    ];
    let same = 0;
    for (const [key, response] of exact) {
      const other = quantised.get(key);
      if (other?.text !== response.text) continue;
      same += 1;
      expect(other.logp).not.toBe(response.logp);
      expect(Math.abs(other.logp - response.logp) / response.tokenIds.length).toBeLessThan(0.05);
    }
    expect(same).toBeGreaterThan(3);
  });

  it("draws the same tokens whoever shares the run, in any order, and again in another process's cache", async () => {
    const all = await sample(adapted, UNITS, { precision: "8bit" });
    expect(await sample(adapted, UNITS.toReversed(), { precision: "8bit" })).toEqual(new Map([...all]));
    const alone = UNITS[5];
    if (alone === undefined) throw new Error("no unit");
    const key = `${alone.promptId}/${alone.sampleIndex}`;
    expect((await sample(adapted, [alone], { precision: "8bit" })).get(key)).toEqual(all.get(key));
    const elsewhere = createEngineMethods({ cacheDir: join(home, "elsewhere") });
    const again = new Map<string, SampledResponse>();
    await elsewhere.sample(
      {
        policy: adapted,
        settings: samplingSettingsSchema.parse({ temperature: 1, topP: 1, maxNewTokens: 12, precision: "8bit" }),
        units: UNITS,
        engine: { ...engine, threads: 3 },
        isWatched: false,
      },
      {
        ...quiet,
        emit: (event) => {
          if (event.kind === "sampled") again.set(`${event.response.promptId}/${event.response.sampleIndex}`, event.response);
        },
      },
    );
    expect(again).toEqual(new Map([...all]));
  });

  it("quantises a checkpoint once, whatever the adapter, and says so before", async () => {
    const cacheDir = join(home, "fresh");
    const fresh = createEngineMethods({ cacheDir });
    const told: OpeningProgress[] = [];
    const job = { reference: null, settings: samplingSettingsSchema.parse({ maxNewTokens: 4 }), units: UNITS.slice(0, 2), engine };
    const call = { ...quiet, emit: (event: OpeningProgress) => told.push(event) };
    await fresh.measurePrecision({ ...job, policy: bare }, call);
    expect(told[0]?.message).toBe("Quantising model to 8 bits once: 1 MB in the cache");
    expect(told[0]?.share).toBeLessThan(0.1);
    expect(told.at(-1)?.share).toBe(1);
    const paths = Object.values(quantisedPaths(cacheDir, bare.checkpointHash));
    const made = paths.map((path) => statSync(path).mtimeMs);
    told.length = 0;
    await fresh.measurePrecision({ ...job, policy: adapted }, call);
    expect(told).toEqual([]);
    expect(paths.map((path) => statSync(path).mtimeMs)).toEqual(made);
  });

  it("is measured: the gap to float32, and the distance to what the policy was trained from", async () => {
    const job = { settings: samplingSettingsSchema.parse({ maxNewTokens: 12 }), units: UNITS, engine };
    const [alone, trained] = [
      await methods.measurePrecision({ ...job, policy: bare, reference: null }, quiet),
      await methods.measurePrecision({ ...job, policy: adapted, reference: bare }, quiet),
    ];
    if (alone === null || trained === null) throw new Error("expected measurements");
    expect(alone.distanceNats).toBeNull();
    expect(alone.tokenCount).toBeGreaterThan(60);
    for (const { gapNats } of [alone, trained]) {
      expect(gapNats).toBeGreaterThan(1e-5);
      expect(gapNats).toBeLessThan(0.05);
    }
    // The adapter is beside the base, in float32: it makes the gap no larger than rounding of the base does.
    expect(trained.gapNats).toBeLessThan(2 * alone.gapNats);
    expect(trained.distanceNats).toBeGreaterThan(10 * trained.gapNats);
    // A prompt that is too long for the model is left out, and one of which there is no other leaves nothing to measure by.
    const tooLong = unitsOf(["again and ".repeat(400)], 16);
    const beside = await methods.measurePrecision({ ...job, units: [...tooLong, ...UNITS], policy: bare, reference: null }, quiet);
    expect(beside).toEqual(alone);
    expect(await methods.measurePrecision({ ...job, units: tooLong, policy: bare, reference: null }, quiet)).toBeNull();
    // A policy that is its own reference has not moved.
    expect((await methods.measurePrecision({ ...job, policy: adapted, reference: adapted }, quiet))?.distanceNats).toBe(0);
  });
});
