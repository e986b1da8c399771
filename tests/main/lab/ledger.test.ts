/** The ledger: any stretch by rank under any filter and order, one judgment opened, corrected, settled, asked again. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { LabClient } from "#app/contract/contract.ts";
import type { JudgmentRow, LedgerFilter, LedgerSort } from "#app/contract/judgments.ts";
import type { ShownVerdict } from "#app/contract/queue.ts";
import { countOf, openReadyLab, runRound, SCRIPTED, type TestLab, violationsOf } from "./support.ts";

const PEOPLE = { ...SCRIPTED, oracle: { kind: "people" }, sampling: { responsesPerPrompt: 3 } } as const;
const VERDICTS: readonly ShownVerdict[] = [
  { kind: "prefers", side: "left", strength: "clear" },
  { kind: "prefers", side: "right", strength: "slight" },
  { kind: "tie" },
  { kind: "bothBad" },
  { kind: "skip" },
];

/** Two people judge 24 comparisons, with reasons on some and one undo. */
async function openJudged(): Promise<TestLab> {
  const lab = await openReadyLab({ config: PEOPLE, training: 8, validation: 1 });
  await runRound(lab.client, "judge");
  for (let i = 0; i < 22; i++) {
    const author = i % 3 === 0 ? "Bo" : "Ada";
    const [comparison] = (await lab.client.queue.next({ author, count: 1 })).comparisons;
    const reason = i % 5 === 0 ? { text: `Because of 100% number ${i}`, tags: ["Clear"], criteria: {} } : undefined;
    const verdict = VERDICTS[i % VERDICTS.length] ?? { kind: "tie" };
    await lab.client.queue.judge({
      author,
      askId: comparison?.askId ?? "",
      verdict,
      durationMs: 1000 + ((i * 37) % 11),
      requestId: randomUUID(),
      ...(reason === undefined ? {} : { reason }),
    });
  }
  await lab.client.queue.undo({ author: "Bo" });
  return lab;
}

async function all(client: LabClient, filter: LedgerFilter = {}, sort: Partial<LedgerSort> = {}): Promise<JudgmentRow[]> {
  return [...(await client.judgments.page({ filter, sort, from: 0, count: 500 })).rows];
}

