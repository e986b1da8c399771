/** What a careful colleague would say of an evaluation: one verdict and one sentence with its doubt. */
import type { PolicyId } from "#app/base/ids.ts";
import type { Recommendation, WinRateRow } from "#app/domain/evaluation.ts";
import { recommendationWords } from "#app/text/choice.ts";

/** Under so many prompts no verdict is given, whatever the interval. */
export const MIN_PROMPTS = 20;
/** From this ratio of mean lengths on, a gain is named together with the length. */
const NOTABLE_LENGTH_RATIO = 1.2;

/**
 * improved: every interval lies above ½; worse: one lies below; else no significant change; tooFew: some opponent has
 * fewer than `MIN_PROMPTS` prompts, or there is none. The rows' intervals must hold together. Where no score explains
 * the verdicts on which policies were trained (`hasNoScore`), what would be improved is a cycle: preferences go round.
 */
export function recommend(policyId: PolicyId, rows: readonly WinRateRow[], confidence: number, hasNoScore = false): Recommendation {
  const measured = verdictOf(rows);
  const verdict = hasNoScore && measured === "improved" ? "cycle" : measured;
  return { policyId, verdict, sentence: recommendationWords.end(`${sentenceOf(verdict, rows, confidence)}${missingRemark(rows)}`) };
}

function verdictOf(rows: readonly WinRateRow[]): Recommendation["verdict"] {
  if (rows.length === 0 || rows.some((row) => row.n < MIN_PROMPTS)) return "tooFew";
  if (rows.some((row) => row.high < 0.5)) return "worse";
  return rows.every((row) => row.low > 0.5) ? "improved" : "noSignificantChange";
}

function sentenceOf(verdict: Recommendation["verdict"], rows: readonly WinRateRow[], confidence: number): string {
  const facts = rows.map((row) => ({ ...row, opponent: { isPrevious: row.roles.includes("previous"), isFirst: row.roles.includes("first") } }));
  switch (verdict) {
    case "improved":
      return `${recommendationWords.improved(facts, confidence)}${lengthRemark(rows)}`;
    case "cycle":
    case "worse":
    case "noSignificantChange":
      return recommendationWords[verdict](facts, confidence);
    case "tooFew":
      return tooFewSentence(rows);
    default:
      return verdict satisfies never;
  }
}

function tooFewSentence(rows: readonly WinRateRow[]): string {
  const fewest = rows.reduce((least, row) => Math.min(least, row.n), Infinity);
  if (rows.length === 0 || fewest === 0) return recommendationWords.nothing;
  return recommendationWords.tooFew(fewest, MIN_PROMPTS);
}

function lengthRemark(rows: readonly WinRateRow[]): string {
  const ratio = rows.reduce((most, row) => (row.opponentMeanLength > 0 ? Math.max(most, row.meanLength / row.opponentMeanLength) : most), 0);
  return ratio < NOTABLE_LENGTH_RATIO ? "" : recommendationWords.longer(ratio);
}

function missingRemark(rows: readonly WinRateRow[]): string {
  const worst = rows.reduce<WinRateRow | undefined>((most, row) => (row.missing > (most?.missing ?? 0) ? row : most), undefined);
  if (worst === undefined) return "";
  return recommendationWords.missing(worst.missing, worst.n + worst.missing);
}
