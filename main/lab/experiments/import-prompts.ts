/** Looks at data files and imports them: every row is read and checked before the first is stored. */
import { basename } from "node:path";
import { ConflictError, DataError, InternalError } from "#app/base/errors.ts";
import type { ContentHash, ImportId, PromptId, ResponseId } from "#app/base/ids.ts";
import { canonicalJson } from "#app/base/json.ts";
import type { ImportLook, ImportReport, ImportRequest } from "#app/contract/imports.ts";
import type { ExperimentConfig } from "#app/domain/experiment.ts";
import type { Split } from "#app/domain/prompt.ts";
import type { Stage } from "#app/domain/round.ts";
import type { SplitAssignment } from "#app/judging/assign-splits.ts";
import { SHAPE_TITLES, shapeReason } from "#app/preferences/rows/shapes.ts";
import { dataWords } from "#app/text/data.ts";
import * as imports from "#main/store/queries/imports.ts";
import { lastRound, liveAttempts } from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";
import { findLeaks, type FoundLeaks } from "./leaks.ts";
import { placesOf, type ReadDraft, readBatches, type Survey, surveyFile } from "./survey.ts";

export type ImportOrder = ImportRequest & { readonly skipRejected: boolean; readonly contentHash?: string | undefined };

type Places = ReadonlyMap<ContentHash, SplitAssignment>;

/** What an import would do, and on what grounds; stores nothing. */
export async function lookAtImport(lab: LabContext, config: ExperimentConfig, request: ImportRequest): Promise<ImportLook> {
  const survey = await surveyFile(lab, request);
  const places = await placesOf(survey, config);
  const leaks = await findLeaks(lab, survey, places);
  const left = leftOut(request, leaks);
  const shapes = [...survey.shapes].sort(([, a], [, b]) => b - a);
  const splits: Record<Split, number> = { training: 0, validation: 0, test: 0 };
  for (const { hash, split } of places.values()) if (!left.has(hash)) splits[split] += 1;
  return {
    ...commonOf(survey, leaks),
    fromRound: fromRound(lab),
    leftOut: left.size,
    splits,
    name: basename(request.path),
    format: survey.reading.format,
    contentHash: survey.reading.contentHash,
    sizeBytes: survey.reading.sizeBytes,
    rows: survey.rowCount,
    shapes: shapes.map(([shape, rows]) => ({ shape, title: SHAPE_TITLES[shape], why: shapeReason(shape), rows })),
    isCertain: shapes.length === 1 && survey.rejectedCount < survey.rowCount / 2,
    proposedPrompt: survey.proposedPrompt,
    columns: [...survey.columns].map(([name, example]) => ({ name, example })),
    samples: survey.samples.map((sample, i) => {
      const hash = survey.sampleHashes[i];
      const found = hash === undefined ? undefined : survey.prompts.get(hash);
      const split = found?.stored ?? (hash === undefined ? undefined : places.get(hash)?.split);
      if (split === undefined) throw new InternalError(`sample ${i} of an import has no split`);
      return { ...sample, split, isStoredAlready: found?.stored !== undefined };
    }),
    fresh: places.size - left.size,
    teacherResponses: survey.teacherResponses,
    pairs: survey.pairs,
    duplicates: survey.goodRows - places.size,
  };
}

/** Throws DataError, with nothing stored, if a row cannot be used and `skipRejected` is off. */
export async function importPrompts(lab: LabContext, config: ExperimentConfig, order: ImportOrder): Promise<ImportReport> {
  const survey = await surveyFile(lab, order);
  requireSame(order, survey);
  if (survey.rejectedCount > 0 && (!order.skipRejected || survey.goodRows === 0)) refuse(order.path, survey);
  const places = await placesOf(survey, config);
  const leaks = await findLeaks(lab, survey, places);
  const left = leftOut(order, leaks);
  const stored = await store(lab, order, survey, places, left);
  return { ...commonOf(survey, leaks), ...stored, fromRound: fromRound(lab), leftOut: left.size, duplicates: survey.goodRows - places.size };
}

function commonOf(
  survey: Survey,
  { equal, near, listed }: FoundLeaks,
): Pick<ImportReport, "duplicatesInFile" | "unusablePairs" | "unusable" | "rejected" | "rejectedCount" | "leaks"> {
  return {
    duplicatesInFile: survey.goodRows - survey.prompts.size,
    unusablePairs: survey.unusablePairs,
    unusable: [...survey.unusable],
    rejected: [...survey.rejected],
    rejectedCount: survey.rejectedCount,
    leaks: { equal, near, listed: [...listed] },
  };
}

function leftOut({ nearCopies }: ImportRequest, leaks: FoundLeaks): ReadonlySet<ContentHash> {
  return nearCopies === "leaveOut" ? leaks.nearTraining : new Set();
}

function requireSame({ path, contentHash }: ImportOrder, { reading }: Survey): void {
  if (contentHash === undefined || contentHash === reading.contentHash) return;
  throw new ConflictError(dataWords.fileChanged(path, contentHash.slice(0, 12), reading.contentHash.slice(0, 12)), {
    path,
  });
}

