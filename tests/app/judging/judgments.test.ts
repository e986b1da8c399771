/** From replies to judgments in stored order, and from append-only records to what stands. */
import { describe, expect, test } from "vitest";
import type { AskId, AuthorId, JudgmentId, ResponseId } from "#app/base/ids.ts";
import type { Verdict } from "#app/domain/verdict.ts";
import { judgmentFromReply, scoresFromReply, verdictAsShown } from "#app/judging/judgment-from-reply.ts";
import { type ChainLink, liveJudgments } from "#app/judging/live-judgments.ts";
import { nextAsks, type QueuedAsk } from "#app/judging/next-asks.ts";
import { fc } from "#tests/support/properties.ts";

/** Ids in tests are short words. */
const [a, b] = ["a", "b"] as unknown as [ResponseId, ResponseId];
const ask = "ask" as AskId;
const firstWins: Verdict = { kind: "prefers", winner: "first", strength: "slight" };

describe("replies", () => {
  test("stored order does not depend on what was shown first", () => {
    const asStored = judgmentFromReply([a, b], { verdict: firstWins, probability: 0.9 });
    expect(asStored).toEqual({ firstId: "a", secondId: "b", verdict: firstWins, probability: 0.9 });
    const swapped = judgmentFromReply([b, a], { verdict: { ...firstWins, winner: "second" }, probability: 0.25 });
    expect(swapped).toEqual({ firstId: "a", secondId: "b", verdict: firstWins, probability: 0.75 });
  });

  test("what was shown can be had back", () => {
    for (const shown of [
      [a, b],
      [b, a],
    ]) {
      expect(verdictAsShown(judgmentFromReply(shown, { verdict: firstWins, probability: null }), shown)).toEqual(firstWins);
    }
  });

  test("no verdict and an impossible probability are invalid with the reason, never a side", () => {
    expect(judgmentFromReply([a, b], { verdict: null, probability: null }).verdict).toMatchObject({ kind: "invalid" });
    const impossible = judgmentFromReply([a, b], { verdict: firstWins, probability: Number.NaN }).verdict;
    expect(impossible.kind === "invalid" ? impossible.reason : impossible).toMatch(/NaN/);
    expect(judgmentFromReply([a, b], { verdict: { kind: "abstains" }, probability: 0.9 }).probability).toBeNull();
  });

  test("a judgment is of two different responses", () => {
    expect(() => judgmentFromReply([a, a], { verdict: firstWins, probability: null })).toThrow(/two different responses/);
    expect(() => judgmentFromReply([a], { verdict: firstWins, probability: null })).toThrow(/two different responses/);
  });

  test("scores are one integer from 0 to 6 a response, or a reason", () => {
    expect(scoresFromReply(ask, [a, b], [6, 0])).toEqual([
      { askId: "ask", responseId: "a", score: 6 },
      { askId: "ask", responseId: "b", score: 0 },
    ]);
    expect(scoresFromReply(ask, [a, b], [6])).toMatch(/expected 2 scores, got 1/);
    expect(scoresFromReply(ask, [a, b], [6, 7])).toMatch(/from 0 to 6.*got 7/);
    expect(scoresFromReply(ask, [a, b], [6, 2.5])).toMatch(/got 2.5/);
    expect(scoresFromReply(ask, [a, b], null)).toMatch(/no scores/);
  });
});

function link(
  id: string,
  more: { readonly over?: string; readonly sequence?: number; readonly isRetraction?: boolean; readonly ask?: string; readonly author?: string } = {},
): ChainLink {
  return {
    id: id as JudgmentId,
    askId: (more.ask ?? "ask") as AskId,
    authorId: (more.author ?? "Ann") as AuthorId,
    firstId: a,
    secondId: b,
    criterion: null,
    sequence: more.sequence ?? 1,
    supersedesId: more.over === undefined ? null : (more.over as JudgmentId),
    isRetraction: more.isRetraction ?? false,
  };
}
const idsOf = (rows: readonly ChainLink[]): string[] => rows.map((row) => row.id);

