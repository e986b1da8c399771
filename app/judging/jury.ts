/** Several oracles' answers to one comparison as one, by the jury's rule. */
import type { JuryRule } from "#app/domain/judge.ts";
import { pointsForFirst, type Verdict } from "#app/domain/verdict.ts";
import { judgeWords } from "#app/text/judges.ts";
import type { ShownReply } from "./judgment-from-reply.ts";
import { verdictOfProbability } from "./letter-probability.ts";

/**
 * The jury's answer, of the responses as shown. Abstentions and failures do not count; unless more than half of the
 * members gave a usable answer there is none. A side wins clearly if every usable answer names it.
 */
export function juryReply(rule: JuryRule, members: readonly ShownReply[]): ShownReply {
  const votes = members.flatMap(({ verdict, probability }) => {
    const points = verdict === null ? undefined : pointsForFirst(verdict);
    return verdict === null || points === undefined ? [] : [{ verdict, points, probability: probability ?? points }];
  });
  if (2 * votes.length <= members.length) {
    return {
      verdict: { kind: "invalid", reason: judgeWords.juryTooFew(votes.length, members.length) },
      probability: null,
    };
  }
  if (votes.every(({ verdict }) => verdict.kind === "bothBad")) return { verdict: { kind: "bothBad" }, probability: null };
  if (rule === "mean") {
    const probability = votes.reduce((sum, vote) => sum + vote.probability, 0) / votes.length;
    return { verdict: verdictOfProbability(probability), probability };
  }
  const [first, second] = [votes.filter((vote) => vote.points === 1).length, votes.filter((vote) => vote.points === 0).length];
  const needed = rule === "unanimous" ? votes.length - 0.5 : votes.length / 2;
  return { verdict: winner(first, second, needed, votes.length), probability: null };
}

function winner(first: number, second: number, needed: number, all: number): Verdict {
  if (first > needed) return { kind: "prefers", winner: "first", strength: first === all ? "clear" : "slight" };
  if (second > needed) return { kind: "prefers", winner: "second", strength: second === all ? "clear" : "slight" };
  return { kind: "tie" };
}