describe("the ledger", () => {
  it("shows every record, newest first, the retraction and what it took back too", async () => {
    const { client } = await openJudged();
    const rows = await all(client);
    expect(rows.map((row) => row.number)).toEqual(Array.from({ length: 23 }, (_, i) => 23 - i));
    expect(rows[0]).toMatchObject({ isRetraction: true, isLive: false, author: "Bo" });
    expect(rows.filter((row) => !row.isLive)).toHaveLength(2);
    expect(rows[5]).toMatchObject({ round: 1, kind: "person", oracle: "people", criterion: null, purpose: "training", costUsd: null });
    expect(rows[5]?.prompt).toMatch(/^Training prompt \d/u);
  });

  it("gives the same rows in pages from any rank, and ranks of one moment do not move", async () => {
    const { client } = await openJudged();
    for (const sort of [{ by: "time" }, { by: "took", direction: "ascending" }, { by: "prompt" }] as const) {
      const whole = await all(client, {}, sort);
      const { upTo } = await client.judgments.page({ sort, from: 0, count: 1 });
      const [comparison] = (await client.queue.next({ author: "Ada", count: 1 })).comparisons;
      await client.queue.judge({ author: "Ada", askId: comparison?.askId ?? "", verdict: { kind: "tie" }, durationMs: 1, requestId: randomUUID() });
      const pages = [];
      for (const from of [14, 0, 7, 21]) pages.push({ from, rows: (await client.judgments.page({ sort, from, count: 7, upTo })).rows });
      const joined = pages.toSorted((a, b) => a.from - b.from).flatMap((page) => page.rows);
      expect(joined.map((row) => row.id)).toEqual(whole.map((row) => row.id));
      expect((await client.judgments.page({ sort, from: 0, count: 1 })).total).toBe(whole.length + 1);
      await client.queue.undo({ author: "Ada" });
    }
  });

  it("sorts by each column, both ways, as the rows themselves say", async () => {
    const { client } = await openJudged();
    const rows = await all(client);
    const keys: Readonly<Record<Exclude<LedgerSort["by"], "cost">, (row: JudgmentRow) => number | string>> = {
      time: (row) => row.number,
      took: (row) => row.durationMs ?? 0,
      author: (row) => row.author,
      prompt: (row) => row.prompt,
      verdict: (row) => ["first", "second", "tie", "bothBad", "abstains", "invalid", "retraction"].indexOf(wordOf(row)),
    };
    for (const [by, key] of Object.entries(keys) as [keyof typeof keys, (row: JudgmentRow) => number | string][]) {
      for (const direction of ["ascending", "descending"] as const) {
        const sorted = await all(client, {}, { by, direction });
        const values = sorted.map(key);
        const expected = rows.map(key).toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
        expect(values, `${by} ${direction}`).toEqual(direction === "ascending" ? expected : expected.toReversed());
      }
    }
  });

  it("filters and searches as a look at every row would", async () => {
    const { client } = await openJudged();
    const rows = await all(client);
    const cases: readonly [LedgerFilter, (row: JudgmentRow) => boolean][] = [
      [{ author: "Bo" }, (row) => row.author === "Bo"],
      [{ kind: "judge" }, () => false],
      [{ kind: "person", round: 1 }, () => true],
      [{ round: 2 }, () => false],
      [{ verdict: "prefers" }, (row) => !row.isRetraction && row.verdict.kind === "prefers"],
      [{ verdict: "tie" }, (row) => !row.isRetraction && row.verdict.kind === "tie"],
      [{ verdict: "retraction" }, (row) => row.isRetraction],
      [{ isLive: true, author: "Ada" }, (row) => row.isLive && row.author === "Ada"],
      [{ search: "PROMPT 3" }, (row) => row.prompt.includes("prompt 3")],
    ];
    for (const [filter, fits] of cases) {
      expect(
        (await all(client, filter)).map((row) => row.id),
        JSON.stringify(filter),
      ).toEqual(rows.filter(fits).map((row) => row.id));
    }
    // The signs of LIKE are only signs.
    expect(await all(client, { search: "100% number" })).toHaveLength(5);
    expect(await all(client, { search: "100_ number" })).toHaveLength(0);
    const { facets } = { facets: await client.judgments.facets() };
    expect(facets).toMatchObject({ total: 23, rounds: [1], disputed: 0, invalid: 0 });
  });

  it("opens one with its comparison, the order shown and every word said of it", async () => {
    const { client } = await openJudged();
    const [row] = await all(client, { search: "number 5" });
    const detail = await client.judgments.open({ id: row?.id ?? "" });
    expect(detail.messages.at(-1)?.content).toBe(row?.prompt);
    expect(detail.first.id < detail.second.id).toBe(true);
    // People still judge the round: nobody is told who wrote what.
    expect([detail.blindUntil, detail.first.source, detail.first.sampleIndex]).toEqual(["roundClosed", null, null]);
    expect(detail.opinions).toHaveLength(1);
    expect(detail.opinions[0]).toMatchObject({ rationale: "Because of 100% number 5", tags: ["Clear"], rawReply: null, judgment: { id: row?.id } });
    expect(detail).toMatchObject({ disagreement: null, isSettled: false, isStageDone: false });
    await expect(client.judgments.open({ id: "nowhere" })).rejects.toThrow("there is no judgment nowhere");
  });
});

describe("who wrote what", () => {
  it("is told when people have judged the round, and nowhere before, also while they judge it again", async () => {
    const { client } = await openReadyLab({ config: { ...PEOPLE, sampling: { responsesPerPrompt: 2 } }, training: 2, validation: 1 });
    await runRound(client, "pair");
    const judge = async (): Promise<void> => {
      const [comparison] = (await client.queue.next({ author: "Ada", count: 1 })).comparisons;
      const act = { author: "Ada", askId: comparison?.askId ?? "", durationMs: 1, requestId: randomUUID() };
      await client.queue.judge({ ...act, verdict: { kind: "tie" } });
    };
    const sources = async (row: JudgmentRow | undefined): Promise<unknown> => {
      const { blindUntil, first, second } = await client.judgments.open({ id: row?.id ?? "" });
      return [blindUntil, first.source, second.source];
    };
    await judge();
    const [early] = await all(client);
    expect(await sources(early)).toEqual(["roundClosed", null, null]);
    // Neither the rows of the ledger, which a file has too, nor a page of it names a policy.
    expect(JSON.stringify(await client.judgments.page({ from: 0, count: 10 }))).not.toMatch(/"r0"|source|policy/u);
    await judge();
    expect((await client.rounds.settle()).state).toBe("done");
    expect(await sources(early)).toEqual([null, "r0", "r0"]);
    await client.rounds.redo({ stage: "judge" });
    await client.rounds.settle();
    expect(await sources(early)).toEqual(["roundClosed", null, null]);
  });
});

