/** Files for other tools: preference pairs, responses in AlpacaEval's form, judgments. */
import { NotFoundError } from "#app/base/errors.ts";
import type { PairShape } from "#app/contract/results.ts";
import type { PromptId } from "#app/base/ids.ts";
import type { PreferencePair } from "#app/domain/pair.ts";
import type { Split } from "#app/domain/prompt.ts";
import type { Round } from "#app/domain/round.ts";
import type { Response } from "#app/domain/sampling.ts";
import { toAlpacaEvalRow } from "#app/preferences/dataset-rows.ts";
import type { DataTable } from "#app/rounds/data-ports.ts";
import { resultWords } from "#app/text/results.ts";
import { listPrompts } from "#main/store/queries/experiments.ts";
import { judgmentsAfter } from "#main/store/queries/judgment-export.ts";
import { policyByName } from "#main/store/queries/policies.ts";
import { responsesOfAttempt } from "#main/store/queries/responses.ts";
import { pairsOfAttempt } from "#main/store/queries/results.ts";
import { listRounds, liveAttempts, roundByNumber } from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";
import { judgmentTable, pairTable } from "./tables.ts";

export type Written = { readonly path: string; readonly rows: number };

export type PairExport = { readonly path: string; readonly round?: number | undefined; readonly shape: PairShape };

/** The pairs of one round, or of all in order. Throws NotFoundError if there are none. */
export async function exportPairs(lab: LabContext, { path, round, shape }: PairExport): Promise<Written> {
  const pairs = pairsOfRounds(lab, round).map(({ pair }) => pair);
  return { path, rows: await lab.dataFiles.write(path, pairTable(lab, pairs, shape)) };
}

/** Throws NotFoundError if there are none. */
export function pairsOfRounds(lab: LabContext, roundNumber: number | undefined): { readonly round: number; readonly pair: PreferencePair }[] {
  const { db } = lab.store;
  const rounds = roundNumber === undefined ? listRounds(db) : [roundByNumber(db, roundNumber)];
  const pairs = rounds.flatMap((round) => pairsOf(lab, round).map((pair) => ({ round: round.number, pair })));
  if (pairs.length > 0) return pairs;
  throw new NotFoundError(resultWords.noPairs(roundNumber));
}

function pairsOf(lab: LabContext, round: Round): ReturnType<typeof pairsOfAttempt> {
  const attempt = liveAttempts(lab.store.db, round.id).get("pair");
  return attempt === undefined ? [] : pairsOfAttempt(lab.store.db, attempt.id);
}

export type ResponseExport = { readonly path: string; readonly policy: string; readonly split: Split };

/**
 * One response of the policy a prompt of the split: the newest run's, its first sample. As `.json` it is what
 * AlpacaEval takes as model outputs. Throws NotFoundError if the policy has answered none of them.
 */
export async function exportResponses(lab: LabContext, { path, policy: name, split }: ResponseExport): Promise<Written> {
  const { db } = lab.store;
  const policy = policyByName(db, name);
  const newest = newestResponses(lab, (response) => response.policyId === policy.id && response.sampleIndex === 0);
  const rows = listPrompts(db, split).flatMap((prompt) => {
    const response = newest.get(prompt.id);
    if (response === undefined) return [];
    const row = toAlpacaEvalRow({ messages: prompt.messages, response: response.text, policyName: name, dataset: prompt.source });
    return [[row.instruction, row.output, row.generator, row.dataset, split]];
  });
  if (rows.length === 0) throw new NotFoundError(resultWords.noAnswers(name, split));
  const names = ["instruction", "output", "generator", "dataset", "datasplit"];
  const table: DataTable = { columns: names.map((column) => ({ name: column, kind: "text" })), rows };
  return { path, rows: await lab.dataFiles.write(path, table) };
}

function newestResponses(lab: LabContext, isWanted: (response: Response) => boolean): ReadonlyMap<PromptId, Response> {
  const { db } = lab.store;
  const newest = new Map<PromptId, Response>();
  for (const round of listRounds(db)) {
    const live = liveAttempts(db, round.id);
    for (const stage of ["sample", "evaluate"] as const) {
      const attempt = live.get(stage);
      if (attempt === undefined) continue;
      for (const response of responsesOfAttempt(db, attempt.id)) if (isWanted(response)) newest.set(response.promptId, response);
    }
  }
  return newest;
}

/** Every judgment that was made, with what it was made of. Throws NotFoundError if there is none. */
export async function exportJudgments(
  lab: LabContext,
  { path, numbersPeople }: { readonly path: string; readonly numbersPeople: boolean },
): Promise<Written> {
  if (judgmentsAfter(lab.store.db, 0, 1).length === 0) throw new NotFoundError(resultWords.noJudgments);
  return { path, rows: await lab.dataFiles.write(path, judgmentTable(lab, { numbersPeople })) };
}
