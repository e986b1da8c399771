/** A round on WebGPU, on a graphics processor in software, whose engine is killed in the middle of training. */
import { afterEach, expect, it, vi } from "vitest";
import type { ProcessHandle } from "#app/rounds/ports.ts";
import { createForkHost } from "#main/host/process-host.ts";
import { openRealLab, REAL_LAB_CONFIG } from "#tests/support/real-lab.ts";
import { softwareGpu } from "#tests/support/software-gpu.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

it("samples and trains there, and goes on on the CPU from the last checkpoint", { timeout: 300_000 }, async (context) => {
  const gpu = softwareGpu();
  if ("missing" in gpu) return context.skip(gpu.missing);
  for (const [name, value] of Object.entries(gpu.environment)) vi.stubEnv(name, value);
  const engines: ProcessHandle[] = [];
  const host = createForkHost();
  const lab = await openRealLab(tempFolder(), {
    training: 4,
    validation: 4,
    more: {
      sampling: { ...REAL_LAB_CONFIG.sampling, maxNewTokens: 12 },
      training: { ...REAL_LAB_CONFIG.training, batchSize: 2, checkpointEverySteps: 1, epochs: 4 },
    },
    processHost: {
      start: (entry, onExit) => {
        const engine = host.start(entry, onExit);
        engines.push(engine);
        return engine;
      },
    },
  });
  try {
    await lab.client.settings.setEngine({ device: "webgpu", threads: 1 });
    const events = await lab.client.rounds.watch();
    await lab.client.rounds.start({ until: "train" });
    const settled = lab.client.rounds.settle();
    const steps: number[] = [];
    let fall: unknown;
    for await (const event of events) {
      if (event.type === "training.stepped") steps.push(event.step);
      if (event.type === "training.stepped" && event.step === 3 && fall === undefined) await engines.at(-1)?.kill();
      if (event.type === "engine.fellBack") fall = event;
      if (event.type === "stage.changed" && event.stage.stage === "train" && event.stage.state === "done") break;
    }
    expect(await settled).toEqual({ state: "done", error: null });
    expect(fall).toMatchObject({ device: "webgpu", message: "the engine process ended with signal SIGKILL" });
    const [round] = await lab.client.rounds.list();
    const remarks = Object.fromEntries((round?.stages ?? []).map((stage) => [stage.stage, stage.remarks]));
    expect(remarks["sample"]).toContain("on WebGPU");
    expect(remarks["train"]).toEqual(
      expect.arrayContaining(["on WebGPU", "WebGPU failed, on the CPU since: the engine process ended with signal SIGKILL"]),
    );
    // None left out; what a checkpoint has is not done again.
    expect([...new Set(steps)]).toEqual(Array.from({ length: Math.max(...steps) }, (_, i) => i + 1));
    expect(Math.max(...steps)).toBeGreaterThan(4);
    expect(steps.filter((step) => step <= 2)).toEqual([1, 2]);
  } finally {
    await lab.close();
  }
});
