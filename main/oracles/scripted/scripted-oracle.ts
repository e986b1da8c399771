/** Oracles that follow a script: the same question with the same seed always gets the same answer. */
import { CancelledError, OracleError } from "#app/base/errors.ts";
import { type Rng, rngFor } from "#app/base/random.ts";
import type { ScriptedOracle } from "#app/domain/oracle.ts";
import { majorityOf } from "#app/judging/rubric.ts";
import type { Verdict } from "#app/domain/verdict.ts";
import type { Oracle, OracleMaker, OracleQuestion, OracleReply } from "#app/rounds/ports.ts";
import { oracleWords } from "#app/text/oracles.ts";
import { compileRule, type MatrixRule, type Rule, type RubricRule, type ShownResponse, type UtilityRule } from "./rules.ts";

export const scriptedOracleMaker: OracleMaker = { make: makeScriptedOracle };

/**
 * An oracle of the configuration. Pairwise, a script with a number prefers the higher one (clearly; equal is a tie), a
 * rubric the one for which more traits speak; a
 * preference matrix draws the winner with its probability, from the question's seed, and a response that no class's
 * pattern matches makes the answer invalid with the reason (a last class with the empty pattern catches all). Two
 * responses of one class are drawn evenly, as the matrix says. `noise` is the probability with which an answer is
 * replaced by one drawn evenly. Listwise scores run from 0 to 6; see `listwiseScores`. Throws ConfigError for a
 * pattern that is none.
 */
export function makeScriptedOracle(config: ScriptedOracle): Oracle {
  const rule = compileRule(config);
  return {
    ask: (question, signal) => {
      if (signal.aborted) return Promise.reject(new CancelledError());
      try {
        return Promise.resolve(answer(config, rule, question));
      } catch (thrown) {
        return Promise.reject(thrown instanceof Error ? thrown : new OracleError(String(thrown)));
      }
    },
  };
}

function answer(config: ScriptedOracle, rule: Rule, question: OracleQuestion): OracleReply {
  const rng = rngFor(question.seed, "scripted");
  if (question.mode === "listwise") return answerListwise(config.noise, rule, question, rng);
  const [first, second] = question.shown;
  if (question.shown.length !== 2 || first === undefined || second === undefined) {
    throw new OracleError(oracleWords.notTwo(question.shown.length));
  }
  // Drawn first and always, so that the noise level of an oracle does not shift its other draws.
  const [isNoisy, noisyWinner] = [rng.next() < config.noise, rng.next() < 0.5 ? "first" : "second"] as const;
  const verdict = isNoisy ? prefers(noisyWinner) : judge(rule, question, [first, second], rng);
  return reply({ verdict });
}

type Messages = Pick<OracleQuestion, "messages">;

function judge(rule: Rule, { messages }: Messages, [first, second]: readonly [ShownResponse, ShownResponse], rng: Rng): Verdict {
  if (rule.kind === "utility") return higher(rule.utility(first), rule.utility(second));
  if (rule.kind === "rubric") return higher(majorityOf(rule.traitsOf(messages, first), rule.traitsOf(messages, second)), 0);
  const [a, b] = [rule.classOf(first), rule.classOf(second)];
  if (a === undefined || b === undefined) return { kind: "invalid", reason: noClass(a === undefined ? first : second) };
  return prefers(rng.next() < rule.probability(a, b) ? "first" : "second");
}

function higher(first: number, second: number): Verdict {
  return first === second ? { kind: "tie" } : prefers(first > second ? "first" : "second");
}

function answerListwise(noise: number, rule: Rule, { messages, shown }: OracleQuestion, rng: Rng): OracleReply {
  const drawn = shown.map(() => ({ isNoisy: rng.next() < noise, score: rng.below(TOP_SCORE + 1) }));
  const scores = scoresOf(rule, messages, shown);
  if (typeof scores === "string") return reply({ verdict: { kind: "invalid", reason: scores } });
  return reply({ scores: scores.map((score, i) => (drawn[i]?.isNoisy === true ? drawn[i].score : score)) });
}

const TOP_SCORE = 6;

function scoresOf(rule: Rule, messages: OracleQuestion["messages"], shown: readonly ShownResponse[]): number[] | string {
  switch (rule.kind) {
    case "utility":
      return listwiseScores(rule, shown);
    case "matrix":
      return matrixScores(rule, shown);
    case "rubric":
      return rubricScores(rule, messages, shown);
    default:
      return rule satisfies never;
  }
}

/**
 * Scores from 0 to 6 among the responses shown: the best gets 6, the worst 0, the others in proportion to their number
 * in between, rounded; if all are equal, all get 3. Relative to the list, as side-by-side scores are.
 */
function listwiseScores(rule: UtilityRule, shown: readonly ShownResponse[]): number[] {
  const utilities = shown.map(rule.utility);
  const [low, high] = [Math.min(...utilities), Math.max(...utilities)];
  return utilities.map((utility) => (low === high ? TOP_SCORE / 2 : Math.round((TOP_SCORE * (utility - low)) / (high - low))));
}

/** As a matrix: the share of the others shown over which a response has the majority, equal ones as halves, times 6. */
function rubricScores(rule: RubricRule, messages: OracleQuestion["messages"], shown: readonly ShownResponse[]): number[] {
  const traits = shown.map((response) => rule.traitsOf(messages, response));
  return traits.map((own, i) => {
    const points = traits.reduce((sum, other, j) => sum + (i === j ? 0 : (1 + Math.sign(majorityOf(own, other))) / 2), 0);
    return Math.round((TOP_SCORE * points) / Math.max(1, shown.length - 1));
  });
}

/** A matrix has no number a response; listwise, its mean probability against the others shown, times 6, stands in. */
function matrixScores(rule: MatrixRule, shown: readonly ShownResponse[]): number[] | string {
  const classes = shown.map(rule.classOf);
  const missing = shown[classes.indexOf(undefined)];
  if (missing !== undefined) return noClass(missing);
  return classes.map((own, i) => {
    const others = classes.filter((_, j) => j !== i);
    const sum = others.reduce<number>((total, other) => total + rule.probability(own ?? 0, other ?? 0), 0);
    return Math.round((TOP_SCORE * sum) / Math.max(1, others.length));
  });
}

function prefers(winner: "first" | "second"): Verdict {
  return { kind: "prefers", winner, strength: "clear" };
}

function noClass(response: ShownResponse): string {
  const start = response.text.length > 60 ? `${response.text.slice(0, 60)}...` : response.text;
  return oracleWords.noClass(JSON.stringify(start));
}

/** A script costs nothing, takes no time and has no raw reply; an invalid verdict is a failed ask. */
function reply(said: { readonly verdict?: Verdict; readonly scores?: readonly number[] }): OracleReply {
  return {
    outcome: said.verdict?.kind === "invalid" ? "failed" : "answered",
    verdict: said.verdict ?? null,
    scores: said.scores ?? null,
    probability: null,
    rawReply: null,
    promptTokens: null,
    replyTokens: null,
    costUsd: null,
    durationMs: 0,
  };
}
