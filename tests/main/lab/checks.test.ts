/** What annotating keeps beside verdicts, and items that check a person: counted in agreement, apart from pairs. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { LabClient } from "#app/contract/contract.ts";
import type { ShownVerdict } from "#app/contract/queue.ts";
import type { ComparisonView } from "#app/contract/views.ts";
import { countOf, openReadyLab, openTestLab, runRound, SCRIPTED, setUp, violationsOf } from "./support.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

const LEFT: ShownVerdict = { kind: "prefers", side: "left", strength: "clear" };

function people(more: Readonly<Record<string, unknown>> = {}) {
  return { ...SCRIPTED, oracle: { kind: "people", ...more }, sampling: { responsesPerPrompt: 2 } };
}

async function judge(client: LabClient, author: string, comparison: ComparisonView | undefined, more: Readonly<Record<string, unknown>> = {}) {
  return await client.queue.judge({ author, askId: comparison?.askId ?? "", verdict: LEFT, durationMs: 800, requestId: randomUUID(), ...more });
}

async function next(client: LabClient, author = "Ada"): Promise<ComparisonView | undefined> {
  return (await client.queue.next({ author, count: 4 })).comparisons[0];
}

/** Prefers the shorter side until nothing waits. */
async function judgeAll(client: LabClient, author: string): Promise<number> {
  for (let judged = 0; ; judged++) {
    const comparison = await next(client, author);
    if (comparison === undefined) return judged;
    const side = comparison.left.text.length <= comparison.right.text.length ? "left" : "right";
    await judge(client, author, comparison, { verdict: { kind: "prefers", side, strength: "clear" } });
  }
}

describe("practice, control and repeat items", () => {
  it("come at the shares that the experiment sets, and make no pair", async () => {
    const { client, db } = await openReadyLab({
      config: people({ repeatShare: 0.2, controlShare: 0.1, practiceItems: 3 }),
      training: 60,
      validation: 1,
    });
    await runRound(client, "pair");
    const judged = await judgeAll(client, "Ada");
    expect((await client.rounds.settle()).state).toBe("done");
    const byPurpose = Object.fromEntries(
      db
        .all("SELECT purpose, count(*) AS n FROM ask WHERE outcome = 'answered' GROUP BY purpose")
        .map((row): [string, number] => [String(row["purpose"]), Number(row["n"])]),
    );
    expect(byPurpose["training"]).toBe(60);
    expect(byPurpose["practice"]).toBe(3);
    // 60 of the plan are 70 % of about 86; by the draws of the seed, within four standard deviations.
    expect(byPurpose["repeat"]).toBeGreaterThan(5);
    expect(byPurpose["repeat"]).toBeLessThan(31);
    expect(byPurpose["control"]).toBeGreaterThan(1);
    expect(byPurpose["control"]).toBeLessThan(20);
    expect(judged).toBe(Object.values(byPurpose).reduce((sum, n) => sum + n, 0));
    const stage = (await client.rounds.list())[0]?.stages[1];
    expect([stage?.unitsDone, stage?.unitsTotal]).toEqual([60, 60]);
    expect((await client.rounds.list())[0]?.pairCount).toBe(60);
    expect(violationsOf(db)).toEqual([]);
  });

  it("show a repeat the other way round, and a control item's own prompt with one of its responses", async () => {
    const { client, db } = await openReadyLab({ config: people({ repeatShare: 0.3, controlShare: 0.2 }), training: 40, validation: 1 });
    await runRound(client, "judge");
    await judgeAll(client, "Ada");
    const repeats = db.all(
      `SELECT a.response_id AS now_left, b.response_id AS then_left, d.response_id AS then_right FROM check_item c
         JOIN ask_response a ON a.ask_id = c.ask_id AND a.position = 0
         JOIN ask_response b ON b.ask_id = c.original_ask_id AND b.position = 0
         JOIN ask_response d ON d.ask_id = c.original_ask_id AND d.position = 1 WHERE c.original_ask_id IS NOT NULL`,
    );
    expect(repeats.length).toBeGreaterThan(3);
    for (const row of repeats) expect(row["now_left"]).toBe(row["then_right"]);
    const controls = db.all(
      `SELECT c.ask_id, c.known_winner, (SELECT count(*) FROM ask_response s JOIN response r ON r.id = s.response_id
         WHERE s.ask_id = c.ask_id AND r.prompt_id = k.prompt_id) AS own FROM check_item c JOIN ask k ON k.id = c.ask_id WHERE c.known_winner IS NOT NULL`,
    );
    expect(controls.length).toBeGreaterThan(3);
    for (const row of controls) expect(row["own"]).toBe(1);
  });

  it("count while one judges as what they are among, so that no number tells which they are", async () => {
    const { client } = await openReadyLab({ config: people({ controlShare: 0.3, repeatShare: 0.1 }), training: 20, validation: 1 });
    await runRound(client, "judge");
    let done = 0;
    for (; done < 15; done++) expect((await judge(client, "Ada", await next(client))).counts.done).toBe(done + 1);
    expect((await client.queue.undo({ author: "Ada" })).counts.done).toBe(done - 1);
    expect((await client.queue.redo({ author: "Ada" })).counts.done).toBe(done);
    // The stage needs its plan alone.
    const counts = (await client.queue.endSitting({ author: "Ada" }))?.counts;
    expect(counts?.total).toBe(20);
    expect(counts?.done).toBeLessThan(done);
  });

  it("let practice come first, once, and say then what is known", async () => {
    const { client } = await openReadyLab({ config: people({ practiceItems: 2 }), training: 6, validation: 1 });
    await runRound(client, "judge");
    const { comparisons } = await client.queue.next({ author: "Ada", count: 6 });
    expect(comparisons.map((one) => one.isPractice)).toEqual([true, true, false, false, false, false]);
    const { practice } = await judge(client, "Ada", comparisons[0]);
    const known = practice?.known;
    expect(known?.kind).toBe("prefers");
    expect(practice?.isRight).toBe(known?.kind === "prefers" && known.side === "left");
    expect((await judge(client, "Ada", comparisons[1], { verdict: { kind: "tie" } })).practice?.isRight).toBe(false);
    expect((await judge(client, "Ada", comparisons[2])).practice).toBeNull();
    expect((await client.queue.next({ author: "Ada", count: 6 })).comparisons.some((one) => one.isPractice)).toBe(false);
    expect((await client.queue.next({ author: "Bo", count: 1 })).comparisons[0]?.isPractice).toBe(true);
  });

  it("are drawn by the lab: the same again after it was closed", async () => {
    const folder = tempFolder();
    const first = await openTestLab(folder);
    await setUp(first, { config: people({ repeatShare: 0.2, controlShare: 0.2, practiceItems: 1 }), training: 20, validation: 1 });
    await runRound(first.client, "judge");
    for (let i = 0; i < 8; i++) await judge(first.client, "Ada", await next(first.client));
    const held = await first.client.queue.next({ author: "Ada", count: 8 });
    await first.lab.close();
    const second = await openTestLab(folder);
    await second.client.rounds.settle();
    expect((await second.client.queue.next({ author: "Ada", count: 8 })).comparisons).toEqual(held.comparisons);
    await judgeAll(second.client, "Ada");
    expect(violationsOf(second.db)).toEqual([]);
  });

  it("are nobody else's", async () => {
    const { client, db } = await openReadyLab({ config: people({ practiceItems: 1 }), training: 4, validation: 1 });
    await runRound(client, "judge");
    const mine = await next(client);
    await expect(judge(client, "Bo", mine)).rejects.toThrow("asked of somebody else");
    expect(countOf(db, "SELECT count(*) AS n FROM judgment")).toBe(0);
  });
});

