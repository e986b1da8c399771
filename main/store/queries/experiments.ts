/** The experiment's row, its prompts and the teacher responses that came with them. */
import { NotFoundError } from "#app/base/errors.ts";
import type { AttemptId, ContentHash, ExperimentId, PromptId } from "#app/base/ids.ts";
import * as z from "zod";
import { type Experiment, type ExperimentConfig, experimentConfigSchema } from "#app/domain/experiment.ts";
import { messageSchema, type Prompt, type Split, splitSchema } from "#app/domain/prompt.ts";
import { storeWords } from "#app/text/store.ts";
import { number, numberOrNull, type ReadableDb, type Row, text, type WritableDb } from "../database.ts";
import { seenBy } from "./seen-imports.ts";

export function getExperiment(db: ReadableDb): Experiment | undefined {
  const row = db.get("SELECT * FROM experiment LIMIT 1");
  if (row === undefined) return undefined;
  return {
    id: text(row, "id") as ExperimentId,
    name: text(row, "name"),
    config: experimentConfigSchema.parse(JSON.parse(text(row, "config"))),
    createdAtMs: number(row, "created_at"),
  };
}

export function insertExperiment(db: WritableDb, experiment: Experiment): void {
  db.run("INSERT INTO experiment (id, name, config, created_at) VALUES ($id, $name, $config, $created_at)", {
    id: experiment.id,
    name: experiment.name,
    config: JSON.stringify(experiment.config),
    created_at: experiment.createdAtMs,
  });
}

export function updateConfig(db: WritableDb, config: ExperimentConfig): void {
  db.run("UPDATE experiment SET config = $config", { config: JSON.stringify(config) });
}

const messagesSchema = z.array(messageSchema);

function toPrompt(row: Row): Prompt {
  return {
    id: text(row, "id") as PromptId,
    hash: text(row, "hash") as ContentHash,
    messages: messagesSchema.parse(JSON.parse(text(row, "messages"))),
    split: splitSchema.parse(row["split"]),
    shard: numberOrNull(row, "shard"),
    source: text(row, "source"),
  };
}

/**
 * All prompts, or those of a split, in the order of their hashes: an order that no import changes. With a run those that
 * it sees (seen-imports.ts).
 */
export function listPrompts(db: ReadableDb, split?: Split, attemptId?: AttemptId): Prompt[] {
  const { sql, params } = seenBy(attemptId, "prompt");
  if (split === undefined) return db.all(`SELECT * FROM prompt WHERE ${sql} ORDER BY hash`, params).map(toPrompt);
  return db.all(`SELECT * FROM prompt WHERE split = $split AND ${sql} ORDER BY hash`, { split, ...params }).map(toPrompt);
}

/** Of the training prompts that a run sees, in the order of their hashes. */
export function trainingPromptIds(db: ReadableDb, attemptId: AttemptId): PromptId[] {
  const { sql, params } = seenBy(attemptId, "prompt");
  return db.all(`SELECT id FROM prompt WHERE split = 'training' AND ${sql} ORDER BY hash`, params).map((row) => text(row, "id") as PromptId);
}

export function promptById(db: ReadableDb, id: PromptId): Prompt {
  const row = db.get("SELECT * FROM prompt WHERE id = $id", { id });
  if (row === undefined) throw new NotFoundError(storeWords.noPrompt(id));
  return toPrompt(row);
}

export function promptCounts(db: ReadableDb): Record<Split, number> {
  const counts: Record<Split, number> = { training: 0, validation: 0, test: 0 };
  for (const row of db.all("SELECT split, count(*) AS n FROM prompt GROUP BY split")) counts[splitSchema.parse(row["split"])] = number(row, "n");
  return counts;
}
