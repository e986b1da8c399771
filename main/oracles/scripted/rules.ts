/** What each kind of script makes of responses: a number to be preferred by, a class to be looked up, or traits to be counted. */
import { ConfigError } from "#app/base/errors.ts";
import type { ScriptedOracle } from "#app/domain/oracle.ts";
import type { Message } from "#app/domain/prompt.ts";
import { traitsOf } from "#app/judging/rubric.ts";
import { oracleWords } from "#app/text/oracles.ts";
import { compilePattern, countMatches, matches } from "./patterns.ts";

export type ShownResponse = { readonly text: string; readonly tokenCount: number };

/** Higher is preferred, equal is a tie. */
export type UtilityRule = { readonly kind: "utility"; readonly utility: (response: ShownResponse) => number };

/** P(a is preferred to b), or the reason why one of them falls into no class. */
export type MatrixRule = {
  readonly kind: "matrix";
  /** Undefined if no class's pattern matches. */
  readonly classOf: (response: ShownResponse) => number | undefined;
  readonly probability: (a: number, b: number) => number;
};

/** Traits of a response to a request; of two responses the one for which more traits speak is preferred. */
export type RubricRule = { readonly kind: "rubric"; readonly traitsOf: (messages: readonly Message[], response: ShownResponse) => readonly number[] };

export type Rule = UtilityRule | MatrixRule | RubricRule;

/** The rule of a configuration; throws ConfigError for what cannot work. */
export function compileRule(config: ScriptedOracle): Rule {
  switch (config.kind) {
    case "targetLength":
      return { kind: "utility", utility: (response) => -Math.abs(lengthOf(response, config.unit) - config.target) };
    case "regex": {
      const pattern = compilePattern(config.pattern, `${config.flags}g`, "oracle.pattern");
      const sign = config.prefer === "more" ? 1 : -1;
      return { kind: "utility", utility: (response) => sign * countMatches(pattern, response.text) };
    }
    case "wordList": {
      const patterns = [...new Set(config.words.map((word) => word.trim().toLowerCase()))].map(wordPattern);
      const sign = config.prefer === "more" ? 1 : -1;
      return { kind: "utility", utility: (response) => sign * patterns.filter((pattern) => matches(pattern, response.text)).length };
    }
    case "preferenceMatrix":
      return matrixRule(config);
    case "rubric":
      return { kind: "rubric", traitsOf: (messages, { text }) => traitsOf(config.traits, config, messages, text) };
    default:
      return config satisfies never;
  }
}

function matrixRule(config: Extract<ScriptedOracle, { kind: "preferenceMatrix" }>): MatrixRule {
  const patterns = config.classes.map((one, i) => compilePattern(one.pattern, "u", `oracle.classes[${i}] "${one.name}"`));
  return {
    kind: "matrix",
    classOf: ({ text }) => {
      const index = patterns.findIndex((pattern) => matches(pattern, text));
      return index === -1 ? undefined : index;
    },
    probability: (a, b) => config.matrix[a]?.[b] ?? 0.5,
  };
}

/** Characters are Unicode code points; words are stretches between white space. */
function lengthOf(response: ShownResponse, unit: "characters" | "words" | "tokens"): number {
  switch (unit) {
    case "characters":
      return [...response.text].length;
    case "words":
      return response.text.split(/\s+/u).filter((word) => word !== "").length;
    case "tokens":
      return response.tokenCount;
    default:
      return unit satisfies never;
  }
}

/** A whole word in any case: not preceded or followed by a letter, a digit or an underscore of any script. */
function wordPattern(word: string): RegExp {
  if (word === "") throw new ConfigError(oracleWords.blankWord);
  const literal = word.replace(/[\\^$.*+?()[\]{}|/-]/gu, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}_])${literal}(?![\\p{L}\\p{N}_])`, "iu");
}
