/** Each invariant is silent on a whole round and speaks up, alone, when what it guards is broken. */
import { describe, expect, it } from "vitest";
import type { AskId, AttemptId, JudgmentId, PolicyId } from "#app/base/ids.ts";
import type { Connection } from "#main/store/database.ts";
import { findViolations, invariants } from "#main/store/invariants.ts";
import { planAsks } from "#main/store/queries/asks.ts";
import { insertJudgment } from "#main/store/queries/judgments.ts";
import { rebuildSummary, SUMMARY_TABLES } from "#main/store/queries/judgment-summary.ts";
import { insertPolicy } from "#main/store/queries/policies.ts";
import { insertSkip } from "#main/store/queries/responses.ts";
import { replaceEvaluation, replacePairs, upsertMetrics } from "#main/store/queries/results.ts";
import { finishAttempt, setUnits, startAttempt } from "#main/store/queries/rounds.ts";
import { answer, attempt, DEVICE, doneAttempt, FIRST, hash, judgment, openStocked, ORACLE, POLICY, prompt, response } from "./support.ts";

const SAMPLE = "sample-1" as AttemptId;
const ASK = "ask-0" as AskId;

/** A round that is done: two responses, one judged comparison, one pair, two steps, one evaluation. */
function openWholeRound(): Connection {
  const db = openStocked();
  const sample = attempt(db, "sample");
  startAttempt(db, sample, 10);
  const shown = [response(db, sample, 1, 0), response(db, sample, 1, 1)];
  insertSkip(db, { attemptId: sample, policyId: POLICY, promptId: prompt(2), sampleIndex: 0, reason: "too long" });
  setUnits(db, sample, 3, 3);
  finishAttempt(db, sample, 20);

  const judge = attempt(db, "judge");
  startAttempt(db, judge, 30);
  planAsks(db, judge, ORACLE, DEVICE, [{ id: ASK, promptId: prompt(1), shown, purpose: "training", mode: "pairwise", guidelineVersion: null }]);
  answer(db, ASK);
  finishAttempt(db, judge, 40);

  const pair = doneAttempt(db, "pair");
  const [chosenId, rejectedId] = shown;
  if (chosenId === undefined || rejectedId === undefined) throw new Error("two responses were made");
  const rates = { preferenceMargin: 1, chosenWinRate: 1, rejectedWinRate: 0, chosenScore: null, rejectedScore: null };
  replacePairs(db, pair, [{ id: "pair-0" as never, attemptId: pair, promptId: prompt(1), chosenId, rejectedId, ...rates }]);

  const train = doneAttempt(db, "train");
  forceUnits(db, train, 2, 2);
  for (const step of [1, 2]) upsertMetrics(db, { attemptId: train, step, values: { loss: 0.69 } });
  policyOf(db, train, "r1");

  const evaluate = doneAttempt(db, "evaluate");
  const winRate = { attemptId: evaluate, policyId: "r1" as PolicyId, opponentId: POLICY, roles: ["first"], n: 4, missing: 0, winRate: 0.5 } as const;
  const interval = {
    standardError: 0.2,
    low: 0.1,
    high: 0.9,
    interval: "wilson",
    isSimultaneous: false,
    meanLength: 3,
    opponentMeanLength: 3,
  } as const;
  replaceEvaluation(db, evaluate, [{ ...winRate, ...interval }], { policyId: POLICY, verdict: "noSignificantChange", sentence: "No change." }, null);
  return db;
}

/** Past the rule that only a run that runs is counted. */
function forceUnits(db: Connection, id: AttemptId, done: number, total: number): void {
  db.run("UPDATE stage_attempt SET units_done = $done, units_total = $total WHERE id = $id", { id, done, total });
}

function policyOf(db: Connection, attemptId: AttemptId, name: string): void {
  insertPolicy(db, { id: name as PolicyId, name, checkpointHash: hash("c"), adapterHash: null, parentId: POLICY, attemptId, createdAtMs: 2 });
}

