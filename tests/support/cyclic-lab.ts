/** A lab whose policies' preferences go round, and are clear about it: short beats middling beats long beats short. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openReadyLab, runRound, type TestLab, writeLines } from "#tests/main/lab/support.ts";
import { writeAdapter } from "./fake-engine.ts";

const CLEAR = 0.95;

/** By the number of words: at most two, up to twelve, more. */
export const CYCLIC = {
  seed: 11,
  oracle: {
    kind: "preferenceMatrix",
    classes: [
      { name: "short", pattern: "^\\S+(?: \\S+)?$" },
      { name: "middling", pattern: "^\\S+(?: \\S+){0,11}$" },
      { name: "long", pattern: "" },
    ],
    matrix: [
      [0.5, CLEAR, 1 - CLEAR],
      [1 - CLEAR, 0.5, CLEAR],
      [CLEAR, 1 - CLEAR, 0.5],
    ],
  },
  sampling: { responsesPerPrompt: 3, maxNewTokens: 128 },
  training: { batchSize: 4, checkpointEverySteps: 2 },
  evaluation: { bootstrapSamples: 400 },
} as const;

/** Rock, paper, scissors by the number of characters, whatever a policy has learnt: no policy is better, the verdicts go round. */
export const ROUND_GOING = {
  ...CYCLIC,
  oracle: {
    kind: "preferenceMatrix",
    classes: [
      { name: "0", pattern: "^(?:.{3})*$" },
      { name: "1", pattern: "^.(?:.{3})*$" },
      { name: "2", pattern: "" },
    ],
    matrix: [
      [0.5, 1, 0],
      [0, 0.5, 1],
      [1, 0, 0.5],
    ],
  },
  sampling: { responsesPerPrompt: 5, maxNewTokens: 128 },
  judging: { bothOrders: false },
};

/** Policies of one, six and forty words on average; their held-out responses are short, middling and long. */
const ADDED = { terse: 1, plain: 6, wordy: 40 } as const;

/** Two rounds and three policies by hand, a teacher on 40 of 80 held-out prompts; everyone has met everyone. */
export async function openCyclicLab(): Promise<TestLab> {
  const lab = await openReadyLab({ config: CYCLIC, training: 8, validation: 40 });
  const taught = Array.from({ length: 40 }, (_, i) => ({
    prompt: `Taught prompt ${i}`,
    split: "validation",
    teacher_response: Array.from({ length: 4 + (i % 9) }, (__, k) => `word${k}`).join(" "),
  }));
  await lab.client.experiments.importPrompts({ path: writeLines(lab.folder, "taught.jsonl", taught), skipRejected: false });
  for (let round = 0; round < 2; round++) await requireDone(lab, await runRound(lab.client));
  const [base] = await lab.client.policies.list();
  for (const [name, meanWords] of Object.entries(ADDED)) {
    const path = join(lab.folder, name);
    mkdirSync(path);
    writeAdapter(path, { meanWords, rank: 8, baseModelName: base?.checkpointPath ?? null });
    await lab.client.policies.add({ path, name });
  }
  return lab;
}

export async function requireDone(_lab: TestLab, settled: { readonly state: string; readonly error: string | null }): Promise<void> {
  if (settled.state !== "done") throw new Error(`expected the run to be done, it is ${settled.state}: ${settled.error ?? ""}`);
}
