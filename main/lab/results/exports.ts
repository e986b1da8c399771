/** Files for other tools: preference pairs as TRL reads them, responses in AlpacaEval's form. */
import { NotFoundError } from "#app/base/errors.ts";
import type { PromptId } from "#app/base/ids.ts";
import type { Prompt, Split } from "#app/domain/prompt.ts";
import type { Round } from "#app/domain/round.ts";
import type { Response } from "#app/domain/sampling.ts";
import { toAlpacaEvalRow, toTrlPreferenceRow } from "#app/preferences/dataset-rows.ts";
import { listPrompts, promptById } from "#main/store/queries/experiments.ts";
import { policyByName } from "#main/store/queries/policies.ts";
import { responseById, responsesOfAttempt } from "#main/store/queries/responses.ts";
import { pairsOfAttempt } from "#main/store/queries/results.ts";
import { listRounds, liveAttempts, roundByNumber } from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";
import { writeWhole } from "../write-file.ts";

export type Written = { readonly path: string; readonly rows: number };

/** JSON lines with explicit, conversational prompts; the pairs of one round, or of all in order. Throws NotFoundError if there are none. */
export async function exportPairs(lab: LabContext, path: string, roundNumber: number | undefined): Promise<Written> {
  const { db } = lab.store;
  const rounds = roundNumber === undefined ? listRounds(db) : [roundByNumber(db, roundNumber)];
  const lines = rounds
    .flatMap((round) => pairsOf(lab, round))
    .map((pair) =>
      JSON.stringify(
        toTrlPreferenceRow({
          messages: promptById(db, pair.promptId).messages,
          chosen: responseById(db, pair.chosenId).text,
          rejected: responseById(db, pair.rejectedId).text,
        }),
      ),
    );
  if (lines.length === 0) {
    throw new NotFoundError(`there are no preference pairs ${roundNumber === undefined ? "in this experiment" : `of round ${roundNumber}`} yet`);
  }
  await writeWhole(path, `${lines.join("\n")}\n`);
  return { path, rows: lines.length };
}

function pairsOf(lab: LabContext, round: Round): ReturnType<typeof pairsOfAttempt> {
  const attempt = liveAttempts(lab.store.db, round.id).get("pair");
  return attempt === undefined ? [] : pairsOfAttempt(lab.store.db, attempt.id);
}

export type ResponseExport = { readonly path: string; readonly policy: string; readonly split: Split };

/**
 * A JSON array with one response of the policy a prompt of the split: the newest run's, its first sample. Throws
 * NotFoundError if the policy has answered none of them.
 */
export async function exportResponses(lab: LabContext, { path, policy: name, split }: ResponseExport): Promise<Written> {
  const { db } = lab.store;
  const policy = policyByName(db, name);
  const newest = newestResponses(lab, (response) => response.policyId === policy.id && response.sampleIndex === 0);
  const rows = listPrompts(db, split).flatMap((prompt: Prompt) => {
    const response = newest.get(prompt.id);
    if (response === undefined) return [];
    return [toAlpacaEvalRow({ messages: prompt.messages, response: response.text, policyName: name, dataset: prompt.source })];
  });
  if (rows.length === 0) throw new NotFoundError(`the policy ${name} has not answered any prompt of the split ${split} yet`);
  await writeWhole(path, `${JSON.stringify(rows, null, 2)}\n`);
  return { path, rows: rows.length };
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
