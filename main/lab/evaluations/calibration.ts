/** How hard prompts are and what length alone earns on them, where somebody has measured it and it was imported. */
import type { PromptId } from "#app/base/ids.ts";
import type { LengthCalibration } from "#app/statistics/length-control.ts";
import { number, type ReadableDb, text } from "#main/store/database.ts";
import { hashJson } from "../system.ts";

export type StoredCalibration = LengthCalibration & { readonly version: string };

export function calibrationOf(db: ReadableDb): StoredCalibration {
  const difficulties = db.all("SELECT prompt_id, difficulty FROM prompt_difficulty ORDER BY prompt_id");
  const anchors = db.all("SELECT prompt_id, standard_length, score FROM length_anchor ORDER BY prompt_id, ordinal");
  return {
    version: hashJson([difficulties, anchors]),
    difficultyByPrompt: new Map(difficulties.map((row) => [text(row, "prompt_id") as PromptId, number(row, "difficulty")])),
    anchors: anchors.map((row) => ({
      promptId: text(row, "prompt_id") as PromptId,
      standardLength: number(row, "standard_length"),
      score: number(row, "score"),
    })),
  };
}

/** What of a calibration serves these prompts: all of them must have a difficulty, else none is used. */
export function calibrationFor(calibration: LengthCalibration, promptIds: readonly PromptId[]): LengthCalibration | undefined {
  if (promptIds.length === 0 || promptIds.some((id) => !calibration.difficultyByPrompt.has(id))) return undefined;
  return { ...calibration, anchors: calibration.anchors.filter(({ promptId }) => calibration.difficultyByPrompt.has(promptId)) };
}
