/** Tuning on the validation prompts: one try trains the first round anew, from the earliest stage that its settings touch, and leaves a line in the log. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { STAGES, type Stage } from "#app/domain/round.ts";
import { ownPrompts } from "./prompts.ts";
import { overviewOf } from "./measure.ts";
import { roundsDone, runRounds, setUp } from "./run-experiment.ts";
import type { Request } from "./run-tables.ts";
import { duelOf } from "./drafts.ts";
import { ownExperiment } from "./settings.ts";
import { TUNING_LOG, type TuningLine, tuningLineSchema } from "./tuning-log.ts";

export type TuneRequest = Request & { readonly name: string; readonly assignments: readonly string[] };

/** The first try runs the whole round; the next ones begin where their settings first matter. */
export function tune({ settings, scale, folder, first, name, assignments }: TuneRequest): void {
  const planned = ownExperiment(settings, scale);
  const started = setUp(join(folder, "tune"), { ...planned, name: "tune" }, [first], ownPrompts(planned));
  const tried = assignments.flatMap((assignment) => ["--set", assignment]);
  // Each try is laid over the settings of the file, not over those of the try before.
  const settle = (...more: readonly string[]): string =>
    started.nashlab("configure", "--config", join(folder, "tune-inputs", "config.json"), ...more);
  if (roundsDone(started) === 0) {
    settle(...tried);
    runRounds(started, 1);
  } else {
    settle();
    started.nashlab("round", "redo", firstStageOf(assignments), ...tried);
  }
  const overview = overviewOf(started, "validation");
  const duel = duelOf(overview, "r1", "r0");
  const line: TuningLine = {
    name,
    scale,
    set: [...assignments],
    split: "validation",
    n: duel.n,
    winRate: duel.winRate,
    low: duel.low,
    high: duel.high,
    lengthChange: duel.meanLength / duel.opponentMeanLength - 1,
    finishedShare: overview.players.find((player) => player.name === "r1")?.traits.finishedShare ?? Number.NaN,
  };
  appendFileSync(TUNING_LOG, `${JSON.stringify(tuningLineSchema.parse(line))}\n`);
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const STAGE_OF: Readonly<Record<string, Stage>> = { sampling: "sample", oracle: "judge", judging: "judge", pairs: "pair", training: "train" };

/** Throws Error for a setting that no stage of a round reads. */
export function firstStageOf(assignments: readonly string[]): Stage {
  const stages = assignments.map((assignment) => {
    const stage = STAGE_OF[assignment.split(".")[0] ?? ""];
    if (stage === undefined) throw new Error(`--set: expected a setting of ${Object.keys(STAGE_OF).join(", ")}, got "${assignment}"`);
    return stage;
  });
  return STAGES.find((stage) => stages.includes(stage)) ?? "train";
}
