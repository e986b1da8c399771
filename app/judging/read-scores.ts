/** A judge's reply to a list as scores, one for each candidate shown (the paper's 6-point mode). */
import { judgeWords } from "#app/text/judges.ts";
import { afterThinking, type JudgeReply, objectsIn, start, type Unusable, unusable, unusableAsAWhole } from "./judge-reply.ts";
import { MAX_SCORE } from "./judgment-from-reply.ts";

export type ReadScores = { readonly kind: "usable"; readonly scores: readonly number[] } | Unusable;

/**
 * `idN_score` of a JSON object first, else wherever such a key with a whole number stands outside a string. A candidate
 * that is missing, scored twice, unknown, or outside 0 to 6 makes the reply unusable as a whole.
 */
export function readScores(candidateCount: number, reply: JudgeReply): ReadScores {
  const whole = unusableAsAWhole(reply);
  if (whole !== undefined) return whole;
  const said = afterThinking(reply.text);
  if (said === undefined) return unusable(judgeWords.stillThinking(start(reply.text)));
  const [object, ...others] = objectsIn(said).objects;
  const entries = object === undefined || others.length > 0 ? looseEntries(said) : entriesOf(object, said);
  if (typeof entries === "string") return unusable(entries);
  const byId = Map.groupBy(entries, ([id]) => id);
  for (const id of byId.keys()) if (id < 1 || id > candidateCount) return unusable(judgeWords.strangeCandidate(id, candidateCount));
  const scores: number[] = [];
  for (let id = 1; id <= candidateCount; id++) {
    const found = byId.get(id) ?? [];
    const [first] = found;
    if (first === undefined) return unusable(judgeWords.scoreMissing(id, start(reply.text)));
    if (found.length > 1) return unusable(judgeWords.scoredTwice(id, found.length));
    const [, score] = first;
    if (!Number.isInteger(score) || score < 0 || score > MAX_SCORE) return unusable(judgeWords.scoreOutside(id, MAX_SCORE, score));
    scores.push(score);
  }
  return { kind: "usable", scores };
}

type Entry = readonly [id: number, score: number];

function entriesOf(object: Readonly<Record<string, unknown>>, text: string): readonly Entry[] | string {
  const entries: Entry[] = [];
  for (const [key, value] of Object.entries(object)) {
    const [, id] = /^id(\d+)_score$/u.exec(key) ?? [];
    if (id === undefined) continue;
    const score = typeof value === "string" && /^\s*\d+\s*$/u.test(value) ? Number(value) : value;
    if (typeof score !== "number") return judgeWords.scoreNotWhole(key, MAX_SCORE, JSON.stringify(value));
    entries.push([Number(id), score]);
  }
  // JSON keeps the last of two equal keys; which of them was meant cannot be told.
  const keys = [...text.matchAll(/(?<!\\)"(id\d+_score)"\s*:/gu)].map((match) => match[1]);
  const twice = keys.find((key, i) => keys.indexOf(key) !== i);
  return twice === undefined ? entries : judgeWords.keyTwice(twice);
}

/** In what looks like JSON only quoted keys count, as a justification may speak of scores; elsewhere bare ones do too. */
function looseEntries(text: string): Entry[] {
  const pattern = text.includes("{")
    ? /(?<!\\)"id(\d+)_score"\s*:\s*"?(\d+(?:\.\d+)?)(?![\w.])/gu
    : /(?<![\\\w])["']?id(\d+)_score["']?\s*[:=]\s*["']?(\d+(?:\.\d+)?)(?![\w.])/gu;
  return [...text.matchAll(pattern)].map((match) => [Number(match[1]), Number(match[2])]);
}
