/** The stage "pair": judgments become duel matrices, expected win rates and preference pairs; or the preferences of others do. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { PairId } from "#app/base/ids.ts";
import { rngFor, seedFor } from "#app/base/random.ts";
import { mostPairsOf, type OwnPairRule, type PreferencePair } from "#app/domain/pair.ts";
import { NO_PAIR_COUNT, STAGE_COUNT } from "#app/domain/stage-counts.ts";
import { circlesIn } from "#app/preferences/duel-matrix.ts";
import { replayPairs } from "#app/preferences/replay-pairs.ts";
import { drawPairs, selectPairs } from "#app/preferences/select-pairs.ts";
import { promptsOfRound } from "#app/rounds/sample-units.ts";
import { type PromptCircles, replaceCircles } from "#main/store/queries/circles.ts";
import { listPrompts } from "#main/store/queries/experiments.ts";
import { importedPairs } from "#main/store/queries/imports.ts";
import { promptUses, replaceReplayed, type ReplayedPair } from "#main/store/queries/replay.ts";
import { pairsOfAttempt, replacePairs } from "#main/store/queries/results.ts";
import { listRounds, liveAttempts, setCounts } from "#main/store/queries/rounds.ts";
import { checkPaused, type StageOutcome, type StageRun } from "../stage-run.ts";
import { candidatesOfRound, doneAttempt, evidenceOf } from "./evidence.ts";

/** After so many prompts the event loop gets a turn. */
const PROMPTS_A_TURN = 200;

/** All pairs are written at once, so the stage is done as a whole or not at all. */
export async function runPair(run: StageRun): Promise<StageOutcome> {
  const { lab, attempt, config } = run;
  const counts = new Map<string, number>([[STAGE_COUNT.promptsWithoutPair, 0]]);
  const count = (name: string, more: number): void => void counts.set(name, (counts.get(name) ?? 0) + more);
  const circles: PromptCircles[] = [];
  const pairs =
    config.pairs.kind === "imported" ? pairsOfOthers(run, config.pairs.minScoreGap, count) : await ownPairs(run, config.pairs, count, circles);
  const replayed = replayedPairs(run, pairs.length);
  if (replayed.length > 0) counts.set(STAGE_COUNT.replayedPairs, replayed.length);
  lab.store.db.transaction(() => {
    replacePairs(lab.store.db, attempt.id, pairs);
    replaceReplayed(lab.store.db, attempt.id, replayed);
    replaceCircles(lab.store.db, attempt.id, circles);
    setCounts(lab.store.db, attempt.id, Object.fromEntries(counts));
  });
  run.progress.begin(pairs.length, pairs.length);
  return "done";
}

type Count = (name: string, more: number) => void;

/** Fills `circles` too, as both come of the same matrices. */
async function ownPairs(run: StageRun, rule: OwnPairRule, count: Count, circles: PromptCircles[]): Promise<PreferencePair[]> {
  const { lab, attempt, config, round } = run;
  const judged = doneAttempt(run, "judge");
  const prompts = candidatesOfRound(run, judged);
  const evidence = evidenceOf(run, judged);
  const pairs: PreferencePair[] = [];
  for (const [i, prompt] of prompts.entries()) {
    if (i % PROMPTS_A_TURN === 0) {
      checkPaused(run);
      await nextTurn();
    }
    const found = evidence(prompt);
    // Scores of one reply are in one order by construction: to count them would say nothing of the oracle.
    if (found.matrix !== null && found.scores === null) circles.push({ promptId: prompt.prompt.id, ...circlesIn(found.matrix) });
    const rng = rngFor(config.seed, "pairs of a prompt", round.number, prompt.prompt.hash);
    const selection = drawPairs(selectPairs(rule, prompt.candidates, found), mostPairsOf(rule), rng);
    for (const draft of selection.pairs) {
      pairs.push({ ...draft, id: lab.ids.next() as PairId, attemptId: attempt.id, promptId: prompt.prompt.id });
    }
    if (selection.pairs.length === 0) count(STAGE_COUNT.promptsWithoutPair, 1);
    for (const [reason, number] of Object.entries(selection.noPair)) count(NO_PAIR_COUNT[reason] ?? reason, number);
  }
  return pairs;
}

/** Preferences that came with the round's prompts; with a gap those without scores are left out too. */
function pairsOfOthers({ lab, attempt, round, config }: StageRun, minGap: number, count: Count): PreferencePair[] {
  const { db } = lab.store;
  const prompts = promptsOfRound(listPrompts(db, "training", attempt.id), round.number, config.splits.shards, promptUses(db, round.number));
  const ofRound = new Set(prompts.map(({ id }) => id));
  const all = importedPairs(db, "training", attempt.id).filter(({ promptId }) => ofRound.has(promptId));
  const scored = minGap === 0 ? all : all.filter(({ chosenScore, rejectedScore }) => chosenScore !== null && rejectedScore !== null);
  const wide = scored.filter(({ chosenScore, rejectedScore }) => minGap === 0 || (chosenScore ?? 0) - (rejectedScore ?? 0) >= minGap);
  count(STAGE_COUNT.promptsWithoutPair, ofRound.size - new Set(wide.map(({ promptId }) => promptId)).size);
  if (all.length > scored.length) count(STAGE_COUNT.withoutScores, all.length - scored.length);
  if (scored.length > wide.length) count(STAGE_COUNT.belowMargin, scored.length - wide.length);
  return wide.map(({ promptId, chosenId, rejectedId }) => ({
    id: lab.ids.next() as PairId,
    attemptId: attempt.id,
    promptId,
    chosenId,
    rejectedId,
    preferenceMargin: null,
    chosenWinRate: null,
    rejectedWinRate: null,
    // Their scores are in a unit of their own, and stay with the import.
    chosenScore: null,
    rejectedScore: null,
  }));
}

/** Drawn from what earlier rounds made, by a seed of the round's own: another attempt draws the same. */
function replayedPairs({ lab, round, config }: StageRun, newCount: number): ReplayedPair[] {
  const { db } = lab.store;
  if (config.replay.share === 0) return [];
  const older = listRounds(db)
    .filter((one) => one.number < round.number)
    .map((one) => {
      const attempt = liveAttempts(db, one.id).get("pair");
      return { age: round.number - one.number, pairs: attempt?.state === "done" ? pairsOfAttempt(db, attempt.id) : [] };
    })
    .toReversed();
  const seed = seedFor(config.seed, "replay", round.number);
  return replayPairs(newCount, older, config.replay, seed).map(({ pair, age }) => ({ pairId: pair.id, age }));
}
