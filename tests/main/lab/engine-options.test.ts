/** The engine's device and threads as settings of the lab: chosen, refused, and handed to every job. */
import { describe, expect, it } from "vitest";
import type { DeviceFinding, EngineOptions } from "#app/domain/device.ts";
import { openReadyLab, runRound } from "./support.ts";

const DEVICES: readonly DeviceFinding[] = [
  { device: "cpu", isReady: true, isTested: true, found: "the reference" },
  { device: "webgpu", isReady: true, isTested: true, found: "numbers differ from the CPU's by 1e-6" },
  { device: "cuda", isReady: false, isTested: false, found: "no such library" },
];

describe("engine options", () => {
  it("are the CPU and ONNX Runtime's own choice of threads, until somebody chooses", async () => {
    const { client } = await openReadyLab({}, { devices: DEVICES });
    const { processorThreads, ...options } = await client.settings.engine();
    expect(options).toEqual({ device: "cpu", threads: 0 });
    expect(processorThreads).toBeGreaterThan(0);
    expect(await client.settings.devices()).toEqual(DEVICES);
  });

  it("reach every job that begins after they were chosen, one changed and the other kept", async () => {
    const jobs: (readonly [string, EngineOptions])[] = [];
    const { client } = await openReadyLab({}, { devices: DEVICES, onJob: (kind, options) => jobs.push([kind, options]) });
    await client.settings.setEngine({ threads: 3 });
    expect(await client.settings.setEngine({ device: "webgpu" })).toMatchObject({ device: "webgpu", threads: 3 });
    expect((await runRound(client)).state).toBe("done");
    expect(new Set(jobs.map(([kind]) => kind))).toEqual(new Set(["sample", "train", "score"]));
    for (const [, options] of jobs) expect(options).toEqual({ device: "webgpu", threads: 3 });
    jobs.length = 0;
    await client.settings.setEngine({ device: "cpu", threads: 0 });
    for await (const trial of await client.policies.try({ policies: ["r0"], prompt: "Hello" })) expect(trial.place).toBe(0);
    expect(jobs).toEqual([["sample", { device: "cpu", threads: 0 }]]);
  });

  it("refuse a device that is not ready, with what was found, and stay", async () => {
    const { client } = await openReadyLab({}, { devices: DEVICES });
    await expect(client.settings.setEngine({ device: "cuda" })).rejects.toThrow("CUDA cannot be chosen: no such library");
    await expect(client.settings.setEngine({ device: "coreml" })).rejects.toThrow("CoreML cannot be chosen: the engine does not know it");
    await expect(client.settings.setEngine({ threads: 1000 })).rejects.toThrow();
    expect(await client.settings.engine()).toMatchObject({ device: "cpu", threads: 0 });
  });

  it("are among what doctor finds; a device that is gone is no fault unless it is the chosen one", async () => {
    const findings = DEVICES.map((finding) => ({ ...finding }));
    const { client } = await openReadyLab({}, { devices: findings });
    await client.settings.setEngine({ device: "webgpu" });
    const lines = async () =>
      (await client.settings.doctor())
        .filter(({ name }) => name.startsWith("device "))
        .map(({ name, ok, isAbsent, found }) => `${name}: ${isAbsent === true ? "absent" : ok}: ${found}`);
    expect(await lines()).toEqual([
      "device CPU: true: ready: the reference",
      "device WebGPU: true: ready, chosen: numbers differ from the CPU's by 1e-6",
      "device CUDA: absent: not to be used, untested: no such library",
    ]);
    findings[1] = { device: "webgpu", isReady: false, isTested: true, found: "no adapter" };
    expect((await lines())[1]).toBe("device WebGPU: false: not to be used, chosen: no adapter");
  });
});
