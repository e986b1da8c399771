/** Devices and threads: what is found of each, what is trusted, and that both options reach ONNX Runtime. */
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import type { PromptId } from "#app/base/ids.ts";
import { type DeviceFinding, DEVICES, type EngineOptions, engineOptionsSchema } from "#app/domain/device.ts";
import { samplingSettingsSchema } from "#app/domain/sampling.ts";
import { writeTinyModel } from "#main/engine/checkpoints/tiny-model.ts";
import { largestGap } from "#main/engine/devices/probe.ts";
import { createEngineMethods, type EngineCall } from "#main/engine/process/engine-methods.ts";
import { softwareGpu } from "#tests/support/software-gpu.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

const TASKS = "/proc/self/task";

async function probe(environment: Readonly<Record<string, string>>): Promise<readonly DeviceFinding[]> {
  const script = join(import.meta.dirname, "..", "..", "support", "device-probe.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [script], { env: { ...process.env, ...environment } });
  return JSON.parse(stdout) as DeviceFinding[];
}

/** Samples a few tokens with the tiny model and calls `between` between two runs of a session. */
async function sampleWith(engine: EngineOptions, between: () => void): Promise<readonly string[]> {
  const home = tempFolder();
  const path = join(home, "model");
  await writeTinyModel(path, { seed: 1 });
  const methods = createEngineMethods({ cacheDir: join(home, "cache") });
  const texts: string[] = [];
  const quiet: EngineCall<never> = { emit: () => undefined, isCancelled: () => false, breathe: () => Promise.resolve() };
  const { hash } = await methods.openCheckpoint({ path }, quiet);
  const units = [0, 1, 2].map((sampleIndex) => ({
    promptId: "p" as PromptId,
    messages: [{ role: "user" as const, content: "Hello" }],
    sampleIndex,
    seed: sampleIndex,
  }));
  await methods.sample(
    {
      policy: { checkpointHash: hash, checkpointPath: path, adapterPath: null },
      settings: samplingSettingsSchema.parse({ maxNewTokens: 8 }),
      units,
      engine,
      isWatched: false,
    },
    {
      ...quiet,
      emit: (event) => {
        if (event.kind === "sampled") texts[event.response.sampleIndex] = event.response.text;
      },
      breathe: () => {
        between();
        return Promise.resolve();
      },
    },
  );
  return texts;
}

describe("devices", () => {
  it("are all named, with the reason where one cannot be used; the CPU always can", async () => {
    // A driver list with nothing in it: WebGPU finds no adapter, whatever this machine has.
    const findings = await probe({ VK_ICD_FILENAMES: "/nowhere/none.json", VK_DRIVER_FILES: "/nowhere/none.json" });
    expect(findings.map(({ device }) => device)).toEqual(DEVICES);
    expect(findings[0]).toEqual({ device: "cpu", isReady: true, isTested: true, found: "the reference" });
    expect(findings.filter(({ isTested }) => !isTested).map(({ device }) => device)).toEqual(["cuda", "directml", "coreml"]);
    if (process.platform !== "linux") return;
    expect(findings.filter(({ isReady }) => isReady)).toHaveLength(1);
    expect(findings.find(({ device }) => device === "coreml")?.found).toBe(`ONNX Runtime for linux-${process.arch} comes without CoreML`);
    // In words; files of the runtime's source are named in the detail alone.
    for (const { found } of findings) expect(found).toMatch(/^[^\n/]+$/u);
    const webgpu = findings.find(({ device }) => device === "webgpu");
    expect(webgpu?.found).toBe("no graphics processor was found here that WebGPU can use");
    expect(webgpu?.detail).toContain("Failed to get a WebGPU adapter");
  });

  it("are trusted when they sample and train as the CPU does", { timeout: 300_000 }, async (context) => {
    const gpu = softwareGpu();
    if ("missing" in gpu) return context.skip(gpu.missing);
    const webgpu = (await probe(gpu.environment)).find(({ device }) => device === "webgpu");
    expect(webgpu).toMatchObject({ isReady: true, isTested: true });
    expect(webgpu?.found).toMatch(/^numbers differ from the CPU's by \d\.\de-[5-9]$/u);
  });

  it("differ by the largest gap, and without limit where a number is missing or none", () => {
    const cpu = new Map([
      ["a", [3, 4]],
      ["b", [1]],
    ]);
    expect(largestGap(cpu, cpu)).toBe(0);
    expect(largestGap(cpu, new Map([...cpu, ["a", [3, 4.5]]]))).toBeCloseTo(0.1, 12);
    expect(largestGap(cpu, new Map([["a", [3, 4]]]))).toBe(Infinity);
    expect(largestGap(cpu, new Map([...cpu, ["a", [3, Number.NaN]]]))).toBe(Infinity);
  });

  it("that cannot be used refuse a job, and say for which device", async () => {
    const missing = process.platform === "darwin" ? "directml" : "coreml";
    await expect(sampleWith({ device: missing, threads: 0 }, () => undefined)).rejects.toMatchObject({
      code: "engine",
      message: expect.stringMatching(/cannot be used: ONNX Runtime for .* comes without/u) as string,
      details: { device: missing },
    });
  });
});

describe.skipIf(process.platform !== "linux")("threads", () => {
  it("are as many as were asked for, and change no token", async () => {
    const countOf = async (threads: number): Promise<{ readonly more: number; readonly texts: readonly string[] }> => {
      const before = readdirSync(TASKS).length;
      let most = 0;
      const texts = await sampleWith(engineOptionsSchema.parse({ threads }), () => {
        most = Math.max(most, readdirSync(TASKS).length);
      });
      return { more: most - before, texts };
    };
    await countOf(1);
    const [one, five] = [await countOf(1), await countOf(5)];
    // The calling thread is one of them; each open runtime session (a prefill, a step) has its own others.
    expect(one.more).toBe(0);
    expect(five.more).toBe(8);
    expect(five.texts).toEqual(one.texts);
  });
});
