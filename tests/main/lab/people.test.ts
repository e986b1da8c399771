/** Rounds that people judge: the queue, its undo and redo, and going on when the last answer is in. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { LabClient } from "#app/contract/contract.ts";
import type { ShownVerdict } from "#app/contract/queue.ts";
import { REASON_TAGS } from "#app/domain/oracle.ts";
import { countOf, openReadyLab, openTestLab, runRound, SCRIPTED, type Setup, setUp, unitsOf, violationsOf } from "./support.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

const PEOPLE = { ...SCRIPTED, oracle: { kind: "people", guidelines: "Prefer the shorter one." }, sampling: { responsesPerPrompt: 2 } } as const;
const SETUP: Setup = { config: PEOPLE, training: 4, validation: 3 };

const LEFT: ShownVerdict = { kind: "prefers", side: "left", strength: "clear" };
const RIGHT: ShownVerdict = { kind: "prefers", side: "right", strength: "slight" };

async function judgeNext(client: LabClient, author: string, verdict: ShownVerdict): Promise<string> {
  const { comparisons } = await client.queue.next({ author, count: 1 });
  const askId = comparisons[0]?.askId ?? "";
  await client.queue.judge({ author, askId, verdict, durationMs: 1500, requestId: randomUUID() });
  return askId;
}

/** Prefers the shorter side until nothing waits; the number of verdicts. */
async function judgeAll(client: LabClient, author: string): Promise<number> {
  for (let judged = 0; ; judged++) {
    const [comparison] = (await client.queue.next({ author, count: 1 })).comparisons;
    if (comparison === undefined) return judged;
    const side = comparison.left.text.length <= comparison.right.text.length ? "left" : "right";
    await client.queue.judge({
      author,
      askId: comparison.askId,
      verdict: { kind: "prefers", side, strength: "clear" },
      durationMs: 900,
      requestId: randomUUID(),
    });
  }
}