describe("reasons, criteria, drafts and flags", () => {
  const reason = { text: " It answers the question. ", tags: ["Correct", "Clear"], criteria: { Helpful: "left", Short: "even" } } as const;

  it("are kept with the verdict, in stored order, and taken back and put back with it", async () => {
    const { client, db } = await openReadyLab({ config: people({ criteria: ["Helpful", "Short"] }), training: 4, validation: 1 });
    await runRound(client, "judge");
    const reply = await client.queue.next({ author: "Ada", count: 2 });
    expect(reply.criteria).toEqual(["Helpful", "Short"]);
    const [comparison, other] = reply.comparisons;
    await judge(client, "Ada", comparison, { reason });
    const kept = (): unknown =>
      db
        .all(
          `SELECT j.criterion, j.rationale, j.tags, j.strength, CASE j.verdict WHEN 'first' THEN j.first_id = s.response_id WHEN 'second' THEN j.second_id = s.response_id END AS is_left
           FROM current_judgment j JOIN ask_response s ON s.ask_id = j.ask_id AND s.position = 0 WHERE j.ask_id = $id ORDER BY j.sequence`,
          { id: comparison?.askId ?? "" },
        )
        .map((row) => ({ ...row }));
    const all = [
      { criterion: null, rationale: "It answers the question.", tags: '["Correct","Clear"]', strength: "clear", is_left: 1 },
      { criterion: "Helpful", rationale: null, tags: null, strength: "slight", is_left: 1 },
      { criterion: "Short", rationale: null, tags: null, strength: null, is_left: null },
    ];
    expect(kept()).toEqual(all);
    const undone = await client.queue.undo({ author: "Ada" });
    expect(kept()).toEqual([]);
    // What was written is there again.
    expect(undone.comparison?.draft).toMatchObject({
      text: "It answers the question.",
      tags: ["Correct", "Clear"],
      criteria: { Helpful: "left", Short: "even" },
    });
    await client.queue.redo({ author: "Ada" });
    expect(kept()).toEqual(all);
    await client.queue.undo({ author: "Ada" });
    await judge(client, "Ada", comparison, { reason: { ...reason, criteria: { Helpful: "right" } } });
    expect(kept()).toMatchObject([{ criterion: null }, { criterion: "Helpful", is_left: 0 }]);
    await client.queue.undo({ author: "Ada" });
    await client.queue.redo({ author: "Ada" });
    expect(kept()).toMatchObject([{ criterion: null }, { criterion: "Helpful", is_left: 0 }]);
    await judge(client, "Ada", other, { verdict: { kind: "skip" }, reason });
    expect(countOf(db, "SELECT count(*) AS n FROM current_judgment WHERE criterion IS NOT NULL")).toBe(1);
    expect(violationsOf(db)).toEqual([]);
  });

  it("say nothing of pairs: a criterion is no verdict on the whole", async () => {
    const { client, db } = await openReadyLab({ config: people({ criteria: ["Helpful"] }), training: 2, validation: 1 });
    await runRound(client, "pair");
    for (let i = 0; i < 2; i++) await judge(client, "Ada", await next(client), { reason: { text: "", tags: [], criteria: { Helpful: "right" } } });
    expect((await client.rounds.settle()).state).toBe("done");
    const pairs = db.all(
      `SELECT p.chosen_id = s.response_id AS is_left FROM preference_pair p JOIN ask k ON k.prompt_id = p.prompt_id JOIN ask_response s ON s.ask_id = k.id AND s.position = 0`,
    );
    expect(pairs.map((row) => row["is_left"])).toEqual([1, 1]);
  });

  it("outlive the lab as drafts until the verdict is given, each author's own", async () => {
    const folder = tempFolder();
    const first = await openTestLab(folder);
    await setUp(first, { config: people(), training: 4, validation: 1 });
    await runRound(first.client, "judge");
    const comparison = await next(first.client);
    const draft = { text: "half a sen", tags: ["Clear"], criteria: {} };
    await first.client.queue.saveDraft({ author: "Ada", askId: comparison?.askId ?? "", reason: draft });
    await first.client.queue.flag({ author: "Ada", askId: comparison?.askId ?? "", isFlagged: true });
    await first.lab.close();
    const second = await openTestLab(folder);
    await second.client.rounds.settle();
    expect(await next(second.client)).toMatchObject({ askId: comparison?.askId, draft, isFlagged: true });
    await judge(second.client, "Ada", comparison, { reason: draft });
    expect(countOf(second.db, "SELECT count(*) AS n FROM draft")).toBe(0);
    await expect(second.client.queue.flag({ author: "Ada", askId: "nowhere", isFlagged: true })).rejects.toThrow("there is no comparison nowhere");
  });
});

