/** Sampling in 8 bits as an option of the experiment: measured once a run, kept to, refused where it is too far off, never for evaluations. */
import { expect, it } from "vitest";
import type { PrecisionJob, SampleJob } from "#app/rounds/ports.ts";
import type { FakeEngineOptions } from "#tests/support/fake-engine.ts";
import { openReadyLab, runRound, SCRIPTED } from "./support.ts";

const EIGHT_BITS = { ...SCRIPTED, sampling: { ...SCRIPTED.sampling, precision: "8bit" } };

async function openWatchedLab(engine: FakeEngineOptions = {}, config: Readonly<Record<string, unknown>> = EIGHT_BITS) {
  const [sampled, measured]: [SampleJob[], PrecisionJob[]] = [[], []];
  const lab = await openReadyLab({ config }, { ...engine, onSample: (job) => sampled.push(job), onMeasure: (job) => measured.push(job) });
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
  expect(lab.measured.map(({ reference, units }) => [reference, units.length])).toEqual([[null, 16]]);
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
