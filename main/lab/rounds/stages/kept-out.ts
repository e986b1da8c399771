/** Which prompts a training run keeps out of training: decided by its own round and by what earlier ones trained on. */
import type { StageAttempt } from "#app/domain/round.ts";
import { heldOutPromptIds, type RoundPrompts, type TrainedRound } from "#app/training/held-out.ts";
import type { ReadableDb } from "#main/store/database.ts";
import { trainingPromptIds } from "#main/store/queries/experiments.ts";
import { pairedPromptIds } from "#main/store/queries/replay.ts";
import { configOfAttempt, listRounds, liveAttempts } from "#main/store/queries/rounds.ts";
import type { StageRun } from "../stage-run.ts";

export function promptsKeptOut({ lab, round, attempt, config }: StageRun): ReadonlySet<string> {
  const { db } = lab.store;
  const earlier = listRounds(db).flatMap(({ id, number }): TrainedRound[] => {
    if (number >= round.number) return [];
    const live = liveAttempts(db, id);
    const [pair, train] = [live.get("pair"), live.get("train")];
    return pair === undefined || train?.state !== "done" ? [] : [{ ...promptsOf(db, train), pairedIds: pairedPromptIds(db, pair.id) }];
  });
  return heldOutPromptIds(config.seed, promptsOf(db, attempt), earlier);
}

function promptsOf(db: ReadableDb, { id }: StageAttempt): RoundPrompts {
  return { share: configOfAttempt(db, id).training.heldOutShare, promptIds: trainingPromptIds(db, id) };
}