describe("a sitting", () => {
  it("ends with what was judged, how it agrees with itself, and what is worth a second look", async () => {
    const config = people({ repeatShare: 0.25, controlShare: 0.15, practiceItems: 1 });
    const { client } = await openReadyLab({ config, training: 40, validation: 1 });
    await runRound(client, "judge");
    expect(await client.queue.sitting({ author: "Ada" })).toBeNull();
    const first = await next(client);
    await judge(client, "Ada", first);
    const flagged = await next(client);
    await client.queue.flag({ author: "Ada", askId: flagged?.askId ?? "", isFlagged: true });
    await judge(client, "Ada", flagged);
    await judge(client, "Ada", await next(client), { verdict: { kind: "skip" } });
    for (let i = 0; i < 30; i++) await judge(client, "Ada", await next(client), { durationMs: 2000 });
    const summary = await client.queue.endSitting({ author: "Ada" });
    expect(summary).toMatchObject({ author: "Ada", judged: 32, skipped: 1, pace: { medianMs: 2000 }, round: 1 });
    expect(summary?.endedAtMs).not.toBeNull();
    expect(summary?.marks).toHaveLength(33);
    // Always left, and a repeat is shown the other way round: never the same.
    expect(summary?.repeats?.hits).toBe(0);
    expect(summary?.repeats?.n).toBeGreaterThan(2);
    expect(summary?.left).toMatchObject({ n: 32, hits: 32 });
    expect(summary?.controls?.n).toBeGreaterThan(1);
    expect(summary?.secondLook.map((one) => one.why)).toContain("flagged");
    expect(summary?.secondLook.map((one) => one.why)).toContain("differently");
    // What was fetched is given back, and the next look begins another sitting.
    const other = await client.queue.next({ author: "Bo", count: 2 });
    expect(other.comparisons.length).toBeGreaterThan(0);
    const again = await client.queue.next({ author: "Ada", count: 1 });
    expect(again.sitting).toMatchObject({ judged: 0, skipped: 0, endedAtMs: null });
  });

  it("takes nothing for fast that can be read in the time", async () => {
    const { client } = await openReadyLab({ config: people(), training: 4, validation: 1 });
    await runRound(client, "judge");
    await judge(client, "Ada", await next(client), { durationMs: 60_000 });
    expect((await client.queue.endSitting({ author: "Ada" }))?.secondLook).toEqual([]);
  });
});
