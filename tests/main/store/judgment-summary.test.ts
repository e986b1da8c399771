/** What is counted of judgments: after any acts it is what a rebuild gives, and what the preferences room makes of the same judgments. */
import { describe, expect, it } from "vitest";
import type { AskId, AuthorId, ResponseId } from "#app/base/ids.ts";
import type { Judgment } from "#app/domain/ask.ts";
import type { Verdict } from "#app/domain/verdict.ts";
import { outcomesOfComparison } from "#app/preferences/both-orders.ts";
import { type Connection, openDatabase } from "#main/store/database.ts";
import { findViolations } from "#main/store/invariants.ts";
import { migrate } from "#main/store/migrate.ts";
import { migrations } from "#main/store/migrations/all.ts";
import { askById, closeAsk, planAsks } from "#main/store/queries/asks.ts";
import { insertJudgment, liveJudgments } from "#main/store/queries/judgments.ts";
import { duelCounts, rebuildSummary, shownVerdictCounts, SUMMARY_TABLES } from "#main/store/queries/judgment-summary.ts";
import { startAttempt } from "#main/store/queries/rounds.ts";
import { fc } from "#tests/support/properties.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { ADA, ANSWERED, attempt, BEN, DEVICE, doneAttempt, judgment, openStocked, ORACLE, prompt, response } from "./support.ts";

const verdict: fc.Arbitrary<Verdict> = fc.constantFrom<Verdict>(
  { kind: "prefers", winner: "first", strength: "clear" },
  { kind: "prefers", winner: "first", strength: "slight" },
  { kind: "prefers", winner: "second", strength: "clear" },
  { kind: "tie" },
  { kind: "bothBad" },
  { kind: "abstains" },
  { kind: "invalid", reason: "no verdict" },
);

type Act = {
  readonly kind: "judge" | "correct" | "retract" | "criterion";
  readonly pick: number;
  readonly author: AuthorId;
  readonly verdict: Verdict;
  readonly probability: number | null;
};

const act: fc.Arbitrary<Act> = fc.record({
  kind: fc.constantFrom("judge", "judge", "judge", "correct", "retract", "criterion"),
  pick: fc.nat(40),
  author: fc.constantFrom(ADA, BEN),
  verdict,
  probability: fc.option(fc.constantFrom(0, 0.125, 0.5, 0.75, 1), { freq: 3 }),
});

/** Three responses, two of policies and one of a teacher, each pair asked in both orders, the first pair once more. */
function openBothOrders(): { readonly db: Connection; readonly asks: readonly AskId[]; readonly responses: readonly ResponseId[] } {
  const db = openStocked();
  const sample = doneAttempt(db, "sample");
  const responses = [response(db, sample, 1, 0), response(db, sample, 1, 1), "teacher-1" as ResponseId];
  db.exec(`INSERT INTO response (id, prompt_id, source, sample_index, text, token_ids, finish_reason, is_repetitive)
    VALUES ('teacher-1', 'prompt-1', 'teacher', 0, 'taught', x'', 'endOfText', 0)`);
  const judge = attempt(db, "judge");
  startAttempt(db, judge, 30);
  const [a, b, c] = responses as [ResponseId, ResponseId, ResponseId]; // made above
  const shown = [
    [a, b],
    [b, a],
    [a, c],
    [c, a],
    [b, c],
    [c, b],
  ] as const;
  const asks = shown.map((_, i) => `ask-${i}` as AskId);
  planAsks(
    db,
    judge,
    ORACLE,
    DEVICE,
    shown.map((pair, i) => ({
      id: `ask-${i}` as AskId,
      promptId: prompt(1),
      shown: pair,
      purpose: "training" as const,
      mode: "pairwise" as const,
      guidelineVersion: null,
    })),
  );
  return { db, asks, responses };
}

/** The head that a record supersedes: any of the ask's heads, so that one author also corrects another's. */
function headsOf(db: Connection, askId: AskId): string[] {
  return db
    .all("SELECT id FROM judgment_head WHERE ask_id = $ask_id AND criterion IS NULL ORDER BY id", { ask_id: askId })
    .map((row) => String(row["id"]));
}

