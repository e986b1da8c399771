/** Judgments with all that belongs to them, for files: page by page, oldest first. */
import { number, numberOrNull, type ReadableDb, type Row, text, textOrNull } from "../database.ts";

export type ExportedJudgment = {
  readonly number: number;
  readonly id: string;
  readonly askId: string;
  readonly round: number;
  readonly purpose: string;
  readonly promptId: string;
  readonly promptHash: string;
  readonly messages: string;
  readonly first: ExportedResponse;
  readonly second: ExportedResponse;
  /** True if the first in stored order stood first on the screen or in the request. */
  readonly isShownAsStored: boolean;
  readonly verdict: string;
  readonly strength: string | null;
  readonly probability: number | null;
  readonly criterion: string | null;
  readonly reason: string | null;
  readonly rationale: string | null;
  readonly tags: string | null;
  readonly author: string;
  readonly authorKind: string;
  readonly oracle: string;
  readonly oracleVersion: string;
  readonly templateVersion: string | null;
  readonly guidelineVersion: string | null;
  readonly costUsd: number | null;
  readonly durationMs: number | null;
  readonly madeAtMs: number;
  readonly isLive: boolean;
  readonly supersedesId: string | null;
};
export type ExportedResponse = { readonly id: string; readonly source: string; readonly policy: string | null; readonly text: string };

/** After the judgment with this number. A retraction's verdict is `retraction`. */
export function judgmentsAfter(db: ReadableDb, after: number, limit: number): ExportedJudgment[] {
  return db
    .all(
      `SELECT e.number, j.*, e.round, e.purpose, e.verdict AS said, e.is_live, e.cost_usd AS cost, coalesce(j.duration_ms, e.duration_ms) AS duration,
         p.id AS prompt_id, p.hash AS prompt_hash, p.messages, k.template_version, k.guideline_version, u.name AS author, u.kind AS author_kind,
         o.name AS oracle, o.version AS oracle_version,
         a.source AS first_source, ap.name AS first_policy, a.text AS first_text, b.source AS second_source, bp.name AS second_policy, b.text AS second_text,
         (SELECT x.position FROM ask_response x WHERE x.ask_id = j.ask_id AND x.response_id = j.first_id)
           < (SELECT y.position FROM ask_response y WHERE y.ask_id = j.ask_id AND y.response_id = j.second_id) AS as_stored
       FROM ledger_entry e JOIN judgment j ON j.id = e.judgment_id JOIN ask k ON k.id = j.ask_id JOIN prompt p ON p.id = k.prompt_id
         JOIN author u ON u.id = j.author_id JOIN oracle o ON o.id = k.oracle_id
         JOIN response a ON a.id = j.first_id LEFT JOIN policy ap ON ap.id = a.policy_id
         JOIN response b ON b.id = j.second_id LEFT JOIN policy bp ON bp.id = b.policy_id
       WHERE e.number > $after ORDER BY e.number LIMIT $limit`,
      { after, limit },
    )
    .map(toExported);
}

function toExported(row: Row): ExportedJudgment {
  return {
    number: number(row, "number"),
    id: text(row, "id"),
    askId: text(row, "ask_id"),
    round: number(row, "round"),
    purpose: text(row, "purpose"),
    promptId: text(row, "prompt_id"),
    promptHash: text(row, "prompt_hash"),
    messages: text(row, "messages"),
    first: { id: text(row, "first_id"), source: text(row, "first_source"), policy: textOrNull(row, "first_policy"), text: text(row, "first_text") },
    second: {
      id: text(row, "second_id"),
      source: text(row, "second_source"),
      policy: textOrNull(row, "second_policy"),
      text: text(row, "second_text"),
    },
    isShownAsStored: numberOrNull(row, "as_stored") !== 0,
    verdict: text(row, "said"),
    strength: textOrNull(row, "strength"),
    probability: numberOrNull(row, "probability"),
    criterion: textOrNull(row, "criterion"),
    reason: textOrNull(row, "reason"),
    rationale: textOrNull(row, "rationale"),
    tags: textOrNull(row, "tags"),
    author: text(row, "author"),
    authorKind: text(row, "author_kind"),
    oracle: text(row, "oracle"),
    oracleVersion: text(row, "oracle_version"),
    templateVersion: textOrNull(row, "template_version"),
    guidelineVersion: textOrNull(row, "guideline_version"),
    costUsd: numberOrNull(row, "cost"),
    durationMs: numberOrNull(row, "duration"),
    madeAtMs: number(row, "made_at"),
    isLive: number(row, "is_live") === 1,
    supersedesId: textOrNull(row, "supersedes_id"),
  };
}

export type ExportedOracle = { readonly name: string; readonly version: string; readonly config: string; readonly asks: number };

/** Oracles that were asked, with how often, by name. */
export function askedOracles(db: ReadableDb): ExportedOracle[] {
  return db
    .all(
      "SELECT o.name, o.version, o.config, count(*) AS asks FROM oracle o JOIN current_ask k ON k.oracle_id = o.id GROUP BY o.id ORDER BY o.name, o.version",
    )
    .map((row) => ({ name: text(row, "name"), version: text(row, "version"), config: text(row, "config"), asks: number(row, "asks") }));
}

/** Judge templates whose text is kept. */
export function usedTemplates(db: ReadableDb): { readonly name: string; readonly version: string }[] {
  return db
    .all("SELECT name, version FROM judge_template ORDER BY name, version")
    .map((row) => ({ name: text(row, "name"), version: text(row, "version") }));
}