describe("a round that people judge", () => {
  it("waits for them, goes on by itself after each stage's last answer, and ends", async () => {
    const { client, db } = await openReadyLab(SETUP);
    expect(await runRound(client)).toEqual({ state: "waitsForPeople", error: null });
    const judge = (await client.rounds.list())[0]?.stages[1];
    expect(judge).toMatchObject({ state: "running", waitsForPeople: true, unitsDone: 0, unitsTotal: 4 });
    // One order a comparison, drawn; one comparison a prompt of two responses.
    expect(await judgeAll(client, "Ada")).toBe(4);
    expect(await client.rounds.settle()).toEqual({ state: "waitsForPeople", error: null });
    const evaluate = (await client.rounds.list())[0]?.stages[4];
    expect(evaluate).toMatchObject({ state: "running", waitsForPeople: true });
    await judgeAll(client, "Ada");
    expect(await client.rounds.settle()).toEqual({ state: "done", error: null });
    expect(violationsOf(db)).toEqual([]);
    expect(countOf(db, "SELECT count(*) AS n FROM ask WHERE outcome <> 'answered'")).toBe(0);
    const duration = db.get("SELECT min(duration_ms) AS low, max(duration_ms) AS high FROM ask");
    expect(duration).toEqual({ low: 900, high: 900 });
  });

  it("is blind: a comparison holds texts and messages and nothing else", async () => {
    const { client } = await openReadyLab(SETUP);
    await runRound(client);
    const { comparisons, guidelines } = await client.queue.next({ author: "Ada" });
    expect(guidelines).toBe("Prefer the shorter one.");
    expect(comparisons).toHaveLength(3);
    for (const comparison of comparisons) {
      expect(Object.keys(comparison).sort()).toEqual(["askId", "draft", "isFlagged", "isPractice", "left", "messages", "right"]);
      expect(Object.keys(comparison.left)).toEqual(["text"]);
    }
  });

  it("records in stored order what was pressed for the side that was shown", async () => {
    const { client, db } = await openReadyLab(SETUP);
    await runRound(client);
    const verdicts: ShownVerdict[] = [LEFT, RIGHT, { kind: "bothBad" }];
    const asks: string[] = [];
    for (const verdict of verdicts) asks.push(await judgeNext(client, "Ada", verdict));
    const rows = asks.map((id) =>
      db.get(
        `SELECT j.verdict, j.strength, CASE j.verdict WHEN 'first' THEN j.first_id WHEN 'second' THEN j.second_id END = x.response_id AS is_left
         FROM judgment j JOIN ask_response x ON x.ask_id = j.ask_id AND x.position = 0 WHERE j.ask_id = $id`,
        { id },
      ),
    );
    expect(rows.map((row) => [row?.["is_left"], row?.["strength"]])).toEqual([
      [1, "clear"],
      [0, "slight"],
      [null, null],
    ]);
    expect(rows[2]?.["verdict"]).toBe("bothBad");
    expect((await client.queue.next({ author: "Ada" })).last).toEqual({ kind: "bothBad" });
  });

  it("keeps the next comparisons the same until they are judged, and gives nobody another's", async () => {
    const { client } = await openReadyLab({ ...SETUP, training: 6 });
    await runRound(client);
    const idsFor = async (author: string): Promise<string[]> => (await client.queue.next({ author, count: 3 })).comparisons.map((one) => one.askId);
    const first = await idsFor("Ada");
    expect(await idsFor("Ada")).toEqual(first);
    const second = await idsFor("Bo");
    expect(second.filter((id) => first.includes(id))).toEqual([]);
    expect(await idsFor("Cy")).toEqual([]);
    await judgeNext(client, "Ada", LEFT);
    expect(await idsFor("Ada")).toEqual(first.slice(1));
  });

  it("mixes the prompts, so that neighbours in the queue are seldom of one prompt", async () => {
    const { client, db } = await openReadyLab({ ...SETUP, config: { ...PEOPLE, sampling: { responsesPerPrompt: 4 } }, training: 8 });
    await runRound(client);
    const prompts = db.all("SELECT prompt_id FROM ask ORDER BY ordinal").map((row) => row["prompt_id"]);
    expect(prompts).toHaveLength(8 * 6);
    const neighbours = prompts.filter((prompt, i) => prompt === prompts[i + 1]).length;
    // 40 of 47 if they came prompt by prompt; 5 are to be expected by chance.
    expect(neighbours).toBeLessThan(12);
  });

  it("takes the same act twice as one, and refuses a second answer to one comparison", async () => {
    const { client, db } = await openReadyLab(SETUP);
    await runRound(client);
    const [comparison] = (await client.queue.next({ author: "Ada", count: 1 })).comparisons;
    const act = { author: "Ada", askId: comparison?.askId ?? "", verdict: LEFT, durationMs: 10, requestId: randomUUID() };
    const once = await client.queue.judge(act);
    expect(await client.queue.judge(act)).toEqual(once);
    expect(once.counts).toEqual({ mine: 1, done: 1, total: 4 });
    expect((await unitsOf(client))[1]).toBe("judge 1/4");
    await expect(client.queue.judge({ ...act, requestId: randomUUID() })).rejects.toThrow("has been answered already");
    await expect(client.queue.judge({ ...act, author: "Bo", requestId: randomUUID() })).rejects.toThrow("has been answered already");
    await expect(client.queue.judge({ ...act, askId: "nowhere", requestId: randomUUID() })).rejects.toThrow("there is no comparison nowhere");
    expect(countOf(db, "SELECT count(*) AS n FROM judgment")).toBe(1);
  });

  it("does not ask any more what belongs to a run that was begun anew", async () => {
    const { client, db } = await openReadyLab(SETUP);
    await runRound(client);
    const [old] = (await client.queue.next({ author: "Ada", count: 1 })).comparisons;
    await client.rounds.redo({ stage: "judge" });
    expect((await client.rounds.settle()).state).toBe("waitsForPeople");
    const act = { author: "Ada", askId: old?.askId ?? "", verdict: LEFT, durationMs: 10, requestId: randomUUID() };
    await expect(client.queue.judge(act)).rejects.toThrow("this comparison is not asked any more");
    expect((await client.queue.next({ author: "Ada" })).comparisons.map((one) => one.askId)).not.toContain(old?.askId);
    expect(countOf(db, "SELECT count(*) AS n FROM judgment")).toBe(0);
  });

  it("lets a person skip: nothing is said of the two, and the round goes on", async () => {
    const { client, db } = await openReadyLab({ ...SETUP, training: 2, validation: 1 });
    await runRound(client, "pair");
    await judgeNext(client, "Ada", { kind: "skip" });
    await judgeNext(client, "Ada", LEFT);
    expect((await client.rounds.settle()).state).toBe("done");
    expect(db.all("SELECT verdict FROM judgment ORDER BY sequence")).toMatchObject([{ verdict: "abstains" }, {}]);
    expect((await client.rounds.list())[0]?.pairCount).toBe(1);
  });

  it("has nothing to show before a round, between stages and for a script's round", async () => {
    const { client } = await openReadyLab(SETUP);
    expect(await client.queue.next({ author: "Ada" })).toEqual({
      comparisons: [],
      counts: { mine: 0, done: 0, total: 0 },
      guidelines: "Prefer the shorter one.",
      criteria: [],
      reasonTags: [...REASON_TAGS],
      last: null,
      sitting: null,
    });
    expect(await client.queue.undo({ author: "Ada" })).toEqual({ comparison: null, verdict: null, counts: { mine: 0, done: 0, total: 0 } });
  });

  it("lists who judges, with what of it is live", async () => {
    const { client } = await openReadyLab(SETUP);
    await runRound(client);
    await judgeNext(client, "Bo", LEFT);
    await judgeNext(client, "Ada", LEFT);
    await judgeNext(client, "Ada", RIGHT);
    await client.queue.undo({ author: "Ada" });
    expect(await client.queue.authors()).toEqual([
      { name: "Ada", judgments: 1 },
      { name: "Bo", judgments: 1 },
    ]);
  });
});