function wordOf(row: JudgmentRow): string {
  if (row.isRetraction) return "retraction";
  return row.verdict.kind === "prefers" ? row.verdict.winner : row.verdict.kind;
}

describe("a correction", () => {
  it("is a new record that supersedes, once, whoever wrote the old one", async () => {
    const { client, db } = await openJudged();
    const [row] = await all(client, { isLive: true, author: "Ada", verdict: "prefers" });
    const act = { id: row?.id ?? "", author: "Cy", verdict: { kind: "tie" }, rationale: "both say the same", requestId: randomUUID() } as const;
    const corrected = await client.judgments.correct(act);
    expect(await client.judgments.correct(act)).toEqual(corrected);
    const { opinions } = await client.judgments.open({ id: corrected.id });
    expect(opinions.map((one) => [one.judgment.author, one.judgment.verdict.kind, one.judgment.isLive])).toEqual([
      ["Ada", "prefers", false],
      ["Cy", "tie", true],
    ]);
    await expect(client.judgments.correct({ ...act, requestId: randomUUID() })).rejects.toThrow("not in force");
    expect(countOf(db, "SELECT count(*) AS n FROM judgment")).toBe(24);
    expect(violationsOf(db)).toEqual([]);
  });

  it("changes pairs when the stages after it are run again", async () => {
    const { client, db } = await openReadyLab({ config: { ...PEOPLE, sampling: { responsesPerPrompt: 2 } }, training: 1, validation: 1 });
    await runRound(client, "pair");
    const [comparison] = (await client.queue.next({ author: "Ada", count: 1 })).comparisons;
    const verdict = { kind: "prefers", side: "left", strength: "clear" } as const;
    await client.queue.judge({ author: "Ada", askId: comparison?.askId ?? "", verdict, durationMs: 1, requestId: randomUUID() });
    await client.rounds.settle();
    const chosen = (): unknown => db.get("SELECT chosen_id FROM current_pair")?.["chosen_id"];
    const before = chosen();
    const [row] = await all(client);
    const winner = row?.verdict.kind === "prefers" && row.verdict.winner === "first" ? "second" : "first";
    const reply = await client.judgments.correct({
      id: row?.id ?? "",
      author: "Ada",
      verdict: { kind: "prefers", winner, strength: "clear" },
      requestId: randomUUID(),
    });
    expect(reply.isStageDone).toBe(true);
    expect(chosen()).toBe(before);
    await client.rounds.redo({ stage: "pair" });
    await client.rounds.settle();
    expect(chosen()).not.toBe(before);
    expect(violationsOf(db)).toEqual([]);
  });
});

