/** The files of prompts that the result's experiments import: our own, with or without the teacher's responses, and AlpacaEval's. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { splitSchema } from "#app/domain/prompt.ts";
import { ROOT } from "../checks/root.ts";
import type { PlannedExperiment } from "./settings.ts";

const FOLDER = join(ROOT, "resources", "prompts");
export const REQUESTS = join(FOLDER, "requests.jsonl");
export const TEACHER = join(FOLDER, "requests-teacher.jsonl");

const requestSchema = z.object({ id: z.string(), category: z.string(), split: splitSchema, prompt: z.string() });
const teacherSchema = z.object({ id: z.string(), teacher_response: z.string().min(1) });

export type ImportedRow = { readonly prompt: string; readonly split: "training" | "validation" | "test"; readonly teacher_response?: string };

/**
 * Our own prompts, of each split as many as the experiment asks for, by turns of the categories so that few are still of
 * many kinds; with `hasTeacher` each training prompt with the teacher's response. Throws Error where one is missing.
 */
export function ownPrompts({ prompts: wanted, hasTeacher }: Pick<PlannedExperiment, "prompts" | "hasTeacher">): ImportedRow[] {
  const teacherById = hasTeacher ? teachers() : new Map<string, string>();
  const rows = readLines(REQUESTS, requestSchema);
  return splitSchema.options.flatMap((split) =>
    byTurns(rows.filter((row) => row.split === split))
      .slice(0, wanted[split])
      .map(({ id, prompt }) => {
        const teacher = split === "training" && hasTeacher ? teacherById.get(id) : undefined;
        if (split === "training" && hasTeacher && teacher === undefined) throw new Error(`expected a teacher's response to ${id} in ${TEACHER}`);
        return { prompt, split, ...(teacher === undefined ? {} : { teacher_response: teacher }) };
      }),
  );
}

function teachers(): Map<string, string> {
  if (!existsSync(TEACHER)) throw new Error(`the arms of the paper need a teacher's response to each training prompt, in ${TEACHER}`);
  return new Map(readLines(TEACHER, teacherSchema).map((row) => [row.id, row.teacher_response]));
}

/** The first of each category, then the second of each, and so on. */
function byTurns<Row extends { readonly category: string }>(rows: readonly Row[]): Row[] {
  const groups = [...Map.groupBy(rows, (row) => row.category).values()];
  const longest = Math.max(0, ...groups.map((group) => group.length));
  return Array.from({ length: longest }, (_, i) => groups.flatMap((group) => group.slice(i, i + 1))).flat();
}

/** AlpacaEval's instructions as test prompts; the file holds them as JSON lines or as one JSON array. */
export function alpacaEvalPrompts(text: string, count: number): ImportedRow[] {
  const row = z.object({ instruction: z.string().min(1) });
  const values: unknown[] = text.trimStart().startsWith("[")
    ? z.array(z.unknown()).parse(JSON.parse(text))
    : text
        .split("\n")
        .filter((line) => line.trim() !== "")
        .map((line): unknown => JSON.parse(line));
  return values.slice(0, count).map((value) => ({ prompt: row.parse(value).instruction, split: "test" }));
}

function readLines<Row>(path: string, schema: z.ZodType<Row>): Row[] {
  return readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => schema.parse(JSON.parse(line)));
}
