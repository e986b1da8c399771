/** Chains of judgments: corrections, undo and redo append; of two heads one is live, whatever the order of writing. */
import { describe, expect, it } from "vitest";
import type { AskId, AuthorId, DeviceId, JudgmentId } from "#app/base/ids.ts";
import type { Judgment } from "#app/domain/ask.ts";
import type { Verdict } from "#app/domain/verdict.ts";
import type { Connection } from "#main/store/database.ts";
import { closeAsk } from "#main/store/queries/asks.ts";
import {
  headOf,
  insertJudgment,
  judgmentById,
  judgmentOfRequest,
  liveJudgments,
  newestLive,
  newestRetraction,
  retractedAskIds,
  unansweredCount,
  verdictCounts,
} from "#main/store/queries/judgments.ts";
import { fc } from "#tests/support/properties.ts";
import { ADA, ANSWERED, answer, BEN, FIRST, judgment, openJudging, SECOND, TIE } from "./support.ts";

const VERDICTS: readonly Verdict[] = [FIRST, SECOND, TIE, { kind: "bothBad" }, { kind: "abstains" }];

/** What a person does: an answer to the n-th ask that it may answer, an undo, a redo. */
type Act = { readonly kind: "answer"; readonly pick: number; readonly verdict: Verdict } | { readonly kind: "undo" } | { readonly kind: "redo" };

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("answer" as const), pick: fc.nat(5), verdict: fc.constantFrom(...VERDICTS) }) },
  { weight: 2, arbitrary: fc.constant({ kind: "undo" } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: "redo" } as const) },
);

function append(db: Connection, before: Judgment, more: Partial<Parameters<typeof insertJudgment>[1]>): void {
  insertJudgment(db, judgment(db, before.askId, before.verdict, { authorId: before.authorId, ...more }));
}

/** The lab's part of it, on the store's queries. */
function perform(db: Connection, author: AuthorId, asks: readonly AskId[], step: Act): void {
  if (step.kind === "answer") {
    const mayAnswer = asks.filter((ask) => headOf(db, ask, author)?.isRetraction !== false);
    const ask = mayAnswer[step.pick % mayAnswer.length];
    if (ask === undefined) return;
    const head = headOf(db, ask, author);
    const made = judgment(db, ask, step.verdict, { authorId: author, supersedesId: head?.id ?? null });
    if (head === undefined) closeAsk(db, ask, author, ANSWERED, [made], [], 50);
    else insertJudgment(db, made);
    return;
  }
  if (step.kind === "undo") {
    const newest = newestLive(db, author);
    if (newest !== undefined) append(db, newest, { supersedesId: newest.id, isRetraction: true });
    return;
  }
  const retraction = newestRetraction(db, author);
  if (retraction === undefined || retraction.supersedesId === null) return;
  append(db, judgmentById(db, retraction.supersedesId), { supersedesId: retraction.id, reinstatesId: retraction.supersedesId });
}

/** The same with two stacks, as an editor has them. */
class Model {
  readonly done: (readonly [AskId, Verdict])[] = [];
  undone: (readonly [AskId, Verdict])[] = [];

  perform(asks: readonly AskId[], step: Act): void {
    if (step.kind === "answer") {
      const mayAnswer = asks.filter((ask) => !this.done.some(([answered]) => answered === ask));
      const ask = mayAnswer[step.pick % mayAnswer.length];
      if (ask === undefined) return;
      this.done.push([ask, step.verdict]);
      this.undone = [];
    } else {
      const [from, to] = step.kind === "undo" ? [this.done, this.undone] : [this.undone, this.done];
      const taken = from.pop();
      if (taken !== undefined) to.push(taken);
    }
  }
}

function liveByAsk(db: Connection, judge: ReturnType<typeof openJudging>["judge"]): unknown {
  return liveJudgments(db, judge).map(({ askId, verdict }) => [askId, verdict]);
}

