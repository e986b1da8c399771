/** Running a stage again: new attempts, the old ones and what came of them superseded but kept. */
import { describe, expect, it } from "vitest";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { countOf, openReadyLab, runRound, SCRIPTED, violationsOf } from "./support.ts";

const attempts = "SELECT stage, number, state FROM stage_attempt ORDER BY created_at, id";

describe("redoing a stage", () => {
  it("supersedes it and those after it, keeps their records, and runs them again", async () => {
    const { client, db } = await openReadyLab();
    await runRound(client);
    const before = db.all("SELECT adapter_hash FROM policy WHERE name = 'r1'");
    expect(await client.rounds.redo({ stage: "train" })).toEqual({ round: 1 });
    expect((await client.rounds.settle()).state).toBe("done");
    expect(db.all(attempts).map((row) => `${String(row["stage"])} ${String(row["number"])} ${String(row["state"])}`)).toEqual([
      "sample 1 done",
      "judge 1 done",
      "pair 1 done",
      "train 1 superseded",
      "evaluate 1 superseded",
      "train 2 done",
      "evaluate 2 done",
    ]);
    // The same pairs, settings and seed give the same weights; the policy of the superseded run no longer counts.
    expect(db.all("SELECT adapter_hash FROM policy WHERE name = 'r1'")).toEqual([...before, ...before]);
    expect((await client.policies.list()).map((policy) => policy.name)).toEqual(["r0", "r1"]);
    expect(violationsOf(db)).toEqual([]);
  });

  it("of sampling draws other responses", async () => {
    const { client, db } = await openReadyLab();
    await runRound(client, "sample");
    await client.rounds.redo({ stage: "sample" });
    await client.rounds.settle();
    const texts = db
      .all("SELECT group_concat(text, '|') AS t FROM (SELECT text, attempt_id FROM response ORDER BY attempt_id, text) GROUP BY attempt_id")
      .map((row) => row["t"]);
    expect(texts).toHaveLength(2);
    expect(texts[0]).not.toBe(texts[1]);
    // As far as the round had been asked to go, and no further.
    expect(countOf(db, "SELECT count(*) AS n FROM stage_attempt WHERE stage <> 'sample'")).toBe(0);
  });

  it("takes the configuration of now", async () => {
    const { client, db } = await openReadyLab();
    await runRound(client);
    const experiment = await client.experiments.get();
    if (experiment === null) throw new Error("no experiment");
    await client.experiments.configure({ config: { ...experiment.config, training: { ...experiment.config.training, epochs: 2 } } });
    await client.rounds.redo({ stage: "train" });
    await client.rounds.settle();
    const steps = db.all("SELECT a.number, max(m.step) AS n FROM metric m JOIN stage_attempt a ON a.id = m.attempt_id GROUP BY 1 ORDER BY 1");
    expect(steps[1]?.["n"]).toBe(2 * Number(steps[0]?.["n"]));
    expect(await client.training.metrics({ round: 1 })).toHaveLength(Number(steps[1]?.["n"]));
  });

  it("of judging, with another oracle, helps a round that made no pairs", async () => {
    const { client, db } = await openReadyLab({ config: { ...SCRIPTED, oracle: { kind: "regex", pattern: "no such word" } } });
    expect((await runRound(client)).state).toBe("failed");
    const experiment = await client.experiments.get();
    if (experiment === null) throw new Error("no experiment");
    await client.experiments.configure({ config: experimentConfigSchema.parse({ ...experiment.config, oracle: SCRIPTED.oracle }) });
    await client.rounds.redo({ stage: "judge" });
    expect((await client.rounds.settle()).state).toBe("done");
    // Both oracles are kept, each with what it said.
    expect(db.all("SELECT name, (SELECT count(*) FROM ask k WHERE k.oracle_id = o.id) > 0 AS was_asked FROM oracle o ORDER BY name")).toEqual([
      { name: "regex", was_asked: 1 },
      { name: "targetLength", was_asked: 1 },
    ]);
    expect(violationsOf(db)).toEqual([]);
  });

  it("refuses what has not been run", async () => {
    const { client, db } = await openReadyLab();
    await expect(client.rounds.redo({ stage: "judge" })).rejects.toThrow("no round has been started yet");
    await runRound(client, "sample");
    await expect(client.rounds.redo({ stage: "judge" })).rejects.toThrow(
      "the stage judge of round 1 has not been run yet, so it cannot be run again",
    );
    expect(countOf(db, "SELECT count(*) AS n FROM stage_attempt")).toBe(1);
  });
});
