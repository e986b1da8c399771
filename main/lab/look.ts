/** Looks at the experiment of a folder without opening its lab: reads the database, changes nothing, whoever owns it. */
import { join } from "node:path";
import type { RoundCard } from "#app/contract/host.ts";
import type { WinRateView } from "#app/contract/views.ts";
import { DataError } from "#app/base/errors.ts";
import { type Round, type Stage, STAGES } from "#app/domain/round.ts";
import { STAGE_UNITS } from "#app/domain/stage-counts.ts";
import { isRoundDone, type LiveAttempts } from "#app/rounds/next-action.ts";
import { hostWords } from "#app/text/host.ts";
import { openDatabase, type ReadableDb } from "#main/store/database.ts";
import { type NewerSchema, newerSchema, newerSchemaSentence, schemaVersion } from "#main/store/migrate.ts";
import { migrations } from "#main/store/migrations/all.ts";
import { getExperiment, promptCounts } from "#main/store/queries/experiments.ts";
import { unansweredCount } from "#main/store/queries/judgments.ts";
import { listPolicies } from "#main/store/queries/policies.ts";
import { configOfAttempt, listRounds, liveAttempts } from "#main/store/queries/rounds.ts";
import { DATABASE_NAME } from "#main/store/store.ts";
import { evaluationView } from "./views/evaluation-view.ts";

export type ExperimentLook = {
  readonly name: string;
  readonly policy: string | null;
  readonly promptCount: number;
  readonly roundCount: number;
  readonly lastRound: RoundCard | null;
  readonly best: WinRateView | null;
};

/** Throws StoreError or DataError if the database cannot be read by this version. */
export function lookAtExperiment(folder: string): ExperimentLook {
  const db = openDatabase(join(folder, DATABASE_NAME), { readOnly: true });
  try {
    const newer = newerSchema(db, migrations);
    if (newer !== undefined) return lookAtNewer(db, newer);
    if (schemaVersion(db) < (migrations.at(-1)?.id ?? 0)) throw new DataError(hostWords.olderSchema);
    return look(db);
  } finally {
    db.close();
  }
}

/** As far as it can be read with what this version knows. */
function lookAtNewer(db: ReadableDb, newer: NewerSchema): ExperimentLook {
  try {
    return look(db);
  } catch (cause) {
    throw new DataError(newerSchemaSentence(newer), {}, { cause });
  }
}

function look(db: ReadableDb): ExperimentLook {
  const experiment = getExperiment(db);
  if (experiment === undefined) throw new DataError(hostWords.noExperimentYet);
  const rounds = listRounds(db);
  const last = rounds.at(-1);
  return {
    name: experiment.name,
    policy: listPolicies(db).at(-1)?.name ?? null,
    promptCount: Object.values(promptCounts(db)).reduce((sum, count) => sum + count, 0),
    roundCount: rounds.length,
    lastRound: last === undefined ? null : roundCard(db, last),
    best: bestOf(db, rounds),
  };
}

function roundCard(db: ReadableDb, round: Round): RoundCard {
  const live = liveAttempts(db, round.id);
  return { number: round.number, isDone: isRoundDone(live), stages: STAGES.map((stage) => stageCard(db, live, stage)) };
}

function stageCard(db: ReadableDb, live: LiveAttempts, stage: Stage): RoundCard["stages"][number] {
  const attempt = live.get(stage);
  const unit = STAGE_UNITS[stage];
  if (attempt === undefined) return { stage, state: "waiting", waitsForPeople: false, unit, unitsDone: 0, unitsTotal: null };
  const isJudged = stage === "judge" || stage === "evaluate";
  const isForPeople = attempt.state === "running" && isJudged && configOfAttempt(db, attempt.id).oracle.kind === "people";
  return {
    stage,
    state: attempt.state,
    waitsForPeople: isForPeople && unansweredCount(db, attempt.id) > 0,
    unit,
    unitsDone: attempt.unitsDone,
    unitsTotal: attempt.unitsTotal,
  };
}

/** The newest policy that was measured against the first. */
function bestOf(db: ReadableDb, rounds: readonly Round[]): WinRateView | null {
  for (const round of rounds.toReversed()) {
    const attempt = liveAttempts(db, round.id).get("evaluate");
    if (attempt?.state !== "done") continue;
    const row = evaluationView(db, attempt.id).winRates.find((one) => one.roles.includes("first"));
    if (row !== undefined) return row;
  }
  return null;
}