describe("undo and redo", () => {
  it("leave the same verdicts standing as two stacks would", () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 25 }), (steps) => {
        const { db, judge, asks } = openJudging();
        const model = new Model();
        for (const step of steps) {
          perform(db, ADA, asks, step);
          model.perform(asks, step);
          const expected = [...model.done].sort(([a], [b]) => (a < b ? -1 : 1));
          expect(liveByAsk(db, judge)).toEqual(expected);
          expect(unansweredCount(db, judge)).toBe(asks.length - model.done.length);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("know a fresh verdict from a redo, though both say the same", () => {
    const { db, judge, asks } = openJudging();
    const steps: readonly Act[] = [
      { kind: "answer", pick: 0, verdict: FIRST },
      { kind: "answer", pick: 0, verdict: TIE },
      { kind: "undo" },
      { kind: "undo" },
      { kind: "answer", pick: 0, verdict: FIRST },
      { kind: "redo" },
    ];
    for (const step of steps) perform(db, ADA, asks, step);
    expect(liveByAsk(db, judge)).toEqual([[asks[0], FIRST]]);
  });

  it("change no row that was written", () => {
    const { db, asks } = openJudging();
    const rowsAfter: unknown[][] = [];
    for (const step of [{ kind: "answer", pick: 0, verdict: FIRST }, { kind: "undo" }, { kind: "redo" }, { kind: "undo" }] as const) {
      perform(db, ADA, asks, step);
      rowsAfter.push([...db.all("SELECT * FROM judgment ORDER BY sequence")]);
    }
    rowsAfter.forEach((rows, i) => {
      expect(rows).toHaveLength(i + 1);
      expect(rowsAfter.at(-1)?.slice(0, i + 1)).toEqual(rows);
    });
  });

  it("are each author's own", () => {
    const { db, judge, asks } = openJudging();
    perform(db, ADA, asks, { kind: "answer", pick: 0, verdict: FIRST });
    perform(db, BEN, asks.slice(1), { kind: "answer", pick: 0, verdict: TIE });
    perform(db, ADA, asks, { kind: "undo" });
    expect(liveByAsk(db, judge)).toEqual([[asks[1], TIE]]);
    expect(retractedAskIds(db, ADA)).toEqual([asks[0]]);
    expect(retractedAskIds(db, BEN)).toEqual([]);
    expect(newestRetraction(db, BEN)).toBeUndefined();
  });
});

describe("the same act twice", () => {
  it("is one judgment", () => {
    const { db, asks } = openJudging();
    const [ask] = asks;
    if (ask === undefined) throw new Error("the fixture has asks");
    const first = answer(db, ask, FIRST, { requestId: "act-1" });
    const again = insertJudgment(db, judgment(db, ask, SECOND, { requestId: "act-1" }));
    expect(again).toBe(first.id);
    expect(judgmentOfRequest(db, "act-1")).toBe(first.id);
    expect(db.all("SELECT verdict FROM judgment")).toEqual([{ verdict: "first" }]);
  });
});

describe("verdicts", () => {
  it.each([...VERDICTS, { kind: "invalid", reason: "no VERDICT line" } as const])("come back as they were stored: $kind", (verdict) => {
    const { db, judge, asks } = openJudging();
    const [ask] = asks;
    if (ask === undefined) throw new Error("the fixture has asks");
    answer(db, ask, verdict, { probability: 0.25, rationale: "shorter" });
    const more = { probability: 0.25, rationale: "shorter", criterion: null };
    expect(liveJudgments(db, judge)).toEqual([expect.objectContaining({ verdict, ...more })]);
    // What was said of one criterion is kept beside it, and is no verdict on the whole.
    const tone = insertJudgment(db, judgment(db, ask, verdict, { criterion: "tone" }));
    expect(judgmentById(db, tone)).toMatchObject({ verdict, criterion: "tone" });
    expect(liveJudgments(db, judge)).toHaveLength(1);
  });

  it("are counted once each, as they stand", () => {
    const { db, judge, asks } = openJudging();
    asks.forEach((ask, i) => answer(db, ask, VERDICTS[i % VERDICTS.length]));
    const newest = newestLive(db, ADA);
    if (newest !== undefined) append(db, newest, { supersedesId: newest.id, isRetraction: true });
    expect(verdictCounts(db, judge)).toEqual({ decided: 2, tie: 1, bothBad: 1, abstains: 1 });
  });
});

describe("two heads of one chain", () => {
  /** Two devices corrected the same judgment without knowing of each other. */
  function forked(order: "here first" | "there first"): { readonly live: unknown; readonly disputes: unknown } {
    const { db, judge, asks } = openJudging();
    const [ask] = asks;
    if (ask === undefined) throw new Error("the fixture has asks");
    const there = "there" as DeviceId;
    db.run("INSERT INTO device (id, name, is_local, last_sequence) VALUES ('there', 'there', 0, 40)");
    answer(db, ask, FIRST, { id: "base" as JudgmentId });
    const corrections = [
      judgment(db, ask, SECOND, { id: "from-here" as JudgmentId, supersedesId: "base" as JudgmentId }),
      judgment(db, ask, TIE, { id: "from-there" as JudgmentId, supersedesId: "base" as JudgmentId, deviceId: there }),
    ];
    for (const correction of order === "here first" ? corrections : corrections.reverse()) insertJudgment(db, correction);
    return { live: liveJudgments(db, judge).map((live) => live.id), disputes: db.all("SELECT ask_id, author_id, heads FROM dispute") };
  }

  it("have one winner, the greater sequence, in whatever order they came", () => {
    expect(forked("here first").live).toEqual(["from-there"]);
    expect(forked("there first")).toEqual(forked("here first"));
  });

  it("are a dispute", () => {
    expect(forked("here first").disputes).toEqual([{ ask_id: "ask-0", author_id: ADA, heads: 2 }]);
  });
});
