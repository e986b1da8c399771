/** Reads prompt difficulties and length anchors: what AlpacaEval's full length control needs besides the judgments. */
import { readFile } from "node:fs/promises";
import * as z from "zod";
import { DataError } from "#app/base/errors.ts";
import { messageSchema, normalisedPromptText } from "#app/domain/prompt.ts";
import { resultWords } from "#app/text/results.ts";
import type { LabContext } from "../context.ts";
import { hashText } from "../system.ts";

const rowSchema = z.object({
  /** The prompt as it was imported: a text, or its messages. */
  prompt: z.union([z.string().min(1), z.array(messageSchema).min(1)]),
  difficulty: z.number(),
  anchors: z.array(z.object({ standardLength: z.number(), score: z.number().min(0).max(1) })).default([]),
});

export type CalibrationReport = { readonly difficulties: number; readonly anchors: number; readonly unknown: number };

/** Replaces what was imported before. Rows of prompts that the experiment lacks are counted. Throws DataError, with nothing stored, for a row that is none. */
export async function importCalibration(lab: LabContext, path: string): Promise<CalibrationReport> {
  const rows = await readRows(path);
  const { db } = lab.store;
  return db.transaction(() => {
    db.run("DELETE FROM prompt_difficulty");
    db.run("DELETE FROM length_anchor");
    let [difficulties, anchors, unknown] = [0, 0, 0];
    for (const row of rows) {
      const messages = typeof row.prompt === "string" ? [{ role: "user" as const, content: row.prompt }] : row.prompt;
      const known = db.get("SELECT id FROM prompt WHERE hash = $hash", { hash: hashText(normalisedPromptText(messages)) });
      if (known?.["id"] === undefined) {
        unknown += 1;
        continue;
      }
      const promptId = known["id"];
      difficulties += db.run("INSERT INTO prompt_difficulty (prompt_id, difficulty) VALUES ($id, $difficulty) ON CONFLICT DO NOTHING", {
        id: promptId,
        difficulty: row.difficulty,
      });
      row.anchors.forEach(({ standardLength, score }, ordinal) => {
        anchors += db.run(
          "INSERT INTO length_anchor (prompt_id, ordinal, standard_length, score) VALUES ($id, $ordinal, $length, $score) ON CONFLICT DO NOTHING",
          { id: promptId, ordinal, length: standardLength, score },
        );
      });
    }
    lab.events.publish({ type: "results.changed" });
    return { difficulties, anchors, unknown };
  });
}

async function readRows(path: string): Promise<z.infer<typeof rowSchema>[]> {
  const content = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new DataError(resultWords.cannotRead(path, cause instanceof Error ? cause.message : String(cause)), { path }, { cause });
  });
  return content.split("\n").flatMap((line, i) => {
    if (line.trim() === "") return [];
    const parsed = rowSchema.safeParse(parseJson(line));
    if (parsed.success) return [parsed.data];
    const [issue] = parsed.error.issues;
    throw new DataError(resultWords.badCalibration(path, i + 1, issue?.path.join(".") ?? "", issue?.message ?? ""), { path });
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