/** Breaks one thing, past the constraints that would have prevented it. */
const PLANTS: Readonly<Record<string, (db: Connection) => void>> = {
  "a round has one live attempt a stage": (db) => {
    db.exec("DROP INDEX stage_attempt_live");
    doneAttempt(db, "pair", 2);
  },
  "a stage is begun only when the one before it is done": (db) => {
    db.exec("UPDATE stage_attempt SET state = 'superseded' WHERE stage = 'judge'");
  },
  "a done sample stage has all its units": (db) => {
    forceUnits(db, SAMPLE, 3, 4);
  },
  "a unit of sampling is done once": (db) => {
    db.exec("DROP INDEX response_unit");
    db.exec(
      "INSERT INTO response SELECT 'twin', prompt_id, policy_id, attempt_id, source, sample_index, text, token_ids, finish_reason, logp, is_repetitive, NULL FROM response LIMIT 1",
    );
    forceUnits(db, SAMPLE, 4, 4);
  },
  "an ask shows two or more responses of its own prompt, or one beside a stranger to check an annotator": (db) => {
    db.exec("DROP TRIGGER ask_is_closed_once; UPDATE ask SET prompt_id = 'prompt-2'");
  },
  "a judgment belongs to an ask that has been closed, and to responses that it showed": (db) => {
    const other = response(db, SAMPLE, 2, 1);
    forceUnits(db, SAMPLE, 4, 4);
    insertJudgment(db, judgment(db, ASK, FIRST, { secondId: other, supersedesId: headId(db) }));
  },
  "an answered pairwise ask has a judgment, and one live judgment at most an author": (db) => {
    db.exec("DROP TRIGGER judgment_is_kept; DELETE FROM judgment");
  },
  "a done judge stage has no open ask": (db) => {
    const shown = [response(db, SAMPLE, 1, 2), response(db, SAMPLE, 1, 3)];
    forceUnits(db, SAMPLE, 5, 5);
    const [first = "", second = ""] = shown;
    db.exec(`INSERT INTO ask (id, attempt_id, prompt_id, oracle_id, purpose, mode, ordinal, outcome, device_id, sequence)
      VALUES ('open', 'judge-1', 'prompt-1', 'oracle', 'training', 'pairwise', 9, 'open', 'device', 99)`);
    db.exec("UPDATE device SET last_sequence = 99");
    db.run("INSERT INTO ask_response (ask_id, position, response_id) VALUES ('open', 0, $first), ('open', 1, $second)", { first, second });
  },
  "a pair is of two texts, both responses to its prompt": (db) => {
    db.exec("UPDATE preference_pair SET prompt_id = 'prompt-2'");
  },
  "a replayed pair is of the round that its age tells": (db) => {
    db.exec("INSERT INTO replayed_pair (attempt_id, pair_id, age) VALUES ('pair-1', 'pair-0', 1)");
  },
  "the steps of a done training run are 1 to n without a gap": (db) => {
    db.exec("DELETE FROM metric WHERE step = 1");
  },
  "a done training run made one policy": (db) => {
    policyOf(db, "train-1" as AttemptId, "r1-again");
  },
  "a done evaluation has win rates and, unless it is of test prompts, a recommendation": (db) => {
    db.exec("DELETE FROM recommendation");
  },
  "a match is of two responses to its prompt, by its players": (db) => {
    db.exec("PRAGMA foreign_keys = OFF");
    db.exec(`INSERT INTO evaluation_match SELECT 'evaluate-1', policy_id, 'somebody else', prompt_id, id, id FROM response LIMIT 1`);
  },
  "judgments of evaluations are counted": (db) => {
    db.exec("DROP TRIGGER ask_is_closed_once; UPDATE ask SET purpose = 'evaluation'");
  },
  "a device numbers its records without repeating": (db) => {
    db.exec(
      "INSERT INTO event (id, type, body, made_at, device_id, sequence) SELECT 'event', 'round.started', '{}', 1, device_id, sequence FROM ask LIMIT 1",
    );
  },
};

