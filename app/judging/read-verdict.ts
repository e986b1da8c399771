/** A judge's reply to a comparison as a verdict on the responses as shown; what cannot be used never becomes a side. */
import type { Verdict } from "#app/domain/verdict.ts";
import { judgeWords } from "#app/text/judges.ts";
import type { ShownReply } from "./judgment-from-reply.ts";
import { afterThinking, type JudgeReply, objectsIn, start, type Unusable, unusable, unusableAsAWhole } from "./judge-reply.ts";
import { letterProbability, verdictOfProbability } from "./letter-probability.ts";
import type { JudgeTemplate } from "./template.ts";

export type ReadVerdict = (ShownReply & { readonly kind: "usable"; readonly verdict: Verdict; readonly rationale: string | null }) | Unusable;

export function readVerdict(template: Pick<JudgeTemplate, "reply">, reply: JudgeReply): ReadVerdict {
  return template.reply === "letter" ? readLetter(reply) : (unusableAsAWhole(reply) ?? readJson(reply.text));
}

/**
 * Whatever names a verdict counts: JSON objects; a closed object that is JSON but for its reason (the verdict at its very
 * end); lines that say `verdict: X` or `[[X]]`. Verdicts that contradict each other are none, and so is a draft before one
 * that cannot be read.
 */
function readJson(reply: string): ReadVerdict {
  const text = afterThinking(reply);
  if (text === undefined) return unusable(judgeWords.stillThinking(start(reply)));
  const { objects, rest } = objectsIn(text);
  const stated = objects.filter((object) => "verdict" in object).map(fromObject);
  // In a text that looks like JSON such lines may stand in a reason; beside an object that can be read they may contradict it.
  const loose = NAMED.test(rest) ? [atTheEnd(rest)] : stated.length > 0 || !text.includes("{") ? inWords(rest) : [];
  const [first, ...others] = [...stated, ...loose];
  if (first === undefined) return unusable((text.includes("{") ? judgeWords.noJsonVerdict : judgeWords.noVerdictIn)(start(text)));
  const unreadable = [first, ...others].find((one) => one.kind === "unusable");
  if (unreadable !== undefined) return unreadable;
  return others.every((other) => sideOf(other) === sideOf(first)) ? first : unusable(judgeWords.contradiction(start(text)));
}

/** A verdict as JSON has it, or what is meant to be JSON. */
const NAMED = /(?<!\\)["']verdict["']\s*:/iu;

/** The verdict of what is not JSON, if it closes it. */
function atTheEnd(text: string): ReadVerdict {
  const [, word, strength] = AT_THE_END.exec(text) ?? [];
  const verdict = word === undefined ? undefined : verdictOf(word, strength);
  return verdict === undefined ? unusable(judgeWords.noJsonVerdict(start(text))) : usable(verdict, null);
}

function inWords(text: string): readonly ReadVerdict[] {
  return [...text.matchAll(TAG)].map((match) => {
    const verdict = verdictOf(match[1] ?? match[2] ?? "", undefined);
    return verdict === undefined ? unusable(judgeWords.noVerdictIn(start(text))) : usable(verdict, null);
  });
}

function sideOf(read: ReadVerdict): string | undefined {
  if (read.kind === "unusable") return undefined;
  return read.verdict.kind === "prefers" ? read.verdict.winner : read.verdict.kind;
}

/** `..., "verdict": "A", "strength": "slight"}` and then nothing but the end of a code fence. */
const AT_THE_END = /(?<!\\)"verdict"\s*:\s*"(A|B|tie|both[ _]bad)"\s*(?:,\s*"strength"\s*:\s*"(slight|clear)"\s*)?\}\s*(?:```)?\s*$/iu;

const TAG = /(?:^|\n)[\s>*_#-]*(?:final\s+)?verdict[*_]*\s*:[ \t*_"']*(A|B|tie|both[ _]bad)[*_"'.]*\s*(?=\n|$)|\[\[(A|B|tie)\]\]/giu;

function fromObject(object: Readonly<Record<string, unknown>>): ReadVerdict {
  const { verdict: word, strength, reason } = object;
  if (typeof word !== "string") return unusable(judgeWords.notAVerdict(word === undefined ? undefined : JSON.stringify(word)));
  const verdict = verdictOf(word, typeof strength === "string" ? strength : undefined);
  if (verdict === undefined) return unusable(judgeWords.notAVerdict(start(word)));
  return usable(verdict, typeof reason === "string" && reason.trim() !== "" ? reason.trim() : null);
}

function verdictOf(word: string, strength: string | undefined): Verdict | undefined {
  switch (word.trim().toLowerCase().replace(/\s+/gu, "_")) {
    case "a":
      return { kind: "prefers", winner: "first", strength: strengthOf(strength) };
    case "b":
      return { kind: "prefers", winner: "second", strength: strengthOf(strength) };
    case "tie":
      return { kind: "tie" };
    case "both_bad":
      return { kind: "bothBad" };
    default:
      return undefined;
  }
}

/** A judge that does not say counts as clear, as a script does. */
function strengthOf(word: string | undefined): "slight" | "clear" {
  return word?.trim().toLowerCase() === "slight" ? "slight" : "clear";
}

function usable(verdict: Verdict, rationale: string | null): ReadVerdict {
  return { kind: "usable", verdict, probability: null, rationale };
}

/** By the probabilities of the letters where the endpoint gives them, else by the one letter that was said. */
function readLetter(reply: JudgeReply): ReadVerdict {
  const whole = unusableAsAWhole(reply);
  // A letter is all that was asked for: the reply is meant to be cut after it.
  if (whole !== undefined && reply.finish !== "length") return whole;
  if (reply.firstTokens !== null && reply.firstTokens.length > 0) {
    const probability = letterProbability(reply.firstTokens);
    if (probability === undefined) return unusable(judgeWords.unlikely(start(reply.text)));
    return { kind: "usable", verdict: verdictOfProbability(probability), probability, rationale: null };
  }
  const [, letter] = /^[\s"'([*]*(A|B)[\s"')\].:*]*$/u.exec(reply.text) ?? [];
  const verdict = letter === undefined ? undefined : verdictOf(letter, undefined);
  return verdict === undefined ? unusable(judgeWords.notALetter(start(reply.text))) : usable(verdict, null);
}
