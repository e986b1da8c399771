/** Rounds that train on preferences of others: the paper's offline DPO. */
import { expect, it } from "vitest";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { countOf, openTestLab, runRound, SCRIPTED, setUp, type TestLab, violationsOf, writeLines } from "./support.ts";

async function openWith(pairs: Readonly<Record<string, unknown>>, training = 0): Promise<TestLab> {
  const lab = await openTestLab(tempFolder());
  await setUp(lab, { config: { ...SCRIPTED, pairs }, training, validation: 20 });
  return lab;
}

const ROWS = [
  { prompt: "First question", chosen: "quiet lamp", rejected: "a loud long lamp", score_chosen: 8, score_rejected: 7.5, split: "training" },
  { prompt: "First question", chosen: "quiet lamp", rejected: "no lamp", score_chosen: 8, score_rejected: 2, split: "training" },
  { prompt: "Second question", chosen: "yes", rejected: "no", split: "training" },
  { prompt: "Held out", chosen: "good", rejected: "bad", score_chosen: 9, score_rejected: 1, split: "validation" },
];
const TEXTS = `SELECT c.text AS chosen, r.text AS rejected FROM current_pair p JOIN response c ON c.id = p.chosen_id JOIN response r ON r.id = p.rejected_id ORDER BY c.text, r.text`;

it("takes them as they came, without sampling or asking, and never those of held-out prompts", async () => {
  const { client, db, folder } = await openWith({ kind: "imported" });
  await client.experiments.importPrompts({ path: writeLines(folder, "others.jsonl", ROWS) });
  expect((await runRound(client)).state).toBe("done");
  expect(db.all(TEXTS)).toEqual([
    { chosen: "quiet lamp", rejected: "a loud long lamp" },
    { chosen: "quiet lamp", rejected: "no lamp" },
    { chosen: "yes", rejected: "no" },
  ]);
  expect(countOf(db, "SELECT count(*) AS n FROM response r JOIN stage_attempt a ON a.id = r.attempt_id WHERE a.stage = 'sample'")).toBe(0);
  expect(countOf(db, "SELECT count(*) AS n FROM ask WHERE purpose = 'training'")).toBe(0);
  expect(db.all("SELECT name FROM current_policy ORDER BY name")).toEqual([{ name: "r0" }, { name: "r1" }]);
  expect(violationsOf(db)).toEqual([]);
});

it("takes only those whose scores differ by the gap", async () => {
  const { client, db, folder } = await openWith({ kind: "imported", minScoreGap: 1 });
  await client.experiments.importPrompts({ path: writeLines(folder, "others.jsonl", ROWS) });
  await runRound(client, "pair");
  expect(db.all(TEXTS)).toEqual([{ chosen: "quiet lamp", rejected: "no lamp" }]);
  expect((await client.rounds.list())[0]?.stages[2]?.counts).toMatchObject({
    "below the margin": 1,
    "without scores": 1,
    "prompts without a pair": 1,
  });
});

it("says so where there are none", async () => {
  const { client } = await openWith({ kind: "imported" }, 4);
  await expect(client.rounds.start({})).rejects.toThrow(
    'pairs.kind: the rule "imported" takes preferences that came with training prompts, and no such prompt has one',
  );
});
