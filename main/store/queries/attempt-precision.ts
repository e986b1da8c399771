/** How exactly a run sampled a policy, and what was measured before it was decided. */
import type { AttemptId, PolicyId } from "#app/base/ids.ts";
import { precisionSchema, type SamplingPrecision } from "#app/domain/sampling.ts";
import { number, numberOrNull, type ReadableDb, type Row, text, type WritableDb } from "../database.ts";

export type PrecisionChoice = {
  readonly used: SamplingPrecision;
  readonly gapNats: number;
  readonly distanceNats: number | null;
  readonly tokenCount: number;
};

export function precisionOf(db: ReadableDb, attemptId: AttemptId, policyId: PolicyId): PrecisionChoice | undefined {
  const row = db.get("SELECT * FROM attempt_precision WHERE attempt_id = $attempt_id AND policy_id = $policy_id", {
    attempt_id: attemptId,
    policy_id: policyId,
  });
  return row && toChoice(row);
}

export function precisionsOf(db: ReadableDb, attemptId: AttemptId): PrecisionChoice[] {
  return db.all("SELECT * FROM attempt_precision WHERE attempt_id = $attempt_id ORDER BY policy_id", { attempt_id: attemptId }).map(toChoice);
}

export function insertPrecision(db: WritableDb, attemptId: AttemptId, policyId: PolicyId, choice: PrecisionChoice, nowMs: number): void {
  db.run(
    `INSERT INTO attempt_precision (attempt_id, policy_id, used, gap_nats, distance_nats, token_count, decided_at)
     VALUES ($attempt_id, $policy_id, $used, $gap_nats, $distance_nats, $token_count, $decided_at)`,
    {
      attempt_id: attemptId,
      policy_id: policyId,
      used: choice.used,
      gap_nats: choice.gapNats,
      distance_nats: choice.distanceNats,
      token_count: choice.tokenCount,
      decided_at: nowMs,
    },
  );
}

function toChoice(row: Row): PrecisionChoice {
  return {
    used: precisionSchema.parse(text(row, "used")),
    gapNats: number(row, "gap_nats"),
    distanceNats: numberOrNull(row, "distance_nats"),
    tokenCount: number(row, "token_count"),
  };
}
