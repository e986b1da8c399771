/** Rounds that train on old pairs again: which, how many, and that they reach the training. */
import { expect, it } from "vitest";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { countOf, openReadyLab, runRound, SCRIPTED, violationsOf } from "./support.ts";

const REPLAY = { ...SCRIPTED, replay: { share: 0.5, decay: 0.5 } };

it("mixes pairs of earlier rounds in, halved with each round, and trains on them", async () => {
  const { client, db } = await openReadyLab({ config: REPLAY, validation: 4 });
  for (let round = 1; round <= 3; round++) expect(await runRound(client), `round ${round}`).toEqual({ state: "done", error: null });
  const pairs = (await client.rounds.list()).map((round) => round.pairCount ?? 0);
  const byAge = db.all(
    `SELECT r.number, p.age, count(*) AS n FROM replayed_pair p JOIN stage_attempt a ON a.id = p.attempt_id JOIN round r ON r.id = a.round_id
     GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  const caps = [
    { number: 2, age: 1, n: Math.min(pairs[0] ?? 0, Math.floor(0.5 * (pairs[1] ?? 0))) },
    { number: 3, age: 1, n: Math.min(pairs[1] ?? 0, Math.floor(0.5 * (pairs[2] ?? 0))) },
    { number: 3, age: 2, n: Math.min(pairs[0] ?? 0, Math.floor(0.25 * (pairs[2] ?? 0))) },
  ];
  expect(caps.every(({ n }) => n > 0)).toBe(true);
  expect(byAge).toEqual(caps);
  const third = (await client.rounds.list())[2];
  const replayed = (caps[1]?.n ?? 0) + (caps[2]?.n ?? 0);
  expect(third?.stages[2]?.counts).toMatchObject({ "replayed pairs": replayed });
  // What training says it was given.
  expect(third?.stages[3]?.counts["pairs"]).toBe((pairs[2] ?? 0) + replayed);
  expect(violationsOf(db)).toEqual([]);
});

it("replays the same pairs when the stage is run again, and none without the setting", async () => {
  const { client, db } = await openReadyLab({ config: REPLAY, validation: 4 });
  await runRound(client);
  await runRound(client, "pair");
  const replayed = (): unknown =>
    db.all("SELECT p.pair_id, p.age FROM replayed_pair p JOIN current_attempt a ON a.id = p.attempt_id ORDER BY p.pair_id");
  const before = replayed();
  expect(before).not.toEqual([]);
  await client.rounds.redo({ stage: "pair" });
  await client.rounds.settle();
  expect(replayed()).toEqual(before);

  await client.experiments.configure({ config: experimentConfigSchema.parse(SCRIPTED) });
  await client.rounds.redo({ stage: "pair" });
  await client.rounds.settle();
  expect(replayed()).toEqual([]);
  expect(countOf(db, "SELECT count(*) AS n FROM current_pair")).toBeGreaterThan(0);
});
