/** Step 7: what ships beside the model: prompts with their split and teacher responses, and the demo's prompts and settings. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Split } from "#app/domain/prompt.ts";
import { DEMO_ORACLES } from "./demo-oracles.ts";
import { DEMO, readStories, SHIPPED } from "./files.ts";
import { somePrompts } from "./stories.ts";

/** What the demo's rounds run with: each takes half of the training prompts. */
const SETTINGS = {
  splits: { validationShare: 0, testShare: 0, shards: 2 },
  sampling: { responsesPerPrompt: 5, temperature: 1, topP: 1, maxNewTokens: 96 },
  judging: { bothOrders: false },
  pairs: { kind: "winRateMargin", minMargin: 0.3 },
  training: { learningRate: 0.001, epochs: 1, batchSize: 16, microBatchSize: 8, maxLength: 192 },
  evaluation: { split: "validation", temperature: 0.7 },
} as const;

const SHIPPED_PROMPTS = { training: 400, validation: 200, test: 200 } as const;
const DEMO_PROMPTS = { training: 128, validation: 64 } as const;

const teachers = new Map((await readStories()).map(({ prompt, story }) => [prompt, story]));

/** Splits in turns, as far as they go: the first rows of the file are of all of them. */
function rows(counts: Readonly<Partial<Record<Split, number>>>, withTeacher: boolean): string {
  const splits = Object.entries(counts).flatMap(
    ([split, count]) => somePrompts(split as Split, count).map((prompt, i) => ({ prompt, split, place: (i + 0.5) / count })), // the keys of the tables above
  );
  return splits
    .sort((a, b) => a.place - b.place)
    .map(({ prompt, split }) => `${JSON.stringify({ prompt, split, ...(withTeacher ? { teacher_response: teachers.get(prompt) } : {}) })}\n`)
    .join("");
}

await mkdir(DEMO, { recursive: true });
await writeFile(join(SHIPPED, "prompts.jsonl"), rows(SHIPPED_PROMPTS, true));
await writeFile(join(DEMO, "prompts.jsonl"), rows(DEMO_PROMPTS, false));
for (const [name, oracle] of Object.entries(DEMO_ORACLES)) {
  await writeFile(join(DEMO, `${name}.json`), `${JSON.stringify({ oracle, ...SETTINGS }, null, 2)}\n`);
}
