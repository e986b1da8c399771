/** The prompts behind a number: what two players answered and what was said of it. */
import type { ExampleFilter, ExampleView } from "#app/contract/result-views.ts";
import type { PlayerId } from "#app/statistics/policy-duels.ts";
import { promptById } from "#main/store/queries/experiments.ts";
import { evaluationAttempts } from "#main/store/queries/matches.ts";
import { listPolicies, policyByName } from "#main/store/queries/policies.ts";
import type { LabContext } from "../context.ts";
import { authorName, newestMatches } from "../evaluations/gather-duels.ts";
import type { ScoredMatch } from "../evaluations/scored-matches.ts";

export type ExampleRequest = {
  readonly split: string;
  readonly first: string;
  readonly second: string;
  readonly filter: ExampleFilter;
  readonly offset: number;
  readonly limit: number;
};

export type ExamplePage = { readonly rows: ExampleView[]; readonly counts: Record<ExampleFilter, number> };

/** Seen from the first player. The same matches that the figures are of, in the order of the prompts' hashes. */
export function examplesOf(lab: LabContext, request: ExampleRequest): ExamplePage {
  const { db } = lab.store;
  const [first, second] = [playerOf(lab, request.first), playerOf(lab, request.second)];
  // The asked one first, so that every match comes out turned that way.
  const order: PlayerId[] = first === "teacher" ? [second, first] : [second, first, "teacher"];
  const isTurned = first === "teacher";
  const all = [...newestMatches(db, evaluationAttempts(db, request.split), order).values()].filter(
    (match) => match.first === (isTurned ? second : first) && match.second === (isTurned ? first : second),
  );
  const counts: Record<ExampleFilter, number> = { all: all.length, won: 0, lost: 0, tied: 0, ordersDisagree: 0, missing: 0 };
  const kept: ScoredMatch[] = [];
  for (const match of all) {
    const outcome = outcomeOf(match, isTurned);
    counts[outcome] += 1;
    if (match.ordersDisagree) counts.ordersDisagree += 1;
    const isWanted = request.filter === "all" || request.filter === outcome || (request.filter === "ordersDisagree" && match.ordersDisagree);
    if (isWanted) kept.push(match);
  }
  return { rows: kept.slice(request.offset, request.offset + request.limit).map((match) => toView(lab, match, isTurned)), counts };
}

function playerOf(lab: LabContext, name: string): PlayerId {
  return name === "teacher" && !listPolicies(lab.store.db).some((policy) => policy.name === name) ? "teacher" : policyByName(lab.store.db, name).id;
}

function outcomeOf({ score }: ScoredMatch, isTurned: boolean): ExampleView["outcome"] {
  if (score === null) return "missing";
  if (score === 0.5) return "tied";
  return score > 0.5 !== isTurned ? "won" : "lost";
}

function toView(lab: LabContext, match: ScoredMatch, isTurned: boolean): ExampleView {
  const { db } = lab.store;
  const [own, other] = isTurned ? [match.secondResponse, match.firstResponse] : [match.firstResponse, match.secondResponse];
  const score = match.score === null || !isTurned ? match.score : 1 - match.score;
  return {
    promptId: match.promptId,
    prompt: promptById(db, match.promptId).messages.findLast((message) => message.role === "user")?.content ?? "",
    response: own?.text ?? null,
    opponentResponse: other?.text ?? null,
    outcome: outcomeOf(match, isTurned),
    score,
    ordersDisagree: match.ordersDisagree,
    judgedBy: [...new Set(match.judgments.map((judgment) => authorName(db, judgment.authorId)))].sort(),
  };
}