describe("live judgments", () => {
  test("the head of a chain stands; an undo leaves nothing; a redo brings it back", () => {
    const first = link("1");
    const undo = link("2", { over: "1", sequence: 2, isRetraction: true });
    const redo = link("3", { over: "2", sequence: 3 });
    expect(idsOf(liveJudgments([first]).live)).toEqual(["1"]);
    expect(idsOf(liveJudgments([first, undo]).live)).toEqual([]);
    expect(idsOf(liveJudgments([first, undo, redo]).live)).toEqual(["3"]);
  });

  test("chains of other asks and other authors stand beside it", () => {
    expect(idsOf(liveJudgments([link("1"), link("2", { author: "Bo" }), link("3", { ask: "other" })]).live)).toEqual(["1", "2", "3"]);
  });

  test("of two heads the greater (sequence, id) stands and the other is a dispute", () => {
    const [x, y, z] = [link("x", { over: "1", sequence: 5 }), link("y", { over: "1", sequence: 4 }), link("z", { over: "1", sequence: 5 })];
    const { live, disputed } = liveJudgments([link("1"), x, y, z]);
    expect(idsOf(live)).toEqual(["z"]);
    expect(idsOf(disputed)).toEqual(["x", "y"]);
  });

  test("a correction that came without what it corrects still stands", () => {
    expect(idsOf(liveJudgments([link("2", { over: "1", sequence: 2 })]).live)).toEqual(["2"]);
  });

  test("merging packs: any order, any division, any repetition gives the same", () => {
    const records = fc.uniqueArray(
      fc.record({
        id: fc.integer({ min: 1, max: 12 }),
        over: fc.nat(11),
        ask: fc.constantFrom("p", "q"),
        author: fc.constantFrom("Ann", "Bo"),
        sequence: fc.nat(4),
        isRetraction: fc.boolean(),
      }),
      { selector: (record) => record.id, maxLength: 12 },
    );
    fc.assert(
      fc.property(records, fc.array(fc.nat(99), { minLength: 30, maxLength: 30 }), (drawn, keys) => {
        // A record supersedes an earlier one at most, as its writer had seen it.
        const rows = drawn.map(({ id, over, ...rest }) => link(String(id), { ...rest, ...(over > 0 && over < id ? { over: String(over) } : {}) }));
        const once = liveJudgments(rows);
        const repeated = [...rows, ...rows.filter((_, i) => (keys[i] ?? 0) % 2 === 0)];
        const turned = repeated
          .map((row, i) => ({ row, key: keys[i] ?? 0 }))
          .sort((x, y) => x.key - y.key)
          .map(({ row }) => row);
        expect(liveJudgments(turned)).toEqual(once);
        const chains = new Set(once.live.map((row) => `${row.askId} ${row.authorId}`));
        expect(chains.size).toBe(once.live.length);
      }),
    );
  });
});

describe("the next comparison of a person", () => {
  const queue = (count: number, more: (i: number) => Partial<QueuedAsk> = () => ({})): QueuedAsk[] =>
    Array.from({ length: count }, (_, i) => ({
      id: `q${String(i).padStart(2, "0")}` as AskId,
      answeredBy: [],
      skippedBy: [],
      heldBy: [],
      ...more(i),
    }));
  const [ann, bo] = ["Ann", "Bo"] as unknown as [AuthorId, AuthorId];
  const options = { answersWanted: 1, seed: 3 };

  test("it stays the same until it is judged, and what is judged or skipped does not come back", () => {
    const asks = queue(20);
    const first = nextAsks(asks, ann, 3, options);
    expect(nextAsks(asks.toReversed(), ann, 3, options)).toEqual(first);
    const answered = asks.map((one) => (one.id === first[0] ? { ...one, answeredBy: [ann] } : one));
    expect(nextAsks(answered, ann, 2, options)).toEqual(first.slice(1));
    const skipped = asks.map((one) => (one.id === first[0] ? { ...one, skippedBy: [ann] } : one));
    expect(nextAsks(skipped, ann, 2, options)).toEqual(first.slice(1));
    expect(nextAsks(skipped, bo, 20, options)).toContain(first[0]);
  });

  test("two people do not get the same comparison while one has it on screen", () => {
    const [held] = nextAsks(queue(2), ann, 1, options);
    const asks = queue(2).map((one) => (one.id === held ? { ...one, heldBy: [ann] } : one));
    expect(nextAsks(asks, ann, 1, options)).toEqual([held]);
    expect(nextAsks(asks, bo, 1, options)).not.toEqual([held]);
  });

  test("with two answers wanted the one that has one comes first, for someone else", () => {
    const asks = queue(5, (i) => (i === 4 ? { answeredBy: [ann] } : {}));
    expect(nextAsks(asks, bo, 1, { ...options, answersWanted: 2 })).toEqual(["q04"]);
    expect(nextAsks(asks, ann, 5, { ...options, answersWanted: 2 })).not.toContain("q04");
  });
});
