/** Reads a data file from end to end without storing anything: what each row is, where its prompt would go, what is wrong. */
import { CancelledError, ConfigError, DataError } from "#app/base/errors.ts";
import type { ContentHash } from "#app/base/ids.ts";
import type { ImportRequest, ImportSample, RejectedRow } from "#app/contract/imports.ts";
import { MAX_LISTED } from "#app/contract/imports.ts";
import type { ExperimentConfig } from "#app/domain/experiment.ts";
import { normalisedPromptText, type PromptDraft, type RowProblem, type Split } from "#app/domain/prompt.ts";
import { assignSplits, type SplitAssignment } from "#app/judging/assign-splits.ts";
import { createRunShelf, type RunShelf, type WordRuns } from "#app/preferences/rows/near-duplicates.ts";
import { type ColumnChoice, COLUMN_ROLES, readRow } from "#app/preferences/rows/read-row.ts";
import { proposePromptColumn, type ShapeName } from "#app/preferences/rows/shapes.ts";
import { isRow, problemText } from "#app/preferences/rows/values.ts";
import type { DataReading, DataRow } from "#app/rounds/data-ports.ts";
import { dataWords } from "#app/text/data.ts";
import { storedSplits } from "#main/store/queries/imports.ts";
import type { LabContext } from "../context.ts";
import { hashText } from "../system.ts";
import { createTurns, inTurns } from "./in-turns.ts";

/** One prompt of the file, however many rows have it. */
export type FoundPrompt = {
  readonly row: number;
  readonly hash: ContentHash;
  /** The splits that its rows ask for, and the row that asked first. */
  readonly wanted: ReadonlyMap<Split, number>;
  /** Where it is stored; undefined if it is new. */
  readonly stored: Split | undefined;
  readonly runs: WordRuns;
  readonly excerpt: string;
};

export type Survey = {
  readonly reading: DataReading;
  readonly rowCount: number;
  readonly shapes: ReadonlyMap<ShapeName, number>;
  readonly columns: ReadonlyMap<string, string>;
  readonly proposedPrompt: string | null;
  readonly prompts: ReadonlyMap<ContentHash, FoundPrompt>;
  readonly goodRows: number;
  readonly teacherResponses: number;
  readonly pairs: number;
  readonly unusablePairs: number;
  /** The first of them. */
  readonly unusable: readonly RejectedRow[];
  /** The first of them; `rejectedCount` counts all. */
  readonly rejected: readonly RejectedRow[];
  readonly rejectedCount: number;
  readonly samples: readonly Omit<ImportSample, "split" | "isStoredAlready">[];
  readonly sampleHashes: readonly ContentHash[];
};

export type ReadDraft = { readonly row: number; readonly shape: ShapeName; readonly draft: PromptDraft; readonly hash: ContentHash };
export type ReadBatch = { readonly drafts: readonly ReadDraft[]; readonly rejected: readonly RejectedRow[]; readonly rows: readonly DataRow[] };

const SAMPLES = 3;
const EXCERPT = 160;

/** Rows are read, and stored, so many at a time: some milliseconds of work. */
const ROWS_A_BATCH = 50;

/** The rows of the request's part of a file, read; the event loop turns in between. Throws DataError, CancelledError. */
export async function* readBatches(lab: LabContext, reading: DataReading, request: ImportRequest): AsyncGenerator<ReadBatch> {
  const { offset = 0, limit = Infinity } = request;
  const turn = createTurns();
  let passed = 0;
  for await (const batch of reading.batches()) {
    if (lab.closing.aborted) throw new CancelledError(dataWords.closing);
    const rows = batch.slice(Math.max(0, offset - passed), Math.max(0, offset + limit - passed));
    passed += batch.length;
    for (let start = 0; start < rows.length; start += ROWS_A_BATCH) {
      yield readBatch(rows.slice(start, start + ROWS_A_BATCH), request);
      await turn();
    }
    if (passed >= offset + limit) return;
    await turn();
  }
}

function readBatch(rows: readonly DataRow[], { columns, split }: ImportRequest): ReadBatch {
  const drafts: ReadDraft[] = [];
  const rejected: RejectedRow[] = [];
  for (const one of rows) {
    const reading = "value" in one ? readRow(one.value, columns, split) : { shape: null, problem: one.problem };
    if ("problem" in reading) rejected.push(toldOf(one.row, reading.problem));
    else if (reading.shape !== null) {
      drafts.push({ row: one.row, shape: reading.shape, draft: reading.draft, hash: hashText(normalisedPromptText(reading.draft.messages)) });
    }
  }
  return { drafts, rejected, rows };
}

function toldOf(row: number, problem: RowProblem): RejectedRow {
  return { row, ...problem, reason: problemText(problem) };
}

type Counting = { -readonly [Key in keyof Omit<Survey, "reading" | "prompts" | "shapes" | "columns">]: Survey[Key] };
type Found = { -readonly [Key in keyof FoundPrompt]: FoundPrompt[Key] };

/** Most files ask for no split: one map for all their prompts. */
const NOWHERE: ReadonlyMap<Split, number> = new Map();

