/** What is read from an experiment of the result once its policies have met on the test prompts. */
import { join } from "node:path";
import * as z from "zod";
import { DataError } from "#app/base/errors.ts";
import type { PolicyId } from "#app/base/ids.ts";
import { type ResultOverview, resultOverviewSchema } from "#app/contract/result-views.ts";
import { RUBRIC_TRAITS } from "#app/domain/oracle.ts";
import type { Response } from "#app/domain/sampling.ts";
import { traitsOf } from "#app/judging/rubric.ts";
import { wordsOf } from "#app/judging/words.ts";
import { meanOf, type ScoredPrompt } from "#app/statistics/mean-score.ts";
import { type ScoredMatch, scoredMatches } from "#main/lab/evaluations/scored-matches.ts";
import { openDatabase, type ReadableDb } from "#main/store/database.ts";
import { promptById } from "#main/store/queries/experiments.ts";
import { evaluationAttempts } from "#main/store/queries/matches.ts";
import { policyByName } from "#main/store/queries/policies.ts";
import { configOfAttempt } from "#main/store/queries/rounds.ts";
import { DATABASE_NAME } from "#main/store/store.ts";
import type { Started } from "./run-experiment.ts";

export function overviewOf(started: Started, split: "validation" | "test"): ResultOverview {
  const said = z.object({ overview: resultOverviewSchema }).parse(JSON.parse(started.nashlab("results", "--split", split, "--json")));
  return said.overview;
}

/** Seconds of work, units and counts of each stage of each round, and what training said first and last. */
const stageSchema = z.object({
  stage: z.string(),
  unit: z.string(),
  unitsDone: z.number(),
  activeMs: z.number(),
  counts: z.record(z.string(), z.number()),
});
const statusSchema = z.object({ rounds: z.array(z.object({ number: z.number(), stages: z.array(stageSchema) })) });
export type RoundFacts = z.infer<typeof statusSchema>["rounds"][number];

export function roundsOf(started: Started): RoundFacts[] {
  return statusSchema.parse(JSON.parse(started.nashlab("status", "--json"))).rounds;
}

/** Score of each test prompt for a policy against another, from 0 to 1; null where no usable answer came. Keyed by the prompt's text, which experiments share. */
export function testScores(folder: string, policy: string, opponent: string): ReadonlyMap<string, ScoredPrompt> {
  return withDatabase(folder, (db) => {
    const [own, other] = [policyByName(db, policy).id, policyByName(db, opponent).id];
    const scores = new Map<string, ScoredPrompt>();
    for (const match of matchesOnTest(db)) {
      const isFirst = match.first === own && match.second === other;
      if (!isFirst && !(match.first === other && match.second === own)) continue;
      const text = promptById(db, match.promptId).messages.at(-1)?.content ?? "";
      scores.set(text, { promptId: match.promptId, score: match.score === null ? null : isFirst ? match.score : 1 - match.score });
    }
    return scores;
  });
}

export type PolicyTexts = {
  readonly distinctTriples: number | null;
  /** Mean length of those that the policy ended itself, in tokens; null where it ended none. */
  readonly finishedTokens: number | null;
  readonly traits: Readonly<Record<string, number>>;
};

/** The test responses of a policy: their variety, and the mean of each trait that the rubric looks at. */
export function testTexts(folder: string, policy: string): PolicyTexts {
  return withDatabase(folder, (db) => {
    const id = policyByName(db, policy).id;
    const found = new Map<string, { readonly response: Response; readonly traits: readonly number[] }>();
    for (const match of matchesOnTest(db)) {
      const response = responseOf(match, id);
      if (response === null) continue;
      const { oracle } = configOfAttempt(db, match.attemptId);
      if (oracle.kind !== "rubric") throw new DataError(`expected a rubric as the oracle of the result, got ${oracle.kind}`);
      const messages = promptById(db, match.promptId).messages;
      found.set(response.id, { response, traits: traitsOf(RUBRIC_TRAITS, oracle, messages, response.text) });
    }
    const responses = [...found.values()];
    const finished = responses.filter(({ response }) => response.finishReason !== "length");
    const texts = responses.map(({ response }) => response.text);
    const traits = Object.fromEntries(RUBRIC_TRAITS.map((trait, i) => [trait, meanOf(responses.map((response) => response.traits[i] ?? 0))]));
    return {
      distinctTriples: distinctRuns(texts, 3),
      finishedTokens: finished.length === 0 ? null : meanOf(finished.map(({ response }) => response.tokenIds.length)),
      traits,
    };
  });
}

function responseOf(match: ScoredMatch, id: PolicyId): Response | null {
  if (match.first === id) return match.firstResponse;
  return match.second === id ? match.secondResponse : null;
}

function matchesOnTest(db: ReadableDb): ScoredMatch[] {
  return evaluationAttempts(db, "test").flatMap((attempt) => scoredMatches(db, attempt));
}

/** Different runs of so many words per run, over all texts (distinct-n, Li et al. 2016); null where no text is so long. */
export function distinctRuns(texts: readonly string[], length: number): number | null {
  const seen = new Set<string>();
  let total = 0;
  for (const text of texts) {
    const words = wordsOf(text);
    for (let i = 0; i + length <= words.length; i++) {
      seen.add(words.slice(i, i + length).join(" "));
      total += 1;
    }
  }
  return total === 0 ? null : seen.size / total;
}

function withDatabase<Found>(folder: string, read: (db: ReadableDb) => Found): Found {
  const db = openDatabase(join(folder, DATABASE_NAME), { readOnly: true });
  try {
    return read(db);
  } finally {
    db.close();
  }
}
