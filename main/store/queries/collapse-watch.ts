/** What the collapse watch of an evaluation found, a row a policy: the round's own and the experiment's first. */
import type { AttemptId, ContentHash, PolicyId } from "#app/base/ids.ts";
import type { CollapseWatch } from "#app/statistics/collapse-watch.ts";
import { number, numberOrNull, type ReadableDb, text, type WritableDb } from "../database.ts";

export type StoredWatch = CollapseWatch & {
  readonly policyId: PolicyId;
  readonly firstPolicyId: PolicyId;
  /** SHA-256 of the plain text. */
  readonly neutralText: ContentHash;
};

/** In place of what the attempt had. */
export function replaceWatch(db: WritableDb, attemptId: AttemptId, watches: readonly StoredWatch[]): void {
  db.transaction(() => {
    db.run("DELETE FROM collapse_watch WHERE attempt_id = $attempt_id", { attempt_id: attemptId });
    for (const watch of watches) {
      const [distinct1, distinct2, distinct3] = watch.distinct;
      db.run(
        `INSERT INTO collapse_watch (attempt_id, policy_id, first_policy_id, responses, tokens, mean_tokens, kl_nats, kl_standard_error,
           kl_nats_per_token, entropy_nats_per_token, distinct_1, distinct_2, distinct_3, finished_share, neutral_nats_per_token, neutral_tokens, neutral_text)
         VALUES ($attempt_id, $policy_id, $first_policy_id, $responses, $tokens, $mean_tokens, $kl_nats, $kl_standard_error,
           $kl_nats_per_token, $entropy_nats_per_token, $distinct_1, $distinct_2, $distinct_3, $finished_share, $neutral_nats_per_token, $neutral_tokens, $neutral_text)`,
        {
          attempt_id: attemptId,
          policy_id: watch.policyId,
          first_policy_id: watch.firstPolicyId,
          responses: watch.responses,
          tokens: watch.tokens,
          mean_tokens: watch.meanTokens,
          kl_nats: watch.klNats,
          kl_standard_error: watch.klStandardError,
          kl_nats_per_token: watch.klNatsPerToken,
          entropy_nats_per_token: watch.entropyNatsPerToken,
          distinct_1: distinct1,
          distinct_2: distinct2,
          distinct_3: distinct3,
          finished_share: watch.finishedShare,
          neutral_nats_per_token: watch.neutralNatsPerToken,
          neutral_tokens: watch.neutralTokens,
          neutral_text: watch.neutralText,
        },
      );
    }
  });
}

/** Empty where the evaluation was not watched. */
export function watchesOf(db: ReadableDb, attemptId: AttemptId): StoredWatch[] {
  return db.all("SELECT * FROM collapse_watch WHERE attempt_id = $attempt_id ORDER BY policy_id", { attempt_id: attemptId }).map((row) => ({
    policyId: text(row, "policy_id") as PolicyId,
    firstPolicyId: text(row, "first_policy_id") as PolicyId,
    responses: number(row, "responses"),
    tokens: number(row, "tokens"),
    meanTokens: number(row, "mean_tokens"),
    klNats: number(row, "kl_nats"),
    klStandardError: numberOrNull(row, "kl_standard_error"),
    klNatsPerToken: number(row, "kl_nats_per_token"),
    entropyNatsPerToken: number(row, "entropy_nats_per_token"),
    distinct: [numberOrNull(row, "distinct_1"), numberOrNull(row, "distinct_2"), numberOrNull(row, "distinct_3")],
    finishedShare: number(row, "finished_share"),
    neutralNatsPerToken: number(row, "neutral_nats_per_token"),
    neutralTokens: number(row, "neutral_tokens"),
    neutralText: text(row, "neutral_text") as ContentHash,
  }));
}