/** Throws DataError for a file without rows, ConfigError for a chosen column that no row has. */
export async function surveyFile(lab: LabContext, request: ImportRequest): Promise<Survey> {
  const reading = await lab.dataFiles.open(sourceOf(request));
  const prompts = new Map<ContentHash, Found>();
  const shapes = new Map<ShapeName, number>();
  const columns = new Map<string, string>();
  const samples: Survey["samples"][number][] = [];
  const rejected: RejectedRow[] = [];
  const unusable: RejectedRow[] = [];
  const sampleHashes: ContentHash[] = [];
  const shelf = createRunShelf();
  const all: Counting = {
    rowCount: 0,
    goodRows: 0,
    teacherResponses: 0,
    pairs: 0,
    unusablePairs: 0,
    unusable,
    rejectedCount: 0,
    proposedPrompt: null,
    rejected,
    samples,
    sampleHashes,
  };
  for await (const batch of readBatches(lab, reading, request)) {
    all.rowCount += batch.rows.length;
    all.rejectedCount += batch.rejected.length;
    rejected.push(...batch.rejected.slice(0, MAX_LISTED - rejected.length));
    for (const one of batch.rows) if ("value" in one) noteColumns(columns, one.value);
    if (batch.drafts.length === 0 && all.goodRows === 0) all.proposedPrompt ??= proposalIn(batch.rows);
    const stored = storedSplits(lab.store.db, [...new Set(batch.drafts.map(({ hash }) => hash))]);
    for (const read of batch.drafts) {
      const { shape, hash, draft } = read;
      all.goodRows += 1;
      shapes.set(shape, (shapes.get(shape) ?? 0) + 1);
      if (draft.teacherResponse !== undefined) all.teacherResponses += 1;
      if (request.withPairs) all.pairs += draft.pairs.length;
      if (request.withPairs && draft.pairProblem !== undefined) {
        all.unusablePairs += 1;
        if (unusable.length < MAX_LISTED) unusable.push(toldOf(read.row, draft.pairProblem));
      }
      if (samples.length < SAMPLES && !prompts.has(hash)) {
        samples.push(sampleOf(read, request.withPairs));
        sampleHashes.push(hash);
      }
      note(prompts, shelf, read, stored.get(hash));
    }
  }
  if (all.rowCount === 0) throw noRows(request);
  requireColumns(request.columns, columns);
  return { ...all, reading, prompts, shapes, columns };
}

function sourceOf({ path, text, base64 }: ImportRequest): Parameters<LabContext["dataFiles"]["open"]>[0] {
  if (text !== undefined) return { path, bytes: new TextEncoder().encode(text) };
  return base64 === undefined ? { path } : { path, bytes: new Uint8Array(Buffer.from(base64, "base64")) };
}

function sampleOf({ row, shape, draft }: ReadDraft, withPairs: boolean): Survey["samples"][number] {
  return {
    row,
    shape,
    messages: [...draft.messages],
    teacherResponse: draft.teacherResponse ?? null,
    pairs: withPairs ? [...draft.pairs] : [],
  };
}

function note(prompts: Map<ContentHash, Found>, shelf: RunShelf, { row, hash, draft }: ReadDraft, stored: Split | undefined): void {
  const { split } = draft;
  const present = prompts.get(hash);
  const found = present ?? { row, hash, wanted: NOWHERE, stored, ...textOf(shelf, draft) };
  if (present === undefined) prompts.set(hash, found);
  if (split !== undefined && !found.wanted.has(split)) found.wanted = new Map([...found.wanted, [split, row]]);
}

function textOf(shelf: RunShelf, { messages }: PromptDraft): { readonly runs: WordRuns; readonly excerpt: string } {
  const whole = messages.map(({ content }) => content).join("\n");
  return { runs: shelf.put(whole), excerpt: (messages.findLast(({ role }) => role === "user")?.content ?? whole).slice(0, EXCERPT) };
}

function noteColumns(columns: Map<string, string>, value: unknown): void {
  if (!isRow(value)) return;
  for (const [name, cell] of Object.entries(value)) {
    if (columns.size >= MAX_LISTED || columns.has(name) || cell === null || cell === "") continue;
    columns.set(name, (typeof cell === "string" ? cell : JSON.stringify(cell)).slice(0, EXCERPT));
  }
}

function proposalIn(rows: readonly DataRow[]): string | null {
  for (const one of rows) {
    const column = "value" in one ? proposePromptColumn(one.value) : undefined;
    if (column !== undefined) return column;
  }
  return null;
}

function noRows({ path, offset = 0 }: ImportRequest): DataError {
  const got = offset > 0 ? dataWords.noneAfter(offset) : dataWords.emptyFile;
  return new DataError(dataWords.noPrompts(path, got), { path });
}

function requireColumns(choice: ColumnChoice, columns: ReadonlyMap<string, string>): void {
  for (const role of COLUMN_ROLES) {
    const name = choice[role];
    if (name === undefined || columns.has(name)) continue;
    const present = [...columns.keys()].map((one) => `"${one}"`).join(", ");
    throw new ConfigError(dataWords.noColumn(role, present, name));
  }
}

/** Of two splits that a prompt is asked into the one that holds out more: a held-out set stays whole. */
export const MOST_HELD_OUT: readonly Split[] = ["test", "validation", "training"];

/** Split and shard of each new prompt of the file. */
export async function placesOf(survey: Survey, config: ExperimentConfig): Promise<ReadonlyMap<ContentHash, SplitAssignment>> {
  const places = new Map<ContentHash, SplitAssignment>();
  await inTurns(survey.prompts.values(), ({ hash, wanted, stored }) => {
    if (stored !== undefined) return;
    const split = MOST_HELD_OUT.find((one) => wanted.has(one));
    for (const place of assignSplits([split === undefined ? { hash } : { hash, split }], config.splits, config.seed)) places.set(hash, place);
  });
  return places;
}
