/** What a careful colleague would say of an evaluation: one verdict and one sentence with its doubt. */
import type { PolicyId } from "#app/base/ids.ts";
import type { Recommendation, WinRateRow } from "#app/domain/evaluation.ts";

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
  return { policyId, verdict, sentence: `${sentenceOf(verdict, rows, confidence)}${missingRemark(rows)}.` };
}

function verdictOf(rows: readonly WinRateRow[]): Recommendation["verdict"] {
  if (rows.length === 0 || rows.some((row) => row.n < MIN_PROMPTS)) return "tooFew";
  if (rows.some((row) => row.high < 0.5)) return "worse";
  return rows.every((row) => row.low > 0.5) ? "improved" : "noSignificantChange";
}

function sentenceOf(verdict: Recommendation["verdict"], rows: readonly WinRateRow[], confidence: number): string {
  const facts = factsOf(rows, confidence);
  switch (verdict) {
    case "improved":
      return `The new policy ${facts}, clear of even${rows.length > 1 ? " each time" : ""}: it looks better and is worth going on from${lengthRemark(rows)}`;
    case "cycle":
      return `The new policy ${facts}; but verdicts on answers to one prompt run in circles that no score explains, so a win is no step forward: see the results before going on from it`;
    case "worse":
      return `The new policy ${facts}, which is below even${rows.length > 1 ? " at least once" : ""}: better stay with the policy before it and look at the pairs and the training`;
    case "noSignificantChange":
      return `The new policy ${facts}; an interval that holds even is no proof of a gain, so count this as no significant change`;
    case "tooFew":
      return tooFewSentence(rows);
    default:
      return verdict satisfies never;
  }
}

function tooFewSentence(rows: readonly WinRateRow[]): string {
  const fewest = rows.reduce((least, row) => Math.min(least, row.n), Infinity);
  if (rows.length === 0 || fewest === 0) return "Nothing can be said yet, as no held-out prompt has a usable answer";
  return `Too few to tell: only ${prompts(fewest)} ${fewest === 1 ? "counts" : "count"} and a verdict needs at least ${MIN_PROMPTS}`;
}

function factsOf(rows: readonly WinRateRow[], confidence: number): string {
  const parts = rows.map(
    (row) =>
      `${percent(row.winRate)} % against ${opponentWords(row.roles)} (${levelText(confidence)} % interval ${percent(row.low)}–${percent(row.high)}, n ${row.n})`,
  );
  return `wins ${parts.join(" and ")}`;
}

function opponentWords(roles: WinRateRow["roles"]): string {
  if (roles.includes("previous")) return roles.includes("first") ? "the policy it started from" : "the previous policy";
  return roles.includes("first") ? "the first policy" : "its opponent";
}

function lengthRemark(rows: readonly WinRateRow[]): string {
  const ratio = rows.reduce((most, row) => (row.opponentMeanLength > 0 ? Math.max(most, row.meanLength / row.opponentMeanLength) : most), 0);
  return ratio < NOTABLE_LENGTH_RATIO
    ? ""
    : `, but its responses are up to ${Math.round(100 * (ratio - 1))} % longer, so check that it is not only length`;
}

function missingRemark(rows: readonly WinRateRow[]): string {
  const worst = rows.reduce<WinRateRow | undefined>((most, row) => (row.missing > (most?.missing ?? 0) ? row : most), undefined);
  if (worst === undefined) return "";
  return `; ${worst.missing} of ${prompts(worst.n + worst.missing)} gave no usable answer`;
}

function prompts(count: number): string {
  return count === 1 ? "1 prompt" : `${count} prompts`;
}

/** Always one decimal, as everywhere. */
function percent(share: number): string {
  return (100 * share).toFixed(1);
}

/** 95, 97.5. */
function levelText(confidence: number): string {
  return String(Number((100 * confidence).toFixed(1)));
}