/** Breaks what is kept of the judgments. */
const SUMMARY_PLANTS: Readonly<Record<string, (db: Connection) => void>> = {
  ...Object.fromEntries(
    SUMMARY_TABLES.map((table): [string, (db: Connection) => void] => [
      `what is kept in ${table} is what the judgments give`,
      (db) => {
        if (table === "taken_back") db.exec("INSERT INTO taken_back VALUES ('ask-0', 'ada', 'judge-1')");
        else if (table === "disagreement") db.exec("INSERT INTO disagreement VALUES ('judge-1', 'a', 'b', 'itself', 2)");
        else db.exec(`UPDATE ${table} SET n = n + 1`);
      },
    ]),
  ),
  "every judgment has its place in the ledger, numbered from 1 without a gap": (db) => {
    db.exec("UPDATE ledger_entry SET number = 2");
  },
};

function headId(db: Connection): JudgmentId {
  return db.get("SELECT id FROM judgment_head")?.["id"] as JudgmentId;
}

describe("the invariants", () => {
  it("hold in an empty experiment and in a whole round", () => {
    expect(findViolations(openStocked())).toEqual([]);
    expect(findViolations(openWholeRound())).toEqual([]);
  });

  it("are each broken by a test below", () => {
    expect([...Object.keys(PLANTS), ...Object.keys(SUMMARY_PLANTS)].sort()).toEqual(invariants.map((invariant) => invariant.name).sort());
  });

  it.each(Object.keys(PLANTS))("find it out when not: %s", (name) => {
    const db = openWholeRound();
    PLANTS[name]?.(db);
    // What is counted follows the break, so that the break alone is found.
    rebuildSummary(db);
    const found = findViolations(db);
    expect(found.map((violation) => violation.name)).toEqual([name]);
    expect(found[0]?.rows.length).toBeGreaterThan(0);
  });

  it.each(Object.keys(SUMMARY_PLANTS))("find it out when not: %s", (name) => {
    const db = openWholeRound();
    SUMMARY_PLANTS[name]?.(db);
    expect(findViolations(db).map((violation) => violation.name)).toEqual([name]);
    rebuildSummary(db);
    if (!name.startsWith("every")) expect(findViolations(db)).toEqual([]);
  });

  it.each([
    ["a text against itself", "UPDATE response SET text = 'same'", "a pair is of two texts, both responses to its prompt"],
    [
      "an evaluation without win rates",
      "DELETE FROM win_rate",
      "a done evaluation has win rates and, unless it is of test prompts, a recommendation",
    ],
    ["a training run without its policy", "DELETE FROM policy WHERE id = 'r1'", "a done training run made one policy"],
    [
      "steps short of the plan",
      "UPDATE stage_attempt SET units_total = 3 WHERE stage = 'train'",
      "the steps of a done training run are 1 to n without a gap",
    ],
    ["a number beyond the device's count", "UPDATE device SET last_sequence = 1", "a device numbers its records without repeating"],
    [
      "a number of an event beyond the device's count",
      "INSERT INTO event (id, type, body, made_at, device_id, sequence) VALUES ('e', 't', '{}', 1, 'device', 999)",
      "a device numbers its records without repeating",
    ],
    [
      "a judgment of an open ask",
      "DROP TRIGGER ask_is_closed_once; UPDATE ask SET outcome = 'withdrawn'",
      "a judgment belongs to an ask that has been closed, and to responses that it showed",
    ],
  ])("find %s", (_, sql, name) => {
    const db = openWholeRound();
    db.exec("PRAGMA foreign_keys = OFF");
    db.exec(sql);
    rebuildSummary(db);
    expect(findViolations(db).map((violation) => violation.name)).toEqual([name]);
  });
});
