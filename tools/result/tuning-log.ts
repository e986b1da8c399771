/** What was tried on the validation prompts before the result: one line of JSON each, never taken away. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { ROOT } from "../checks/root.ts";

export const TUNING_LOG = join(ROOT, "tools", "result", "tuning.jsonl");

export const tuningLineSchema = z.strictObject({
  name: z.string(),
  scale: z.string(),
  /** What was laid over settings.json as it was then. */
  set: z.array(z.string()),
  split: z.literal("validation"),
  n: z.int(),
  winRate: z.number(),
  low: z.number(),
  high: z.number(),
  /** Mean length over that of the first policy, less 1. */
  lengthChange: z.number(),
  finishedShare: z.number(),
});
export type TuningLine = Readonly<z.infer<typeof tuningLineSchema>>;

/** Throws ZodError where a line is none of a try. */
export function readTuningLog(): TuningLine[] {
  const lines = readFileSync(TUNING_LOG, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  return lines.map((line) => tuningLineSchema.parse(JSON.parse(line)));
}
