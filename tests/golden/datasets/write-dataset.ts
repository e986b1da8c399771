/** Writes the small dataset that check-dataset.py reads with other tools' own readers. Run from the root: node tests/golden/datasets/write-dataset.ts */
import { join } from "node:path";
import type { Message } from "#app/domain/prompt.ts";
import { toTrlPreferenceRow, toUltraFeedbackRow } from "#app/preferences/dataset-rows.ts";
import { dataFiles } from "#main/data/data-files.ts";

const user = (content: string): Message => ({ role: "user", content });
const PAIRS = [
  { messages: [user("Say hello.")], chosen: "Hello!", rejected: "=1+1", chosenScore: 0.75, rejectedScore: 0.25 },
  {
    messages: [{ role: "system", content: "Be\nbrief," } as const, user('A "quote", please'), { role: "assistant", content: "“…”" } as const, user("日本 😀")],
    chosen: "mark \uFEFF within",
    rejected: "line\r\nend\u2028and \u0000",
    chosenScore: null,
    rejectedScore: null,
  },
];

/** Writes all files into a folder. */
export async function writeDataset(folder: string): Promise<void> {
  const messages = (name: string) => ({ name, kind: "messages" as const });
  const text = (name: string) => ({ name, kind: "text" as const });
  const number = (name: string) => ({ name, kind: "number" as const });
  const trl = PAIRS.map((pair) => toTrlPreferenceRow(pair)).map((row) => [row.prompt, row.chosen, row.rejected]);
  const trlColumns = [messages("prompt"), messages("chosen"), messages("rejected")];
  for (const ending of ["jsonl", "json", "parquet"]) await dataFiles.write(join(folder, `trl.${ending}`), { columns: trlColumns, rows: trl });
  const columns = [text("prompt"), text("prompt_id"), messages("chosen"), messages("rejected"), messages("messages"), number("score_chosen"), number("score_rejected")];
  const rows = PAIRS.map((pair, i) => toUltraFeedbackRow({ ...pair, promptId: String(i) })).map((row) => [
    row.prompt,
    row.prompt_id,
    row.chosen,
    row.rejected,
    row.messages,
    row.score_chosen,
    row.score_rejected,
  ]);
  await dataFiles.write(join(folder, "ultrafeedback.parquet"), { columns, rows });
}

if (import.meta.main) await writeDataset(import.meta.dirname);
