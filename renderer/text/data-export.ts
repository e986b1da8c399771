/** The words of writing data files for other tools. */
import { counted } from "#app/text/language.ts";
import { nouns } from "#app/text/nouns.ts";

export const dataExportText = {
  open: "Data for other tools…",
  title: "Data for other tools",
  what: "What",
  kinds: {
    dataset: "A dataset with its card, for the Hugging Face hub",
    trl: "Preference pairs, TRL’s rows",
    ultraFeedback: "Preference pairs, UltraFeedback binarised",
    judgments: "Every judgment, as a table",
  },
  path: "Where, on the lab’s machine",
  hint: "The ending names the format: .jsonl, .json, .csv or .parquet. A dataset is a folder.",
  cancel: "Close",
  write: "Write",
  writing: "Writing…",
  written: (rows: number, path: string) => `Wrote ${counted(rows, nouns.rows)} to ${path}.`,
};
