/** All that live evaluations say, pair by pair of players: the newest match of a pair and prompt counts. */
import type { AttemptId, PolicyId, PromptId } from "#app/base/ids.ts";
import type { Response } from "#app/domain/sampling.ts";
import type { PlayerId } from "#app/statistics/policy-duels.ts";
import type { ResponseSample } from "#app/statistics/response-traits.ts";
import type { PromptOutcome } from "#app/statistics/win-rate.ts";
import { type ReadableDb, text } from "#main/store/database.ts";
import { listPolicies } from "#main/store/queries/policies.ts";
import { lengthOf, type ScoredMatch, scoredMatches } from "./scored-matches.ts";

export type GatheredDuel = {
  /** The newer policy first, the teacher always second. */
  readonly first: PlayerId;
  readonly second: PlayerId;
  readonly outcomes: readonly PromptOutcome[];
  readonly bothOrders: number;
  readonly ordersDisagree: number;
};

export type GatheredPlayer = { readonly id: PlayerId; readonly name: string; readonly samples: readonly ResponseSample[] };

export type Gathered = {
  /** Policies that still count, from the first to the newest, and the teacher last where it was met. */
  readonly players: readonly GatheredPlayer[];
  readonly duels: readonly GatheredDuel[];
  readonly promptCount: number;
  /** Pairs of all policies that count, with the teacher where it has answered held-out prompts. */
  readonly possiblePairs: number;
  readonly judgedBy: readonly string[];
};

export function gatherDuels(db: ReadableDb, attempts: readonly AttemptId[], taughtPrompts: number): Gathered {
  const nameById = new Map<PlayerId, string>([
    ...listPolicies(db).map((policy): [PlayerId, string] => [policy.id, policy.name]),
    ["teacher", "teacher"],
  ]);
  const order = [...nameById.keys()];
  const newest = newestMatches(db, attempts, order);
  const byPair = Map.groupBy(newest.values(), (match) => `${match.first} ${match.second}`);
  const duels = [...byPair.values()]
    .map(toDuel)
    .sort((a, b) => order.indexOf(a.first) - order.indexOf(b.first) || order.indexOf(a.second) - order.indexOf(b.second));
  const met = new Set(duels.flatMap(({ first, second }) => [first, second]));
  const responses = responsesByPlayer(newest.values());
  return {
    players: order
      .filter((id) => met.has(id))
      .map((id) => ({ id, name: nameById.get(id) ?? id, samples: [...(responses.get(id)?.values() ?? [])].map(toSample) })),
    duels,
    possiblePairs: pairsAmong(order.length - 1) + (taughtPrompts > 0 ? order.length - 1 : 0),
    promptCount: new Set([...newest.values()].map((match) => match.promptId)).size,
    judgedBy: authorNames(db, newest.values()),
  };
}

function pairsAmong(count: number): number {
  return (count * (count - 1)) / 2;
}

/** By pair and prompt, turned so that the newer policy is first; pairs with a policy that is gone are left out. */
export function newestMatches(db: ReadableDb, attempts: readonly AttemptId[], order: readonly PlayerId[]): Map<string, ScoredMatch> {
  const newest = new Map<string, ScoredMatch>();
  for (const attemptId of attempts) {
    for (const match of scoredMatches(db, attemptId)) {
      const [a, b] = [order.indexOf(match.first), order.indexOf(match.second)];
      if (a === -1 || b === -1 || a === b) continue;
      const isTurned = match.first === "teacher" || (match.second !== "teacher" && a < b);
      const turned = isTurned ? turn(match) : match;
      newest.set(`${turned.first} ${turned.second} ${turned.promptId}`, turned);
    }
  }
  return newest;
}

function turn(match: ScoredMatch): ScoredMatch {
  return {
    ...match,
    first: match.second,
    second: match.first,
    firstResponseId: match.secondResponseId,
    secondResponseId: match.firstResponseId,
    firstResponse: match.secondResponse,
    secondResponse: match.firstResponse,
    score: match.score === null ? null : 1 - match.score,
  };
}

function toDuel(matches: readonly ScoredMatch[]): GatheredDuel {
  const [one] = matches;
  if (one === undefined) throw new Error("internal: a pair without a match");
  return {
    first: one.first,
    second: one.second,
    outcomes: matches.map(({ promptId, score, firstResponse, secondResponse }) => ({
      promptId,
      score,
      length: lengthOf(firstResponse),
      opponentLength: lengthOf(secondResponse),
    })),
    bothOrders: matches.filter((match) => match.isInBothOrders).length,
    ordersDisagree: matches.filter((match) => match.ordersDisagree).length,
  };
}

function responsesByPlayer(matches: Iterable<ScoredMatch>): Map<PlayerId, Map<PromptId, Response>> {
  const byPlayer = new Map<PlayerId, Map<PromptId, Response>>();
  const add = (player: PlayerId, promptId: PromptId, response: Response | null): void => {
    if (response === null) return;
    const ofPlayer = byPlayer.get(player) ?? new Map<PromptId, Response>();
    byPlayer.set(player, ofPlayer.set(promptId, response));
  };
  for (const match of matches) {
    add(match.first, match.promptId, match.firstResponse);
    add(match.second, match.promptId, match.secondResponse);
  }
  return byPlayer;
}

function toSample({ text: words, tokenIds, finishReason, isRepetitive, logp }: Response): ResponseSample {
  return { text: words, tokenCount: tokenIds.length, isFinished: finishReason !== "length", isRepetitive, logp };
}

function authorNames(db: ReadableDb, matches: Iterable<ScoredMatch>): string[] {
  const ids = new Set([...matches].flatMap((match) => match.judgments.map((judgment) => judgment.authorId)));
  return [...ids].map((id) => authorName(db, id)).sort();
}

export function authorName(db: ReadableDb, id: string): string {
  const row = db.get("SELECT name FROM author WHERE id = $id", { id });
  return row === undefined ? "somebody" : text(row, "name");
}

/** Policy ids of players, the teacher aside. */
export function policyIds(players: readonly PlayerId[]): PolicyId[] {
  return players.flatMap((player) => (player === "teacher" ? [] : [player]));
}
