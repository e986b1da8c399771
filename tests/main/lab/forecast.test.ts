/** What the lab says of a round before it starts, held against what the round then took. */
import { describe, expect, it } from "vitest";
import type { ForecastRow, ForecastView } from "#app/contract/forecast.ts";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import type { FakeUnit } from "#tests/support/fake-engine.ts";
import { countOf, openReadyLab, runRound, SCRIPTED, violationsOf } from "./support.ts";

const rowOf = (forecast: ForecastView, what: ForecastRow["what"]): ForecastRow | undefined => forecast.rows.find((row) => row.what === what);

describe("the forecast", () => {
  it("starts nothing, and says what is not known before the first round", async () => {
    const { client, db } = await openReadyLab();
    const forecast = await client.rounds.forecast();
    expect(forecast).toMatchObject({ round: 1, isStarted: false, policy: "r0", refusal: null, changes: [] });
    expect(rowOf(forecast, "samples")?.toCome).toMatchObject({ value: 8 * 3 + 24 * 2, source: "exact" });
    expect(rowOf(forecast, "time")).toMatchObject({
      toCome: null,
      remark: "not measured yet with these settings: sample, judge, pair, train, evaluate",
    });
    expect(rowOf(forecast, "disk")?.toCome).toBeNull();
    expect(rowOf(forecast, "money")?.toCome).toMatchObject({ value: 0, source: "exact" });
    expect(countOf(db, "SELECT count(*) AS n FROM round")).toBe(0);
  });

  it("of the second round comes true where nothing changes", async () => {
    const { client, db } = await openReadyLab();
    await runRound(client);
    const forecast = await client.rounds.forecast();
    expect(forecast).toMatchObject({ round: 2, isStarted: false, policy: "r1" });
    expect(forecast.changes.map((change) => [change.name, change.from, change.to])).toEqual([
      ["Starts from", "r0", "r1"],
      ["Prompts", null, "all 8"],
    ]);
    expect(rowOf(forecast, "time")?.toCome?.value).toBeGreaterThanOrEqual(0);
    await client.rounds.start({ until: "sample" });
    await client.rounds.settle();
    const open = await client.rounds.forecast();
    expect(open).toMatchObject({ round: 2, isStarted: true });
    expect(rowOf(open, "samples")).toMatchObject({ saidBefore: { value: 8 * 3 + 24 * 3 }, soFar: 24, toCome: { value: 24 * 3 } });
    // Said before, and not changed by what was learned since.
    expect(rowOf(open, "time")?.saidBefore).toEqual(rowOf(forecast, "time")?.toCome);
    await runRound(client);
    expect(
      countOf(
        db,
        "SELECT count(*) AS n FROM response WHERE attempt_id IN (SELECT id FROM stage_attempt WHERE round_id = (SELECT id FROM round WHERE number = 2))",
      ),
    ).toBe(rowOf(forecast, "samples")?.toCome?.value);
    expect(violationsOf(db)).toEqual([]);
  });

  it("uses only rates of runs with like settings", async () => {
    const { client } = await openReadyLab();
    await runRound(client);
    const experiment = await client.experiments.get();
    if (experiment === null) throw new Error("no experiment");
    const { config } = experiment;
    await client.experiments.configure({
      config: { ...config, sampling: { ...config.sampling, maxNewTokens: 32 }, training: { ...config.training, learningRate: 1e-5 } },
    });
    const forecast = await client.rounds.forecast();
    expect(rowOf(forecast, "time")).toMatchObject({ toCome: null, remark: "not measured yet with these settings: sample, evaluate" });
    expect(forecast.changes.map((change) => change.name)).toEqual(["Starts from", "Prompts", "sampling.maxNewTokens", "training.learningRate"]);
  });

  it("knows what training takes once it was measured, until the settings are others", async () => {
    const { client } = await openReadyLab(
      {},
      { trainingForecast: { msPerPair: 1000, referenceMsPerPair: 400, memoryBytes: 3e9, longestTokens: 300 } },
    );
    expect(rowOf(await client.rounds.forecast(), "memory")?.toCome?.source).toBe("floor");
    expect(await client.rounds.measureTraining()).toMatchObject({ memoryBytes: 3e9 });
    const known = await client.rounds.forecast();
    expect(rowOf(known, "memory")).toMatchObject({ toCome: { value: 3e9, source: "measured" } });
    expect(rowOf(known, "time")?.remark).toBe("not measured yet with these settings: sample, judge, pair, evaluate");
    const training = known.stages.find((stage) => stage.stage === "train");
    const { config } = (await client.experiments.get()) ?? {};
    if (config === undefined) throw new Error("no experiment");
    const { batchSize, epochs } = config.training;
    // A step's pairs with their gradients, and their references once for all epochs.
    expect(training?.remainingMs?.high).toBeCloseTo((training?.units?.high ?? Number.NaN) * batchSize * (1000 + 400 / epochs), 3);
    await client.experiments.configure({ config: { ...config, training: { ...config.training, recompute: true } } });
    expect(rowOf(await client.rounds.forecast(), "memory")?.toCome?.source).toBe("floor");
    await client.experiments.configure({ config });
    // What a run took counts more than a probe.
    await runRound(client);
    const after = (await client.rounds.forecast()).stages.find((stage) => stage.stage === "train");
    expect(after?.remainingMs?.high).toBeLessThan(training?.remainingMs?.high ?? 0);
  });

  it("measures training of a policy with prompts only", async () => {
    const { client } = await openReadyLab({ training: 0 });
    await expect(client.rounds.measureTraining()).rejects.toThrow("expected a policy and training prompts");
  });

  it("counts people's answers at the pace that they showed", async () => {
    const { client } = await openReadyLab({
      config: { ...SCRIPTED, oracle: { kind: "people", guidelines: "" }, sampling: { responsesPerPrompt: 2 } },
      training: 4,
      validation: 4,
    });
    const before = await client.rounds.forecast();
    expect(rowOf(before, "people")).toMatchObject({ toCome: { high: 4 + 4, source: "bound" }, remark: "nobody’s pace is measured yet" });
    expect(rowOf(before, "judgeCalls")).toBeUndefined();
    await runRound(client, "judge");
    const { comparisons } = await client.queue.next({ author: "Ada", count: 2 });
    for (const [i, comparison] of comparisons.entries()) {
      await client.queue.judge({
        author: "Ada",
        askId: comparison.askId,
        verdict: { kind: "prefers", side: "left", strength: "slight" },
        durationMs: 10_000 + 4000 * i,
        requestId: crypto.randomUUID(),
      });
    }
    const after = await client.rounds.forecast();
    expect(rowOf(after, "people")).toMatchObject({ soFar: 2, remark: "14 s each, the median of 2 answers" });
    const { toCome } = rowOf(after, "people") ?? {};
    expect(rowOf(after, "peopleTime")?.toCome?.value).toBe((toCome?.value ?? 0) * 14_000);
  });

  it("goes by the settings that a stage began with, and the start says which of them were changed since", async () => {
    let isBroken = false;
    const beforeUnit = ({ kind }: FakeUnit): void => {
      if (isBroken && kind === "step") throw new Error("the disk is full");
    };
    const { client, db } = await openReadyLab({}, { beforeUnit });
    await runRound(client);
    isBroken = true;
    expect((await runRound(client)).state).toBe("failed");
    isBroken = false;
    const changed = { ...SCRIPTED, training: { ...SCRIPTED.training, learningRate: 1e-5, keepCheckpoints: 3 }, evaluation: { temperature: 0.5 } };
    await client.experiments.configure({ config: experimentConfigSchema.parse(changed) });

    const names = (await client.rounds.forecast()).changes.map((change) => change.name);
    expect(names).not.toContain("training.learningRate");
    // The evaluation is still to begin.
    expect(names).toContain("evaluation.temperature");
    const { learningRate } = experimentConfigSchema.parse(SCRIPTED).training;
    const kept = `keeps the settings that it began with: training.learningRate ${learningRate}, now 0.00001`;
    expect((await client.rounds.list())[1]?.stages[3]?.remarks).toContain(kept);
    expect(await client.rounds.start({})).toEqual({ round: 2, keeps: { stage: "train", sentence: `the stage train of round 2 ${kept}` } });
    expect((await client.rounds.settle()).state).toBe("done");
    const rates = db.all("SELECT stage, config ->> '$.training.learningRate' AS rate FROM current_attempt ORDER BY created_at DESC LIMIT 2");
    expect(rates).toEqual([
      { stage: "evaluate", rate: 1e-5 },
      { stage: "train", rate: learningRate },
    ]);
    // Nothing is left aside where the stage begins now.
    expect(await client.rounds.start({})).toEqual({ round: 3, keeps: null });
    expect((await client.rounds.settle()).state).toBe("done");
  });

  it("tells a judge's calls and people's comparisons apart where the oracle was changed before the evaluation", async () => {
    const { client } = await openReadyLab();
    await runRound(client, "judge");
    await client.experiments.configure({ config: experimentConfigSchema.parse({ ...SCRIPTED, oracle: { kind: "people" } }) });
    const forecast = await client.rounds.forecast();
    const judged = (await client.rounds.list())[0]?.stages[1]?.unitsTotal;
    expect(rowOf(forecast, "judgeCalls")).toMatchObject({ soFar: judged, toCome: { value: 0 } });
    expect(rowOf(forecast, "people")).toMatchObject({ soFar: 0, toCome: { high: 24 } });
  });

  it("says why a round cannot be started, as the start would", async () => {
    const { client } = await openReadyLab({ validation: 0 });
    const { refusal } = await client.rounds.forecast();
    await expect(client.rounds.start({})).rejects.toThrow(refusal ?? "no refusal");
  });
});
