/** What is built on a policy, who judged for it, and its removal. */
import type { AttemptId, PolicyId } from "#app/base/ids.ts";
import type { Policy } from "#app/domain/policy.ts";
import { number, type ReadableDb, text, type WritableDb } from "../database.ts";
import { policyById } from "./policies.ts";

/** Rounds that start from a policy, by number, and policies of which it is the parent, by name. */
export function builtOn(db: ReadableDb, policyId: PolicyId): { readonly rounds: readonly number[]; readonly policies: readonly string[] } {
  return {
    rounds: db.all("SELECT number FROM round WHERE policy_id = $id ORDER BY number", { id: policyId }).map((row) => number(row, "number")),
    policies: db.all("SELECT name FROM current_policy WHERE parent_id = $id ORDER BY created_at", { id: policyId }).map((row) => text(row, "name")),
  };
}

/** Responses and live judgments of runs that count, of which a policy is a part. */
export function recordsOfPolicy(db: ReadableDb, policyId: PolicyId): { readonly responses: number; readonly judgments: number } {
  const responses = db.get("SELECT count(*) AS n FROM current_response WHERE policy_id = $id", { id: policyId });
  const judgments = db.get(
    `SELECT count(*) AS n FROM current_judgment j JOIN current_ask k ON k.id = j.ask_id WHERE EXISTS (
       SELECT 1 FROM ask_response s JOIN response r ON r.id = s.response_id WHERE s.ask_id = k.id AND r.policy_id = $id)`,
    { id: policyId },
  );
  return { responses: number(responses ?? { n: 0 }, "n"), judgments: number(judgments ?? { n: 0 }, "n") };
}

/** Who answered how many asks of a run, most first. */
export function answersByAuthor(db: ReadableDb, attemptId: AttemptId): { readonly name: string; readonly answers: number }[] {
  return db
    .all(
      `SELECT w.name, count(*) AS answers FROM ask k JOIN author w ON w.id = k.author_id
       WHERE k.attempt_id = $id AND k.outcome <> 'open' GROUP BY w.id ORDER BY answers DESC, w.name`,
      { id: attemptId },
    )
    .map((row) => ({ name: text(row, "name"), answers: number(row, "answers") }));
}

/** The one that was removed last under a name; undefined if none was. */
export function removedPolicy(db: ReadableDb, name: string): Policy | undefined {
  const row = db.get(
    "SELECT p.id FROM policy p JOIN policy_removal r ON r.policy_id = p.id WHERE p.name = $name ORDER BY r.removed_at DESC, p.id DESC LIMIT 1",
    { name },
  );
  return row === undefined ? undefined : policyById(db, text(row, "id") as PolicyId); // the column holds ids of policies
}

export function putPolicyBack(db: WritableDb, policyId: PolicyId): void {
  db.run("DELETE FROM policy_removal WHERE policy_id = $id", { id: policyId });
}

/** Its row stays, for what names it. */
export function removePolicy(db: WritableDb, policyId: PolicyId, nowMs: number): void {
  db.run("INSERT INTO policy_removal (policy_id, removed_at) VALUES ($id, $now) ON CONFLICT DO NOTHING", { id: policyId, now: nowMs });
}