function refuse(path: string, survey: Survey): never {
  const [first] = survey.rejected;
  const holdsPrompts = survey.goodRows > 0 ? null : survey.proposedPrompt;
  throw new DataError(dataWords.refused(path, first, { rejected: survey.rejectedCount, rows: survey.rowCount, holdsPrompts }), {
    path,
    rejected: survey.rejectedCount,
  });
}

type Stored = Pick<ImportReport, "imported" | "teacherResponses" | "pairs" | "splits">;

/** In short transactions, so that the lab answers meanwhile. What did not end is recorded as interrupted. */
async function store(lab: LabContext, order: ImportOrder, survey: Survey, places: Places, left: ReadonlySet<ContentHash>): Promise<Stored> {
  const { db } = lab.store;
  const id = begin(lab, order, survey);
  underWay.add(lab);
  const splits: Record<Split, number> = { training: 0, validation: 0, test: 0 };
  const total = { imported: 0, teacherResponses: 0, pairs: 0 };
  try {
    for await (const { drafts } of readBatches(lab, survey.reading, order)) {
      const batch = drafts.filter(({ hash }) => !left.has(hash));
      const counts = db.transaction(() => {
        const brought = batch.map((one) => storeRow(lab, order, id, one, places));
        const sum = sumOf(brought);
        imports.countImported(db, id, { prompts: sum.imported, teacherResponses: sum.teacherResponses, pairs: sum.pairs });
        return { brought, sum };
      });
      for (const { split } of counts.brought) if (split !== undefined) splits[split] += 1;
      total.imported += counts.sum.imported;
      total.teacherResponses += counts.sum.teacherResponses;
      total.pairs += counts.sum.pairs;
    }
    imports.endImport(db, id, "done", lab.clock.nowMs());
  } catch (thrown) {
    imports.endImport(db, id, "interrupted", lab.clock.nowMs());
    throw thrown;
  } finally {
    underWay.delete(lab);
  }
  return { ...total, splits };
}

/** Labs that store a file now. */
const underWay = new WeakSet<LabContext>();

function begin(lab: LabContext, order: ImportOrder, survey: Survey): ImportId {
  const { db } = lab.store;
  const id = lab.ids.next() as ImportId;
  const { path: _path, text: _text, base64: _base64, contentHash: _hash, ...choices } = order;
  db.transaction(() => {
    const open = imports.openImport(db);
    // One that could not even be ended, on a full disk, is over all the same.
    if (open !== undefined && !underWay.has(lab)) imports.interruptOpenImport(db, lab.clock.nowMs());
    else if (open !== undefined) throw new ConflictError(dataWords.importing(open.name));
    imports.insertImport(db, {
      id,
      name: basename(order.path),
      contentHash: survey.reading.contentHash,
      format: survey.reading.format,
      shapes: Object.fromEntries(survey.shapes),
      choices: canonicalJson(choices),
      rejected: survey.rejectedCount,
      startedAtMs: lab.clock.nowMs(),
    });
  });
  return id;
}

/** `split` of a prompt that is new. */
type Brought = { readonly split: Split | undefined; readonly hasTeacher: boolean; readonly pairs: number };

function storeRow(lab: LabContext, order: ImportOrder, importId: ImportId, { row, draft, hash }: ReadDraft, places: Places): Brought {
  const { db } = lab.store;
  const place = places.get(hash);
  const source = basename(order.path);
  const fallback = { hash, split: "training" as const, shard: 0 }; // of a prompt that is stored; not used
  const prompt = imports.putPrompt(db, { ...(place ?? fallback), id: lab.ids.next() as PromptId, messages: draft.messages, source }, importId);
  if (prompt.isNew && place === undefined) throw new ConflictError(dataWords.fileGrew(order.path, row), { path: order.path });
  const where = { promptId: prompt.id, importId };
  const newId = (): ResponseId => lab.ids.next() as ResponseId;
  const { teacherResponse, pairs } = draft;
  return {
    split: prompt.isNew ? place?.split : undefined,
    hasTeacher: teacherResponse !== undefined && imports.putTeacherResponse(db, { ...where, id: newId(), text: teacherResponse }),
    pairs: order.withPairs ? pairs.filter((pair) => imports.putImportedPair(db, where, pair, newId)).length : 0,
  };
}

function sumOf(brought: readonly Brought[]): Omit<Stored, "splits"> {
  return {
    imported: brought.filter(({ split }) => split !== undefined).length,
    teacherResponses: brought.filter(({ hasTeacher }) => hasTeacher).length,
    pairs: brought.reduce((sum, { pairs }) => sum + pairs, 0),
  };
}

/** The first round that a prompt imported now can take part in: a run that has been begun works with what it began with. */
function fromRound(lab: LabContext): ImportReport["fromRound"] {
  const { db } = lab.store;
  const round = lastRound(db);
  if (round === undefined) return { training: 1, heldOut: 1 };
  const live = liveAttempts(db, round.id);
  const from = (stage: Stage): number => (live.has(stage) ? round.number + 1 : round.number);
  return { training: from("sample"), heldOut: from("evaluate") };
}