function perform(db: Connection, asks: readonly AskId[], step: Act): void {
  const askId = asks[step.pick % asks.length];
  if (askId === undefined) return;
  const isOpen = askById(db, askId).outcome === "open";
  const made = judgment(db, askId, step.verdict, { authorId: step.author, probability: step.probability });
  if (isOpen) {
    const outcome = step.verdict.kind === "invalid" ? "failed" : "answered";
    closeAsk(db, askId, step.author, { ...ANSWERED, outcome, costUsd: 0.001 }, [made], [], 50);
    return;
  }
  const heads = headsOf(db, askId);
  const supersedesId = (heads[step.pick % Math.max(1, heads.length)] ?? null) as Judgment["supersedesId"]; // an id that was read
  if (step.kind === "criterion") insertJudgment(db, { ...made, criterion: "helpful" });
  else if (step.kind === "retract" && supersedesId !== null) insertJudgment(db, { ...made, supersedesId, isRetraction: true });
  else if (step.kind === "correct") insertJudgment(db, { ...made, supersedesId });
}

function rowsOf(db: Connection): unknown {
  return SUMMARY_TABLES.map((table) => [table, db.all(`SELECT * FROM ${table}`)]);
}

describe("what is counted of judgments", () => {
  it("is after any acts what a rebuild gives, and every judgment has its place", () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 30 }), (steps) => {
        const { db, asks } = openBothOrders();
        for (const step of steps) perform(db, asks, step);
        const kept = rowsOf(db);
        expect(findViolations(db)).toEqual([]);
        rebuildSummary(db);
        expect(rowsOf(db)).toEqual(kept);
        expect(findViolations(db)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it("sums what both orders come to as the preferences room joins them", () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 4, maxLength: 30 }), (steps) => {
        const { db, asks, responses } = openBothOrders();
        // An author answers an order once here: what is asked twice in one order is another purpose's affair.
        for (const step of steps) if (askById(db, asks[step.pick % 6] as AskId).outcome === "open") perform(db, asks, step); // six were planned
        const shownOf = (id: AskId): readonly ResponseId[] => askById(db, id).shown;
        const live = liveJudgments(db, "judge-1" as never).map((one) => ({ ...one, oracleId: ORACLE, shown: shownOf(one.askId) }));
        const [a, b] = responses as [ResponseId, ResponseId]; // made above
        const ofPair = live.filter((one) => [a, b].includes(one.firstId) && [a, b].includes(one.secondId));
        const { outcomes, counts } = outcomesOfComparison(ofPair, (id) => id === (a < b ? a : b), false);
        const duels = duelCounts(db).filter((duel) => duel.opponentId !== "teacher");
        const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
        expect(sum(duels.map((duel) => duel.points))).toBeCloseTo(sum(outcomes.map((outcome) => outcome.probability)), 6);
        const counted = duels.filter((duel) => duel.outcome !== "half" && duel.outcome !== "unusable");
        expect(sum(counted.map((duel) => duel.comparisons))).toBe(outcomes.length);
        expect(sum(counted.filter((duel) => duel.orders === 2).map((duel) => duel.comparisons))).toBe(counts.bothOrders);
        expect(sum(duels.filter((duel) => duel.outcome === "bothBad").map((duel) => duel.comparisons))).toBe(counts.bothBad);
      }),
      { numRuns: 60 },
    );
  });

  it("knows the side: a lean to what was shown first can be told from the counts", () => {
    const { db, asks } = openBothOrders();
    for (const id of asks.slice(0, 2)) {
      const isAsStored = (askById(db, id).shown[0] ?? "") < (askById(db, id).shown[1] ?? "");
      const made = judgment(db, id, { kind: "prefers", winner: isAsStored ? "first" : "second", strength: "clear" });
      closeAsk(db, id, ADA, ANSWERED, [made], [], 50);
    }
    expect(shownVerdictCounts(db)).toMatchObject([{ shownVerdict: "shownFirst", strength: "clear", judgments: 2 }]);
    expect(duelCounts(db)).toMatchObject([{ outcome: "flip", orders: 2, comparisons: 1, points: 0.5 }]);
    expect(db.all("SELECT kind, judgments FROM disagreement")).toEqual([{ kind: "itself", judgments: 2 }]);
  });

  it("says between whom a disagreement is", () => {
    const { db, asks } = openBothOrders();
    const [one, other] = asks as [AskId, AskId]; // six were planned
    db.exec("INSERT INTO author (id, name, kind) VALUES ('gpt', 'gpt', 'judge')");
    closeAsk(db, one, ADA, ANSWERED, [judgment(db, one, { kind: "tie" })], [], 50);
    const says = { kind: "prefers", winner: "first", strength: "clear" } as const;
    closeAsk(db, other, "gpt" as AuthorId, ANSWERED, [judgment(db, other, says, { authorId: "gpt" as AuthorId })], [], 50);
    expect(db.all("SELECT kind FROM disagreement")).toEqual([{ kind: "peopleAndJudge" }]);
    insertJudgment(db, judgment(db, other, says, { authorId: BEN }));
    expect(db.all("SELECT kind FROM disagreement")).toEqual([{ kind: "people" }]);
  });

  it("is made of the judgments that were there before the migration", () => {
    const db = openDatabase(`${tempFolder()}/old.db`);
    migrate(db, migrations.slice(0, 1), 1);
    db.exec(`INSERT INTO device (id, name, is_local) VALUES ('device', 'here', 1);
      INSERT INTO author (id, name, kind) VALUES ('ada', 'Ada', 'person');
      INSERT INTO oracle (id, version, name, config) VALUES ('oracle', 'v1', 'people', '{}');
      INSERT INTO checkpoint VALUES ('c', '/', 'llama', 1, 1, 1, 'h');
      INSERT INTO policy (id, name, checkpoint_hash, created_at) VALUES ('r0', 'r0', 'c', 1);
      INSERT INTO prompt VALUES ('p', 'hash', '[]', 'training', 0, 'test');
      INSERT INTO round VALUES ('round', 1, 'r0');
      INSERT INTO stage_attempt (id, round_id, stage, number, input_hash, config, state, created_at) VALUES ('judge', 'round', 'judge', 1, 'i', '{}', 'running', 1);
      INSERT INTO response (id, prompt_id, policy_id, attempt_id, source, sample_index, text, token_ids, finish_reason, is_repetitive)
        VALUES ('x', 'p', 'r0', 'judge', 'policy', 0, 'a', x'', 'stop', 0), ('y', 'p', 'r0', 'judge', 'policy', 1, 'b', x'', 'stop', 0);
      INSERT INTO ask (id, attempt_id, prompt_id, oracle_id, purpose, mode, ordinal, outcome, device_id, sequence)
        VALUES ('k', 'judge', 'p', 'oracle', 'training', 'pairwise', 0, 'answered', 'device', 1);
      INSERT INTO ask_response VALUES ('k', 0, 'y'), ('k', 1, 'x');
      INSERT INTO judgment (id, ask_id, first_id, second_id, verdict, strength, made_at, author_id, device_id, sequence)
        VALUES ('j', 'k', 'x', 'y', 'first', 'slight', 5, 'ada', 'device', 2);`);
    migrate(db, migrations, 2);
    expect(duelCounts(db)).toMatchObject([{ policyId: "r0", opponentId: "r0", outcome: "policy", comparisons: 1, points: 1 }]);
    expect(shownVerdictCounts(db)).toMatchObject([{ shownVerdict: "shownSecond", judgments: 1 }]);
    expect(db.all("SELECT number, judgment_id, round, is_live FROM ledger_entry")).toEqual([{ number: 1, judgment_id: "j", round: 1, is_live: 1 }]);
    db.close();
  });
});
