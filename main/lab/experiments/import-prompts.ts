/** Imports prompts: every row is read and checked, then all are stored in one transaction, or none. */
import { basename } from "node:path";
import { ConflictError, DataError } from "#app/base/errors.ts";
import type { PromptId, ResponseId } from "#app/base/ids.ts";
import type { ImportReport } from "#app/contract/experiments.ts";
import type { ExperimentConfig } from "#app/domain/experiment.ts";
import { normalisedPromptText, type PromptDraft, type Split } from "#app/domain/prompt.ts";
import { assignSplits } from "#app/judging/assign-splits.ts";
import { parsePromptRow } from "#app/preferences/prompt-rows.ts";
import { insertPrompt, insertTeacherResponse } from "#main/store/queries/experiments.ts";
import { lastRound, liveAttempts } from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";
import { hashText } from "../system.ts";
import { readRows, rowsOfText } from "./read-rows.ts";

export type ImportRequest = {
  readonly path: string;
  readonly text?: string | undefined;
  readonly split?: Split | undefined;
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
  readonly skipRejected: boolean;
};

type Rejected = { readonly row: number; readonly reason: string };

/** Throws DataError, with nothing stored, if a row cannot be used and `skipRejected` is off. */
export async function importPrompts(lab: LabContext, config: ExperimentConfig, request: ImportRequest): Promise<ImportReport> {
  const file = request.text === undefined ? await readRows(request.path) : rowsOfText(request.text, request.path);
  const { from, to } = rowsWanted(request);
  const drafts: PromptDraft[] = [];
  const rejected: Rejected[] = [];
  const all = [...file.rows, ...file.rejected].sort((a, b) => a.row - b.row).slice(from, to);
  for (const row of all) {
    const reading = "value" in row ? parsePromptRow(row.value) : row.reason;
    if (typeof reading === "string") rejected.push({ row: row.row, reason: reading });
    else drafts.push(reading);
  }
  if (all.length === 0)
    throw new DataError(`${request.path}: expected rows after the first ${from}, but the file has only ${file.rows.length + file.rejected.length}`, {
      path: request.path,
    });
  if (rejected.length > 0 && (!request.skipRejected || drafts.length === 0)) refuse(request.path, rejected, all.length);
  return store(lab, config, request, drafts, rejected);
}

function rowsWanted({ offset = 0, limit }: ImportRequest): { readonly from: number; readonly to: number | undefined } {
  return { from: offset, to: limit === undefined ? undefined : offset + limit };
}

function refuse(path: string, rejected: readonly Rejected[], rows: number): never {
  const [first] = rejected;
  const more = rejected.length > 1 ? ` (and ${rejected.length - 1} more of ${rows})` : "";
  throw new DataError(`${path}, row ${first?.row ?? 0}: ${first?.reason ?? ""}${more}; nothing was stored`, { path, rejected: rejected.length });
}

function store(
  lab: LabContext,
  config: ExperimentConfig,
  request: ImportRequest,
  drafts: readonly PromptDraft[],
  rejected: readonly Rejected[],
): ImportReport {
  const { db } = lab.store;
  const rows = drafts.map((draft) => ({ draft, hash: hashText(normalisedPromptText(draft.messages)), split: request.split ?? draft.split }));
  const assigned = assignSplits(
    rows.map(({ hash, split }) => (split === undefined ? { hash } : { hash, split })),
    config.splits,
    config.seed,
  );
  const source = basename(request.path);
  return db.transaction(() => {
    requireNoOpenSampling(lab);
    const splits: Record<Split, number> = { training: 0, validation: 0, test: 0 };
    let [imported, teachers] = [0, 0];
    rows.forEach(({ draft }, i) => {
      const place = assigned[i];
      if (place === undefined) return;
      const id = lab.ids.next() as PromptId;
      if (!insertPrompt(db, { ...place, id, messages: draft.messages, source })) return;
      imported += 1;
      splits[place.split] += 1;
      if (draft.teacherResponse === undefined) return;
      insertTeacherResponse(db, { id: lab.ids.next() as ResponseId, promptId: id, text: draft.teacherResponse });
      teachers += 1;
    });
    return { imported, duplicates: rows.length - imported, teacherResponses: teachers, rejected: [...rejected], splits };
  });
}

/** A run that samples goes on, after a pause or a kill, with the prompts that it began with. */
function requireNoOpenSampling(lab: LabContext): void {
  const { db } = lab.store;
  const round = lastRound(db);
  if (round === undefined) return;
  const live = liveAttempts(db, round.id);
  for (const stage of ["sample", "evaluate"] as const) {
    const state = live.get(stage)?.state;
    if (state === undefined || state === "done") continue;
    throw new ConflictError(
      `the stage ${stage} of round ${round.number} is ${state} and must end with the prompts it began with; import more when it is done`,
    );
  }
}
