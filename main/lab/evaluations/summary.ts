/** The results of a split as they are kept: computed once from the live evaluations, and anew when one of them changes. */
import type { AttemptId } from "#app/base/ids.ts";
import type { CollapseWatchView } from "#app/contract/views.ts";
import { seedFor } from "#app/base/random.ts";
import { type ResultOverview, type ResultSummary, resultSummarySchema } from "#app/contract/result-views.ts";
import { STAGE_COUNT } from "#app/domain/stage-counts.ts";
import { circlesByPrompt, circlesByRound } from "#main/store/queries/circles.ts";
import { evaluationAttempts, evaluationVersion, readSummary, writeSummary } from "#main/store/queries/matches.ts";
import { taughtPromptCount } from "#main/store/queries/responses.ts";
import { listPolicies } from "#main/store/queries/policies.ts";
import { testLookCount } from "#main/store/queries/results.ts";
import { getExperiment } from "#main/store/queries/experiments.ts";
import { countsOf, listRounds, liveAttempts } from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";
import { hashJson } from "../system.ts";
import { watchView } from "../views/watch-view.ts";
import { calibrationOf } from "./calibration.ts";
import { computeSummary } from "./compute-summary.ts";
import { gatherDuels } from "./gather-duels.ts";

export type ReportedSplit = ResultSummary["split"];

/** Raise it when the same judgments come to other figures. */
const METHOD = 4;

/** The stages of a round whose runs say what came of its training comparisons. */
const PAIRED_BY = ["judge", "pair"] as const;

/** All that the figures depend on, without reading the judgments. */
function summaryKey(lab: LabContext, split: ReportedSplit, attempts: readonly AttemptId[]): string {
  const { db } = lab.store;
  const config = getExperiment(db)?.config;
  return hashJson({
    method: METHOD,
    split,
    attempts: attempts.map((attempt) => [attempt, evaluationVersion(db, attempt)]),
    policies: listPolicies(db).map((policy) => [policy.id, policy.name]),
    rounds: listRounds(db).map((round) => [
      round.number,
      round.policyId,
      round.newPolicyId,
      ...PAIRED_BY.map((stage) => liveAttempts(db, round.id).get(stage)?.id ?? null),
    ]),
    settings: [config?.judging.mode ?? null, config?.seed ?? 0, config?.evaluation.confidence ?? 0, config?.evaluation.bootstrapSamples ?? 0],
    calibration: calibrationOf(db).version,
    taught: taughtPromptCount(db, split),
  });
}

/** The figures of a split; null before anything has been evaluated on it. What is kept is used as long as it is of today. */
export async function resultsOf(lab: LabContext, split: ReportedSplit): Promise<ResultOverview | null> {
  const { db } = lab.store;
  const attempts = evaluationAttempts(db, split);
  if (attempts.length === 0) return null;
  const key = summaryKey(lab, split, attempts);
  const kept = readSummary(db, split);
  const testLooks = testLookCount(db);
  const watch = watchOfSplit(lab, attempts);
  if (kept?.key === key) return { ...resultSummarySchema.parse(JSON.parse(kept.body)), testLooks, watch, computedAtMs: kept.madeAtMs };
  const summary = await recompute(lab, split, attempts);
  const madeAtMs = lab.clock.nowMs();
  // A judgment may have come meanwhile: then it is computed again when it is asked for.
  if (!lab.closing.aborted && !db.isReadOnly) writeSummary(db, split, { key, body: JSON.stringify(summary), madeAtMs });
  return { ...summary, testLooks, watch, computedAtMs: madeAtMs };
}

/** Kept with the evaluations, so never out of date. */
function watchOfSplit(lab: LabContext, attempts: readonly AttemptId[]): CollapseWatchView[] {
  const { db } = lab.store;
  return listRounds(db).flatMap((round) => {
    const evaluate = liveAttempts(db, round.id).get("evaluate");
    return evaluate === undefined || !attempts.includes(evaluate.id) ? [] : (watchView(db, round) ?? []);
  });
}

async function recompute(lab: LabContext, split: ReportedSplit, attempts: readonly AttemptId[]): Promise<ResultSummary> {
  const { db } = lab.store;
  const config = getExperiment(db)?.config;
  return await computeSummary({
    split,
    gathered: gatherDuels(db, attempts, taughtPromptCount(db, split)),
    rounds: listRounds(db).map((round) => {
      const judge = liveAttempts(db, round.id).get("judge");
      const counts = judge === undefined ? {} : countsOf(db, judge.id);
      return { ...round, bothOrders: counts[STAGE_COUNT.bothOrders] ?? 0, flips: counts[STAGE_COUNT.flips] ?? 0 };
    }),
    circles: { prompts: circlesByPrompt(db), rounds: circlesByRound(db), isListwise: config?.judging.mode === "listwise" },
    calibration: calibrationOf(db),
    confidence: config?.evaluation.confidence ?? 0.95,
    bootstrapSamples: config?.evaluation.bootstrapSamples ?? 2000,
    seed: seedFor(config?.seed ?? 0, "results", split),
  });
}