describe("disputes", () => {
  /** A noisy script judges both orders: some comparisons come out differently. */
  async function openFlips(): Promise<TestLab> {
    const oracle = { kind: "targetLength", target: 10, unit: "characters", noise: 0.5 };
    const lab = await openReadyLab({ config: { ...SCRIPTED, oracle }, training: 12, validation: 1 });
    await runRound(lab.client, "judge");
    return lab;
  }

  it("are asked of a person, blind, and need not be asked again; the ask is a repeat beside the plan", async () => {
    const { client, db } = await openFlips();
    const { disputed } = await client.judgments.facets();
    expect(disputed).toBeGreaterThan(3);
    expect(disputed).toBe(
      countOf(
        db,
        "SELECT count(*) AS n FROM (SELECT first_id FROM shown_judgment GROUP BY first_id, second_id HAVING min(half_points) <> max(half_points))",
      ),
    );
    const rows = await all(client, { isDisputed: true });
    expect(new Set(rows.map((row) => row.disagreement))).toEqual(new Set(["itself"]));
    expect(rows).toHaveLength(2 * disputed);
    const { comparisons } = await client.queue.next({ author: "Ada", count: 3, source: "disputes" });
    expect(comparisons).toHaveLength(3);
    expect((await client.queue.next({ author: "Ada", count: 3, source: "disputes" })).comparisons).toEqual(comparisons);
    const act = { author: "Ada", askId: comparisons[0]?.askId ?? "", durationMs: 5, requestId: randomUUID() };
    await client.queue.judge({ ...act, verdict: { kind: "prefers", side: "left", strength: "clear" } });
    expect((await client.judgments.facets()).disputed).toBe(disputed - 1);
    expect(db.all("SELECT purpose FROM ask WHERE id = $id", { id: act.askId })).toEqual([{ purpose: "repeat" }]);
    // Taken back, it is open again, and first in the queue.
    const undone = await client.queue.undo({ author: "Ada" });
    expect(undone.comparison?.askId).toBe(act.askId);
    expect((await client.queue.next({ author: "Ada", count: 1, source: "disputes" })).comparisons[0]?.askId).toBe(act.askId);
    expect(violationsOf(db)).toEqual([]);
  });

  it("answered by a person, take that answer for what said something else; undo and redo do the same", async () => {
    const { client, db } = await openFlips();
    const { disputed } = await client.judgments.facets();
    const live = (): unknown => db.all("SELECT ask_id, author_id, verdict FROM current_judgment ORDER BY ask_id, author_id");
    const before = live();
    const [comparison] = (await client.queue.next({ author: "Ada", count: 1, source: "disputes" })).comparisons;
    const act = { author: "Ada", askId: comparison?.askId ?? "", durationMs: 5, requestId: randomUUID() };
    await client.queue.judge({ ...act, verdict: { kind: "prefers", side: "left", strength: "clear" } });
    const [answer] = await all(client, { author: "Ada" }, { direction: "ascending" });
    const detail = await client.judgments.open({ id: answer?.id ?? "" });
    expect(detail.disagreement).toBeNull();
    // Of the two orders, one said the same: it stands; the other is superseded, and Ada's word is in its place.
    const said = detail.opinions.map(({ judgment, isCorrection }) => [judgment.kind, judgment.isLive, judgment.purpose, isCorrection]);
    expect(said.toSorted()).toEqual([
      ["person", true, "repeat", false],
      ["person", true, "training", true],
      ["script", false, "training", false],
      ["script", true, "training", false],
    ]);
    expect(new Set(detail.opinions.filter(({ judgment }) => judgment.isLive).map(({ judgment: { verdict } }) => JSON.stringify(verdict))).size).toBe(
      1,
    );
    // What two raters have both judged is found by their names, in either order; what is superseded is left out.
    const script = detail.opinions.find(({ judgment }) => judgment.kind === "script")?.judgment.author ?? "";
    const inForce = detail.opinions.filter(({ judgment }) => judgment.isLive).map(({ judgment }) => judgment.id);
    expect(inForce.length).toBeGreaterThan(1);
    for (const raters of [
      ["Ada", script],
      [script, "Ada"],
    ] satisfies [string, string][]) {
      expect((await all(client, { raters })).map(({ id }) => id).toSorted()).toEqual(inForce.toSorted());
    }
    expect(await all(client, { raters: ["Ada", "Bo"] })).toEqual([]);
    expect((await client.judgments.facets()).disputed).toBe(disputed - 1);
    const settled = live();
    // A settlement is no answer of the sitting: one verdict was given, and one undo takes it back.
    expect((await client.queue.sitting({ author: "Ada" }))?.judged).toBe(1);
    expect((await client.queue.undo({ author: "Ada" })).comparison?.askId).toBe(act.askId);
    expect(live()).toEqual(before);
    expect((await client.judgments.facets()).disputed).toBe(disputed);
    expect((await client.queue.redo({ author: "Ada" })).comparison?.askId).toBe(act.askId);
    expect(live()).toEqual(settled);
    expect((await client.queue.undo({ author: "Ada" })).comparison?.askId).toBe(act.askId);
    expect(live()).toEqual(before);
    // A skip says nothing of the two: they stay as they are, and are not asked again.
    await client.queue.judge({ ...act, verdict: { kind: "skip" }, requestId: randomUUID() });
    expect(db.all("SELECT ask_id, author_id, verdict FROM current_judgment WHERE verdict <> 'abstains' ORDER BY ask_id, author_id")).toEqual(before);
    expect((await client.judgments.facets()).disputed).toBe(disputed - 1);
    expect(violationsOf(db)).toEqual([]);
  });

  it("make the pair that the person said, though only one of the two orders was superseded", async () => {
    const oracle = { kind: "targetLength", target: 10, unit: "characters", noise: 0.5 };
    const lab = await openReadyLab({ config: { ...SCRIPTED, oracle, sampling: { responsesPerPrompt: 2 } }, training: 12, validation: 1 });
    const { client, db } = lab;
    await runRound(client, "judge");
    const [row] = await all(client, { isDisputed: true });
    const id = row?.id ?? "";
    const { first, second } = await client.judgments.open({ id });
    const { askId } = await client.judgments.askAgain({ id, author: "Ada" });
    const leftId = db.get("SELECT response_id FROM ask_response WHERE ask_id = $id AND position = 0", { id: askId })?.["response_id"];
    const side = leftId === second.id ? "left" : "right";
    await client.queue.judge({ author: "Ada", askId, verdict: { kind: "prefers", side, strength: "clear" }, durationMs: 1, requestId: randomUUID() });
    await runRound(client, "pair");
    // A flip alone is a tie, which makes no pair.
    expect(db.all("SELECT chosen_id, rejected_id FROM current_pair WHERE chosen_id IN ($a, $b)", { a: first.id, b: second.id })).toEqual([
      { chosen_id: second.id, rejected_id: first.id },
    ]);
    expect(violationsOf(db)).toEqual([]);
  });

  it("left as they are can be opened again, and a correction taken back: what had been said holds, under its own author's name", async () => {
    const { client, db } = await openFlips();
    const { disputed } = await client.judgments.facets();
    const live = (): unknown => db.all("SELECT ask_id, author_id, verdict, strength FROM current_judgment ORDER BY ask_id, author_id");
    const before = live();
    const [row] = await all(client, { isDisputed: true });
    const id = row?.id ?? "";
    await client.judgments.settle({ id, author: "Ada" });
    expect((await client.judgments.reopen({ id })).disputed).toBe(disputed);
    // Opened, it stays so.
    expect((await client.judgments.reopen({ id })).disputed).toBe(disputed);

    const correction = await client.judgments.correct({ id, author: "Ada", verdict: { kind: "bothBad" }, requestId: randomUUID() });
    expect(live()).not.toEqual(before);
    await expect(client.judgments.takeBack({ id })).rejects.toThrow("corrects no other");
    const back = await client.judgments.takeBack({ id: correction.id });
    expect(live()).toEqual(before);
    expect((await client.judgments.facets()).disputed).toBe(disputed);
    await expect(client.judgments.takeBack({ id: correction.id })).rejects.toThrow("not in force");
    // What was put back is no correction of its own, and can be corrected anew.
    await expect(client.judgments.takeBack({ id: back.id })).rejects.toThrow("corrects no other");
    await client.judgments.correct({ id: back.id, author: "Ada", verdict: { kind: "tie" }, requestId: randomUUID() });
    expect(violationsOf(db)).toEqual([]);
  });

  it("can be left as they are, and come back when another judgment comes", async () => {
    const { client } = await openFlips();
    const { disputed } = await client.judgments.facets();
    const [row] = await all(client, { isDisputed: true });
    const id = row?.id ?? "";
    // It can be asked of people, blind.
    expect(await client.judgments.open({ id })).toMatchObject({ blindUntil: "disputeSettled", first: { source: null }, second: { source: null } });
    expect((await client.judgments.settle({ id, author: "Ada" })).disputed).toBe(disputed - 1);
    expect(await client.judgments.open({ id })).toMatchObject({
      disagreement: "itself",
      isSettled: true,
      blindUntil: null,
      first: { source: "r0" },
    });
    const asked = await client.judgments.askAgain({ id, author: "Bo" });
    expect(await client.judgments.askAgain({ id, author: "Bo" })).toEqual(asked);
    const [first] = (await client.queue.next({ author: "Bo", count: 1, source: "disputes" })).comparisons;
    expect(first?.askId).toBe(asked.askId);
    const correction = { id, author: "Ada", verdict: { kind: "bothBad" }, requestId: randomUUID() } as const;
    await client.judgments.correct(correction);
    const [agreed] = (await all(client, { isLive: true })).filter((one) => one.disagreement === null);
    await expect(client.judgments.settle({ id: agreed?.id ?? "", author: "Ada" })).rejects.toThrow("do not differ");
  });
});
