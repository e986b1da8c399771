/** What a redo supersedes is kept in the tables and gone from the views of what counts. */
import { describe, expect, it } from "vitest";
import type { PairId, PolicyId } from "#app/base/ids.ts";
import type { Connection } from "#main/store/database.ts";
import { insertPolicy, listPolicies, policyById, policyByName } from "#main/store/queries/policies.ts";
import { replacePairs, upsertMetrics } from "#main/store/queries/results.ts";
import { lastRound, supersedeFrom } from "#main/store/queries/rounds.ts";
import { answer, doneAttempt, hash, openJudging, POLICY, prompt, ROUND } from "./support.ts";

const TABLES = {
  response: "current_response",
  ask: "current_ask",
  preference_pair: "current_pair",
  metric: "current_metric",
  policy: "current_policy",
} as const;

function openTrained(): Connection {
  const { db, asks, responses } = openJudging();
  for (const ask of asks) answer(db, ask);
  const [chosenId, rejectedId] = responses;
  if (chosenId === undefined || rejectedId === undefined) throw new Error("the fixture has responses");
  const pair = doneAttempt(db, "pair");
  const noRates = { preferenceMargin: null, chosenWinRate: null, rejectedWinRate: null, chosenScore: null, rejectedScore: null };
  replacePairs(db, pair, [{ id: "pair" as PairId, attemptId: pair, promptId: prompt(1), chosenId, rejectedId, ...noRates }]);
  const train = doneAttempt(db, "train");
  upsertMetrics(db, { attemptId: train, step: 1, values: { loss: 0.69 } });
  insertPolicy(db, {
    id: "r1" as PolicyId,
    name: "r1",
    checkpointHash: hash("c"),
    adapterHash: null,
    parentId: POLICY,
    attemptId: train,
    createdAtMs: 2,
  });
  return db;
}

function countRows(db: Connection, names: readonly string[]): unknown[] {
  return names.map((name) => db.get(`SELECT count(*) AS n FROM ${name}`)?.["n"]);
}

describe("the current views", () => {
  it("show all of a live chain", () => {
    const db = openTrained();
    expect(countRows(db, Object.values(TABLES))).toEqual(countRows(db, Object.keys(TABLES)));
    expect(lastRound(db)?.newPolicyId).toBe("r1");
  });

  it("show nothing of a chain that was redone from its start, and no row is lost", () => {
    const db = openTrained();
    const before = countRows(db, Object.keys(TABLES));
    supersedeFrom(db, ROUND, "sample", 60);
    expect(countRows(db, Object.keys(TABLES))).toEqual(before);
    // The policy that was added by hand stays.
    expect(countRows(db, Object.values(TABLES))).toEqual([0, 0, 0, 0, 1]);
    expect(lastRound(db)?.newPolicyId).toBeNull();
  });

  it("lose only what came after the stage that was redone", () => {
    const db = openTrained();
    supersedeFrom(db, ROUND, "train", 60);
    expect(countRows(db, ["current_response", "current_ask", "current_pair", "current_metric", "current_policy"])).toEqual([4, 6, 1, 0, 1]);
  });
});

describe("a policy of a superseded run", () => {
  it("is listed and found by name no more, but by its id", () => {
    const db = openTrained();
    supersedeFrom(db, ROUND, "train", 60);
    expect(listPolicies(db).map((policy) => policy.name)).toEqual(["r0"]);
    expect(() => policyByName(db, "r1")).toThrow('there is no policy "r1"; this experiment has r0');
    expect(policyById(db, "r1" as PolicyId).name).toBe("r1");
  });
});