describe("undo and redo", () => {
  it("take verdicts back and re-instate them, in order, without changing a record", async () => {
    const { client, db } = await openReadyLab(SETUP);
    await runRound(client);
    const first = await judgeNext(client, "Ada", LEFT);
    const second = await judgeNext(client, "Ada", RIGHT);
    const undone = await client.queue.undo({ author: "Ada" });
    expect([undone.comparison?.askId, undone.verdict, undone.counts]).toEqual([second, RIGHT, { mine: 1, done: 1, total: 4 }]);
    const again = await client.queue.undo({ author: "Ada" });
    expect([again.comparison?.askId, again.verdict]).toEqual([first, LEFT]);
    // What was taken back comes first, in the order of the plan.
    const { comparisons } = await client.queue.next({ author: "Ada", count: 3 });
    expect(new Set(comparisons.slice(0, 2).map((one) => one.askId))).toEqual(new Set([first, second]));
    const redone = await client.queue.redo({ author: "Ada" });
    expect([redone.comparison?.askId, redone.verdict, redone.counts.done]).toEqual([first, LEFT, 1]);
    expect((await client.queue.redo({ author: "Ada" })).comparison?.askId).toBe(second);
    expect((await client.queue.redo({ author: "Ada" })).comparison).toBeNull();
    // Two verdicts, two retractions, two re-instatements: nothing was overwritten.
    expect(countOf(db, "SELECT count(*) AS n FROM judgment")).toBe(6);
    expect(countOf(db, "SELECT count(*) AS n FROM current_judgment")).toBe(2);
    expect(violationsOf(db)).toEqual([]);
  });

  it("let another verdict be given, which ends what could be redone", async () => {
    const { client, db } = await openReadyLab(SETUP);
    await runRound(client);
    const ask = await judgeNext(client, "Ada", LEFT);
    await client.queue.undo({ author: "Ada" });
    expect(await judgeNext(client, "Ada", { kind: "tie" })).toBe(ask);
    expect((await client.queue.redo({ author: "Ada" })).comparison).toBeNull();
    expect(db.all("SELECT verdict FROM current_judgment")).toEqual([{ verdict: "tie" }]);
    // And that verdict can be taken back in its turn.
    expect((await client.queue.undo({ author: "Ada" })).verdict).toEqual({ kind: "tie" });
    expect(violationsOf(db)).toEqual([]);
  });

  it("concern the author alone", async () => {
    const { client } = await openReadyLab(SETUP);
    await runRound(client);
    await judgeNext(client, "Ada", LEFT);
    expect((await client.queue.undo({ author: "Bo" })).comparison).toBeNull();
    expect((await client.queue.next({ author: "Ada" })).counts).toEqual({ mine: 1, done: 1, total: 4 });
  });

  it("keep the round waiting until what was taken back is answered", async () => {
    const { client, db } = await openReadyLab(SETUP);
    await runRound(client, "pair");
    for (let i = 0; i < 3; i++) await judgeNext(client, "Ada", LEFT);
    await client.queue.undo({ author: "Ada" });
    const { comparisons } = await client.queue.next({ author: "Ada", count: 4 });
    expect(comparisons).toHaveLength(2);
    await client.queue.judge({ author: "Ada", askId: comparisons[1]?.askId ?? "", verdict: RIGHT, durationMs: 5, requestId: randomUUID() });
    expect((await client.rounds.settle()).state).toBe("waitsForPeople");
    await client.queue.judge({ author: "Ada", askId: comparisons[0]?.askId ?? "", verdict: RIGHT, durationMs: 5, requestId: randomUUID() });
    expect((await client.rounds.settle()).state).toBe("done");
    // The round has gone on: there is nothing more to take back.
    expect((await client.queue.undo({ author: "Ada" })).comparison).toBeNull();
    expect(violationsOf(db)).toEqual([]);
  });
});

