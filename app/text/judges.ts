/** What the lab says of judges and of replies that cannot be used. */
import { count, counted } from "./language.ts";
import { nouns } from "./nouns.ts";

export const judgeWords = {
  notTwoResponses: (shown: string) => `a judgment needs two different responses as shown, got ${shown}`,
  noVerdict: "the oracle gave no verdict",
  badProbability: (probability: number) => `the oracle's probability must be within 0 and 1, got ${probability}`,
  noScores: "the oracle gave no scores",
  scoreCount: (expected: number, got: number) => `expected ${counted(expected, nouns.scores)}, got ${got}`,
  badScore: (most: number, score: number) => `expected scores from 0 to ${most} without fractions, got ${score}`,
  juryTooFew: (usable: number, members: number) => `only ${usable} of ${counted(members, nouns.members)} of the jury gave a usable answer`,
  strangeCandidate: (candidate: number, candidates: number) => `a score for candidate ${candidate}, of ${candidates}`,
  scoreMissing: (candidate: number, reply: string) => `no score for candidate ${candidate}: ${reply}`,
  scoredTwice: (candidate: number, scores: number) => `candidate ${candidate} has ${counted(scores, nouns.scores)}`,
  scoreOutside: (candidate: number, most: number, score: number) => `candidate ${candidate}: expected a whole number from 0 to ${most}, got ${score}`,
  scoreNotWhole: (key: string, most: number, value: string) => `"${key}": expected a whole number from 0 to ${most}, got ${value}`,
  keyTwice: (key: string) => `"${key}" stands there more than once`,
  contradiction: (reply: string) => `verdicts that contradict each other: ${reply}`,
  noJsonVerdict: (reply: string) => `no JSON object with a verdict: ${reply}`,
  noVerdictIn: (reply: string) => `no verdict: ${reply}`,
  notAVerdict: (found: string | undefined) => `"verdict": expected A, B, tie or both_bad, got ${found ?? "nothing"}`,
  unlikely: (reply: string) => `neither A nor B was likely: ${reply}`,
  notALetter: (reply: string) => `expected A or B, got ${reply}`,
  refused: (reply: string) => `the judge refused: ${reply}`,
  heldBack: "the endpoint held the reply back (content filter)",
  cutShort: (reply: string) => `the reply was cut at its most tokens: ${reply}`,
  emptyReply: "the reply is empty",
  stillThinking: (reply: string) => `the reply ends while it still thinks: ${reply}`,
  isPairwise: (oracle: "jury" | "localJudge") =>
    `judging.mode: a ${oracle === "jury" ? "jury" : "policy as judge"} compares two responses at a time, so expected "pairwise", got "listwise"`,
  wrongTemplate: (mode: string, name: string, found: string) => `oracle: expected a ${mode} template, got "${name}", which is ${found}`,
  wantsLetter: (name: string, reply: string) => `oracle: a policy as judge answers with a letter, and the template "${name}" asks for ${reply}`,
  notAllowed: (prompts: number, host: string) =>
    `${counted(prompts, nouns.prompts)} and the responses to them would go to ${host}, and this experiment has not been allowed that yet; confirm it once (nashlab judge allow ${host})`,
  noPrice: (model: string, endpoint: string, address: string) =>
    `nobody has said what ${model} costs at ${endpoint}, so the cap cannot be kept; state its price (nashlab judge add ${endpoint} --url ${address} --price ${model}=INPUT/OUTPUT), or lift the caps`,
  noKey: (host: string, endpoint: string, variable: string) =>
    `there is no key for ${host}; nashlab judge key ${endpoint} keeps one, or set ${variable} in the environment`,
  noLetters: "the engine gave no tokens for A and B",
  notAllScored: (scored: number, answers: number) => `the engine scored ${count(scored)} of ${counted(answers, nouns.answers)}`,
  /** Who judged where it was not written down. */
  unknown: "unknown",
  juryOf: (members: string) => `jury of ${members}`,
};
