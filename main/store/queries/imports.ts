/** Data files that were read in, and what came with them: prompts, teacher responses, preferences of others. */
import * as z from "zod";
import type { AttemptId, ContentHash, ImportId, PromptId, ResponseId } from "#app/base/ids.ts";
import { type PairText, type Prompt, type Split, splitSchema } from "#app/domain/prompt.ts";
import type { DataFormat } from "#app/rounds/data-ports.ts";
import { number, numberOrNull, type ReadableDb, type Row, text, type WritableDb } from "../database.ts";
import { seenBy } from "./seen-imports.ts";

export type ImportRecord = {
  readonly id: ImportId;
  readonly name: string;
  readonly contentHash: ContentHash;
  readonly format: DataFormat;
  /** Rows by shape. */
  readonly shapes: Readonly<Record<string, number>>;
  readonly choices: string;
  readonly rejected: number;
  readonly startedAtMs: number;
};

export type StoredImport = ImportRecord & {
  readonly state: "open" | "done" | "interrupted";
  readonly prompts: number;
  readonly teacherResponses: number;
  readonly pairs: number;
};

export function insertImport(db: WritableDb, record: ImportRecord): void {
  db.run(
    `INSERT INTO import (id, name, content_hash, format, shapes, choices, rejected, state, started_at)
     VALUES ($id, $name, $content_hash, $format, $shapes, $choices, $rejected, 'open', $started_at)`,
    {
      id: record.id,
      name: record.name,
      content_hash: record.contentHash,
      format: record.format,
      shapes: JSON.stringify(record.shapes),
      choices: record.choices,
      rejected: record.rejected,
      started_at: record.startedAtMs,
    },
  );
}

export type ImportCounts = { readonly prompts: number; readonly teacherResponses: number; readonly pairs: number };

/** Adds what a batch of rows brought. */
export function countImported(db: WritableDb, id: ImportId, { prompts, teacherResponses, pairs }: ImportCounts): void {
  db.run("UPDATE import SET prompts = prompts + $prompts, teacher_responses = teacher_responses + $teachers, pairs = pairs + $pairs WHERE id = $id", {
    id,
    prompts,
    teachers: teacherResponses,
    pairs,
  });
}

export function endImport(db: WritableDb, id: ImportId, state: "done" | "interrupted", nowMs: number): void {
  db.run("UPDATE import SET state = $state, ended_at = $now WHERE id = $id AND state = 'open'", { id, state, now: nowMs });
}

/** What a process that is gone left open. */
export function interruptOpenImport(db: WritableDb, nowMs: number): void {
  db.run("UPDATE import SET state = 'interrupted', ended_at = $now WHERE state = 'open'", { now: nowMs });
}

const shapesSchema = z.record(z.string(), z.number());

function toImport(row: Row): StoredImport {
  return {
    id: text(row, "id") as ImportId,
    name: text(row, "name"),
    contentHash: text(row, "content_hash") as ContentHash,
    format: text(row, "format") as DataFormat, // its CHECK allows just these words
    shapes: shapesSchema.parse(JSON.parse(text(row, "shapes"))),
    choices: text(row, "choices"),
    rejected: number(row, "rejected"),
    startedAtMs: number(row, "started_at"),
    state: text(row, "state") as StoredImport["state"], // its CHECK allows just these words
    prompts: number(row, "prompts"),
    teacherResponses: number(row, "teacher_responses"),
    pairs: number(row, "pairs"),
  };
}

/** In the order in which they were begun. */
export function listImports(db: ReadableDb): StoredImport[] {
  return db.all("SELECT * FROM import ORDER BY id").map(toImport);
}

export function openImport(db: ReadableDb): StoredImport | undefined {
  const row = db.get("SELECT * FROM import WHERE state = 'open'");
  return row && toImport(row);
}

/** The id of the prompt with this hash, and whether it is new: it is inserted unless it is there. */
export function putPrompt(db: WritableDb, prompt: Prompt, importId: ImportId): { readonly id: PromptId; readonly isNew: boolean } {
  const changed = db.run(
    `INSERT INTO prompt (id, hash, messages, split, shard, source, import_id) VALUES ($id, $hash, $messages, $split, $shard, $source, $import_id)
     ON CONFLICT (hash) DO NOTHING`,
    {
      id: prompt.id,
      hash: prompt.hash,
      messages: JSON.stringify(prompt.messages),
      split: prompt.split,
      shard: prompt.shard,
      source: prompt.source,
      import_id: importId,
    },
  );
  if (changed === 1) return { id: prompt.id, isNew: true };
  const row = db.get("SELECT id FROM prompt WHERE hash = $hash", { hash: prompt.hash });
  return { id: row === undefined ? prompt.id : (text(row, "id") as PromptId), isNew: false };
}

export type Brought = { readonly promptId: PromptId; readonly importId: ImportId };