describe("a lab that closes while it waits for people", () => {
  it("waits on when it is opened again, with the same comparisons, as far as it was to go", async () => {
    const folder = tempFolder();
    const first = await openTestLab(folder);
    await setUp(first, SETUP);
    await runRound(first.client, "pair");
    await judgeNext(first.client, "Ada", LEFT);
    const held = await first.client.queue.next({ author: "Ada", count: 3 });
    await first.lab.close();
    const second = await openTestLab(folder);
    expect(await second.client.rounds.settle()).toEqual({ state: "waitsForPeople", error: null });
    expect(await second.client.queue.next({ author: "Ada", count: 3 })).toEqual(held);
    await judgeAll(second.client, "Ada");
    expect((await second.client.rounds.settle()).state).toBe("done");
    expect(countOf(second.db, "SELECT count(*) AS n FROM stage_attempt WHERE stage = 'train'")).toBe(0);
    expect(violationsOf(second.db)).toEqual([]);
  });

  it("waits on even if all that is missing was taken back", async () => {
    const folder = tempFolder();
    const first = await openTestLab(folder);
    await setUp(first, { ...SETUP, training: 2 });
    await runRound(first.client, "judge");
    await judgeNext(first.client, "Ada", LEFT);
    await first.client.queue.undo({ author: "Ada" });
    const other = await first.client.queue.next({ author: "Bo", count: 1 });
    await first.client.queue.judge({ author: "Bo", askId: other.comparisons[0]?.askId ?? "", verdict: LEFT, durationMs: 1, requestId: randomUUID() });
    await first.lab.close();
    const second = await openTestLab(folder);
    expect((await second.client.rounds.settle()).state).toBe("waitsForPeople");
    await judgeNext(second.client, "Ada", RIGHT);
    expect((await second.client.rounds.settle()).state).toBe("done");
    expect(violationsOf(second.db)).toEqual([]);
  });
});
