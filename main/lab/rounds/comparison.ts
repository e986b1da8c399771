/** Comparisons among policies, asked for beside the rounds: what one would take, and the attempt that carries it. */
import { ConflictError, NotFoundError } from "#app/base/errors.ts";
import type { AttemptId } from "#app/base/ids.ts";
import type { ComparisonPlan } from "#app/contract/result-views.ts";
import type { ExperimentConfig } from "#app/domain/experiment.ts";
import { isScripted } from "#app/domain/oracle.ts";
import type { StageAttempt } from "#app/domain/round.ts";
import type { PlayerId } from "#app/statistics/policy-duels.ts";
import { roundWords } from "#app/text/rounds.ts";
import { askAverages, insertComparisonPairs, lastComparison, type PlayerPair } from "#main/store/queries/matches.ts";
import { listPolicies } from "#main/store/queries/policies.ts";
import * as rounds from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";
import { hashJson } from "../system.ts";
import { presentConfig } from "./attempts.ts";
import { oracleOf } from "./stages/asking.ts";
import { answersLacking, type Meeting, policiesOf, promptsToMeetOn } from "./stages/compare.ts";
import { ordersPerPrompt } from "./stages/evaluation-plan.ts";
import { heldOutPrompts } from "./stages/held-out.ts";

export type ComparisonRequest = {
  /** Names; all policies without them. */
  readonly policies?: readonly string[] | undefined;
  /** Against the teacher too, where prompts came with its responses; true without a word. */
  readonly withTeacher?: boolean | undefined;
};

/** What a comparison of the pairs that have not met, or not on all prompts, would take, before anything is started. */
export function planComparison(lab: LabContext, request: ComparisonRequest): ComparisonPlan {
  const { db } = lab.store;
  const config = presentConfig(lab);
  const meetings = meetingsToFill(lab, config, request);
  const names = namesOf(lab);
  const samples = answersLacking(db, config, meetings).reduce((sum, lacking) => sum + lacking.prompts.length, 0);
  const asks = ordersPerPrompt({ config }) * meetings.reduce((sum, one) => sum + one.prompts.length, 0);
  const averages = askAverages(db, oracleOf(lab, config.oracle, "pairwise"));
  const perSample = msPerSample(lab);
  return {
    split: config.evaluation.split,
    pairs: meetings.map(({ pair, prompts }) => ({
      first: names.get(pair.first) ?? pair.first,
      second: names.get(pair.second) ?? pair.second,
      prompts: prompts.length,
    })),
    samples,
    asks,
    isForPeople: config.oracle.kind === "people",
    samplingMs: samples === 0 ? 0 : perSample === null ? null : perSample * samples,
    judgingMs: averages.durationMs === null ? null : averages.durationMs * asks,
    costUsd: isScripted(config.oracle) ? 0 : averages.costUsd === null ? null : averages.costUsd * asks,
    isTestLook: config.evaluation.split === "test",
  };
}

/**
 * Pairs that lack held-out prompts, all or some (a pair of old may have met before others were imported, or when fewer were
 * asked for): the newer policy first, pairs of neighbours before distant ones; the teacher last. Throws NotFoundError for
 * an unknown name.
 */
function meetingsToFill(lab: LabContext, config: ExperimentConfig, { policies: wanted, withTeacher = true }: ComparisonRequest): Meeting[] {
  const { db } = lab.store;
  const all = listPolicies(db);
  const unknown = wanted?.find((name) => !all.some((policy) => policy.name === name));
  if (unknown !== undefined) throw new NotFoundError(roundWords.unknownPolicy(JSON.stringify(unknown), all.map(({ name }) => name).join(", ")));
  const chosen = all.filter((policy) => wanted === undefined || wanted.includes(policy.name)).map((policy): PlayerId => policy.id);
  const pairs: PlayerPair[] = [];
  for (let gap = 1; gap < chosen.length; gap++) {
    for (let newer = chosen.length - 1; newer >= gap; newer--) {
      const [first, second] = [chosen[newer], chosen[newer - gap]];
      if (first !== undefined && second !== undefined) pairs.push({ first, second });
    }
  }
  if (withTeacher) pairs.push(...chosen.toReversed().map((first) => ({ first, second: "teacher" as const })));
  const promptsOf = promptsToMeetOn(db, config.evaluation);
  return pairs.map((pair) => ({ pair, prompts: promptsOf(pair) })).filter(({ prompts }) => prompts.length > 0);
}

function namesOf(lab: LabContext): Map<PlayerId, string> {
  return new Map<PlayerId, string>([
    ...listPolicies(lab.store.db).map((policy): [PlayerId, string] => [policy.id, policy.name]),
    ["teacher", "teacher"],
  ]);
}

/** By the newest sampling that is done; null before the first. */
function msPerSample(lab: LabContext): number | null {
  const { db } = lab.store;
  for (const round of rounds.listRounds(db).toReversed()) {
    const sample = rounds.liveAttempts(db, round.id).get("sample");
    if (sample?.state === "done" && sample.unitsDone > 0) return sample.activeMs / sample.unitsDone;
  }
  return null;
}

/** The comparison that is under way or was interrupted. */
export function openComparison(lab: LabContext): StageAttempt | undefined {
  const last = lastComparison(lab.store.db);
  return last === undefined || last.state === "done" ? undefined : last;
}

/** Makes the attempt, queued. Throws ConflictError where there is nothing to fill, or no round to which it could belong. */
export function beginComparison(lab: LabContext, request: ComparisonRequest): StageAttempt {
  const { db } = lab.store;
  return db.transaction(() => {
    const config = presentConfig(lab);
    const round = rounds.lastRound(db);
    if (round === undefined) throw new ConflictError(roundWords.comparedAfterRound);
    const meetings = meetingsToFill(lab, config, request);
    if (meetings.length === 0) {
      const hasNone = heldOutPrompts(db, config.evaluation).length === 0;
      throw new ConflictError(hasNone ? roundWords.nothingToCompareOn(config.evaluation.split) : roundWords.allMet);
    }
    const id = lab.ids.next() as AttemptId;
    const pairs = meetings.map(({ pair }) => pair);
    const players = policiesOf(db, pairs).map((policy) => [policy.checkpointHash, policy.adapterHash]);
    rounds.insertAttempt(db, {
      id,
      roundId: round.id,
      stage: "evaluate",
      number: rounds.attemptCount(db, round.id, "evaluate") + 1,
      inputHash: hashJson({
        comparison: meetings.map(({ pair, prompts }) => [pair, prompts.map((prompt) => prompt.hash)]),
        players,
        evaluation: config.evaluation,
        oracle: config.oracle,
      }),
      createdAtMs: lab.clock.nowMs(),
      config,
      isComparison: true,
    });
    insertComparisonPairs(db, id, pairs);
    return rounds.attemptById(db, id);
  });
}