/**
 * The teacher's response to a prompt, unless it has one. Its tokens are counted by each policy's own tokenizer when
 * they are needed. True if it was stored.
 */
export function putTeacherResponse(db: WritableDb, response: Brought & { readonly id: ResponseId; readonly text: string }): boolean {
  return insertBrought(db, { ...response, source: "teacher", sampleIndex: 0 }) === 1;
}

function insertBrought(
  db: WritableDb,
  response: Brought & { readonly id: ResponseId; readonly text: string; readonly source: "teacher" | "imported"; readonly sampleIndex: number },
): number {
  return db.run(
    `INSERT INTO response (id, prompt_id, source, sample_index, text, token_ids, finish_reason, is_repetitive, import_id)
     VALUES ($id, $prompt_id, $source, $sample_index, $text, x'', 'endOfText', 0, $import_id)
     ON CONFLICT (prompt_id, source, sample_index) WHERE attempt_id IS NULL DO NOTHING`,
    {
      id: response.id,
      prompt_id: response.promptId,
      source: response.source,
      sample_index: response.sampleIndex,
      text: response.text,
      import_id: response.importId,
    },
  );
}

/** A preference of someone else and its two responses, each text of a prompt stored once. True if it was new. */
export function putImportedPair(db: WritableDb, where: Brought, pair: PairText, newId: () => ResponseId): boolean {
  const [chosenId, rejectedId] = [putResponse(db, where, pair.chosen, newId), putResponse(db, where, pair.rejected, newId)];
  return (
    db.run(
      `INSERT INTO imported_pair (prompt_id, chosen_id, rejected_id, chosen_score, rejected_score, import_id)
       VALUES ($prompt_id, $chosen_id, $rejected_id, $chosen_score, $rejected_score, $import_id) ON CONFLICT DO NOTHING`,
      {
        prompt_id: where.promptId,
        chosen_id: chosenId,
        rejected_id: rejectedId,
        chosen_score: pair.chosenScore,
        rejected_score: pair.rejectedScore,
        import_id: where.importId,
      },
    ) === 1
  );
}

function putResponse(db: WritableDb, where: Brought, content: string, newId: () => ResponseId): ResponseId {
  const ofPrompt = "FROM response WHERE attempt_id IS NULL AND prompt_id = $prompt_id AND source = 'imported'";
  const present = db.get(`SELECT id ${ofPrompt} AND text = $text`, { prompt_id: where.promptId, text: content });
  if (present !== undefined) return text(present, "id") as ResponseId;
  const row = db.get(`SELECT count(*) AS n ${ofPrompt}`, { prompt_id: where.promptId });
  const id = newId();
  insertBrought(db, { ...where, id, text: content, source: "imported", sampleIndex: row === undefined ? 0 : number(row, "n") });
  return id;
}

export type ImportedPair = {
  readonly promptId: PromptId;
  readonly chosenId: ResponseId;
  readonly rejectedId: ResponseId;
  readonly chosenScore: number | null;
  readonly rejectedScore: number | null;
};

/** By prompt, in the order of the responses' ids: the order in which they came. All, or those that a run sees (seen-imports.ts). */
export function importedPairs(db: ReadableDb, split: Split, attemptId?: AttemptId): ImportedPair[] {
  const { sql, params } = seenBy(attemptId, "i");
  return db
    .all(
      `SELECT i.* FROM imported_pair i JOIN prompt p ON p.id = i.prompt_id WHERE p.split = $split AND ${sql}
       ORDER BY i.prompt_id, i.chosen_id, i.rejected_id`,
      { split, ...params },
    )
    .map((row) => ({
      promptId: text(row, "prompt_id") as PromptId,
      chosenId: text(row, "chosen_id") as ResponseId,
      rejectedId: text(row, "rejected_id") as ResponseId,
      chosenScore: numberOrNull(row, "chosen_score"),
      rejectedScore: numberOrNull(row, "rejected_score"),
    }));
}

/** Splits of the prompts that are stored already, by hash. */
export function storedSplits(db: ReadableDb, hashes: readonly ContentHash[]): Map<ContentHash, Split> {
  const rows = db.all("SELECT hash, split FROM prompt WHERE hash IN (SELECT value FROM json_each($hashes))", { hashes: JSON.stringify(hashes) });
  return new Map(rows.map((row) => [text(row, "hash") as ContentHash, splitSchema.parse(row["split"])]));
}

export type StoredText = { readonly hash: ContentHash; readonly split: Split; readonly messages: string };

/** Stored prompts after a hash, in the order of their hashes. */
export function storedTexts(db: ReadableDb, afterHash: string, limit: number): StoredText[] {
  return db
    .all("SELECT hash, split, messages FROM prompt WHERE hash > $after ORDER BY hash LIMIT $limit", { after: afterHash, limit })
    .map((row) => ({ hash: text(row, "hash") as ContentHash, split: splitSchema.parse(row["split"]), messages: text(row, "messages") }));
}
