/** Sampling in 8 bits as an option of the experiment: measured once a run, kept to, refused where it is too far off, never for evaluations. */
import { describe, expect, it } from "vitest";
import { EngineError } from "#app/base/errors.ts";
import type { Device, DeviceFinding } from "#app/domain/device.ts";
import type { PrecisionJob, SampleJob } from "#app/rounds/ports.ts";
import type { FakeEngineOptions } from "#tests/support/fake-engine.ts";
import { openReadyLab, runRound, SCRIPTED, type Setup } from "./support.ts";

const EIGHT_BITS = { ...SCRIPTED, sampling: { ...SCRIPTED.sampling, precision: "8bit" } };

async function openWatchedLab(engine: FakeEngineOptions = {}, config: Readonly<Record<string, unknown>> = EIGHT_BITS, setup: Setup = {}) {
  const [sampled, measured]: [SampleJob[], PrecisionJob[]] = [[], []];
  const lab = await openReadyLab({ config, ...setup }, { ...engine, onSample: (job) => sampled.push(job), onMeasure: (job) => measured.push(job) });
  return { ...lab, sampled, measured };
}

it("is off by default: nothing is measured, all is sampled in float32", async () => {
  const lab = await openWatchedLab({}, SCRIPTED);
  await runRound(lab.client);
  expect(lab.measured).toEqual([]);
  expect(new Set(lab.sampled.map(({ settings }) => settings.precision))).toEqual(new Set(["float32"]));
});

it("samples a round in 8 bits and evaluates it in float32", async () => {
  const lab = await openWatchedLab();
  expect((await runRound(lab.client)).state).toBe("done");
  expect(lab.sampled.map(({ settings }) => settings.precision)).toEqual(["8bit", "float32", "float32"]);
  // The first policy was not trained here: there is no reference to be far from.
  // The engine is given all units and takes a few whose prompts it can sample.
  expect(lab.measured.map(({ reference, units }) => [reference, units.length])).toEqual([[null, 24]]);
  expect(lab.db.all("SELECT used, gap_nats, distance_nats, token_count FROM attempt_precision")).toEqual([
    { used: "8bit", gap_nats: 0.01, distance_nats: null, token_count: 100 },
  ]);
  const [round] = await lab.client.rounds.list();
  expect(round?.stages[0]?.remarks).toEqual(["sampled in 8 bits: 8 bits are 0.010 nats a token off"]);
});

it("measures a trained policy against the one it was trained from, and falls to float32 where rounding drowns the training", async () => {
  const lab = await openWatchedLab({ precision: { gapNats: 0.05, distanceNats: 0.2, tokenCount: 90 } });
  await runRound(lab.client);
  const before = lab.sampled.length;
  await runRound(lab.client, "sample");
  const [, second] = lab.measured;
  expect(second?.policy.adapterHash).not.toBeNull();
  expect(second?.reference).toEqual({ checkpointHash: second?.policy.checkpointHash, adapterHash: null });
  expect(lab.sampled.slice(before).map(({ settings }) => settings.precision)).toEqual(["float32"]);
  const remarks = (await lab.client.rounds.list()).at(-1)?.stages[0]?.remarks;
  expect(remarks).toEqual(["sampled in float32: 8 bits are 0.050 nats a token off, more than a fifth of 0.20"]);
});

it("decides once a run: a run that goes on samples as it began", async () => {
  let isPausing = true;
  const lab = await openWatchedLab({
    beforeUnit: async ({ count }) => {
      if (count !== 5 || !isPausing) return;
      isPausing = false;
      void lab.client.rounds.pause();
      await Promise.resolve();
    },
  });
  expect((await runRound(lab.client, "sample")).state).toBe("paused");
  await lab.client.rounds.resume();
  expect((await lab.client.rounds.settle()).state).toBe("done");
  expect(lab.measured).toHaveLength(1);
  expect(lab.sampled.map(({ settings }) => settings.precision)).toEqual(["8bit", "8bit"]);
});

it.each(["Training prompt 0", "Training prompt 1"])("measures by the prompts that can be sampled: without %s", async (tooLong) => {
  const config = { ...EIGHT_BITS, sampling: { ...EIGHT_BITS.sampling, responsesPerPrompt: 16 } };
  const lab = await openWatchedLab({ tooLong }, config, { training: 2, validation: 1 });
  expect(await runRound(lab.client, "sample")).toEqual({ state: "done", error: null });
  expect(lab.measured.map(({ units }) => units.length)).toEqual([32]);
  expect(lab.sampled.map(({ settings }) => settings.precision)).toEqual(["8bit"]);
  expect(lab.db.all("SELECT count(*) AS n FROM response WHERE attempt_id IS NOT NULL")).toEqual([{ n: 16 }]);
});

it("leaves it to sampling to say why no prompt can be sampled", async () => {
  const lab = await openWatchedLab({ tooLong: "Training prompt" });
  expect((await runRound(lab.client, "sample")).state).toBe("done");
  expect(lab.db.all("SELECT count(*) AS n FROM sample_skip")).toEqual([{ n: 24 }]);
  expect(lab.db.all("SELECT * FROM attempt_precision")).toEqual([]);
});

describe("a run on another device than it began on", () => {
  const devices: readonly DeviceFinding[] = [{ device: "webgpu", isReady: true, isTested: true, found: "" }];

  /** What each job of sampling ran with. */
  async function sampledWith(from: Device, meanwhile: "fails" | { readonly to: Device }) {
    let isFirst = true;
    const lab = await openWatchedLab({
      devices,
      beforeUnit: async ({ count }) => {
        if (count !== 6 || !isFirst) return;
        isFirst = false;
        if (meanwhile === "fails") throw new EngineError("device lost", { device: from });
        void lab.client.rounds.pause();
        await Promise.resolve();
      },
    });
    await lab.client.settings.setEngine({ device: from });
    await runRound(lab.client, "sample");
    if (meanwhile !== "fails") {
      await lab.client.settings.setEngine({ device: meanwhile.to });
      await lab.client.rounds.resume();
    }
    expect(await lab.client.rounds.settle()).toEqual({ state: "done", error: null });
    const remarks = (await lab.client.rounds.list())[0]?.stages[0]?.remarks;
    return { jobs: lab.sampled.map(({ engine, settings }) => [engine.device, settings.precision]), measured: lab.measured.length, remarks };
  }

  it("goes on in float32 where a device failed that has no 8 bits", async () => {
    const { jobs, measured } = await sampledWith("webgpu", "fails");
    expect(jobs).toEqual([
      ["webgpu", "float32"],
      ["cpu", "float32"],
    ]);
    expect(measured).toBe(0);
  });

  it("goes on in float32 on the CPU that was chosen meanwhile", async () => {
    const { jobs, measured } = await sampledWith("webgpu", { to: "cpu" });
    expect(jobs).toEqual([
      ["webgpu", "float32"],
      ["cpu", "float32"],
    ]);
    expect(measured).toBe(0);
  });

  it("stays on the CPU where it began in 8 bits", async () => {
    const { jobs, measured, remarks } = await sampledWith("cpu", { to: "webgpu" });
    expect(jobs).toEqual([
      ["cpu", "8bit"],
      ["cpu", "8bit"],
    ]);
    expect([measured, remarks]).toEqual([1, ["sampled in 8 bits: 8 bits are 0.010 nats a token off"]]);
  });
});
