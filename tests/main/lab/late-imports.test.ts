/** Files that are imported while a round is under way: it works on with what it began with, the next one takes all. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { TrainingPair, TrainJob } from "#app/rounds/ports.ts";
import { MIN_HELD_OUT_PROMPTS } from "#app/training/held-out.ts";
import {
  answerAll,
  countOf,
  openReadyLab,
  runRound,
  SCRIPTED,
  type Setup,
  type TestLab,
  uninterruptedOutcome,
  violationsOf,
  workOf,
  writeLines,
} from "./support.ts";

type Client = TestLab["client"];

const LATE = [
  { prompt: "A late question", split: "training" },
  { prompt: "A late question to choose by", split: "validation" },
];

async function importLate({ client, folder }: Pick<TestLab, "client" | "folder">, rows: readonly unknown[] = LATE) {
  return await client.experiments.importPrompts({ path: writeLines(folder, "late.jsonl", rows) });
}

/** Prompts that a stage of a round has sampled. */
function sampledIn({ db }: TestLab, round: number, stage: "sample" | "evaluate"): number {
  return countOf(
    db,
    `SELECT count(DISTINCT y.prompt_id) AS n FROM response y JOIN current_attempt a ON a.id = y.attempt_id JOIN round r ON r.id = a.round_id
     WHERE r.number = ${round} AND a.stage = '${stage}'`,
  );
}

function questionsOf(pairs: readonly TrainingPair[]): string[] {
  return [...new Set(pairs.flatMap(({ messages }) => messages.map(({ content }) => content)))];
}

/** A round that is paused at a unit, in which a file is imported, and which goes on. */
async function openPausedAt(unit: number): Promise<TestLab> {
  const holder: { pause?: () => Promise<unknown> } = {};
  const lab = await openReadyLab({}, { beforeUnit: ({ count }) => void (count === unit && holder.pause?.()) });
  holder.pause = () => lab.client.rounds.pause();
  expect((await runRound(lab.client)).state).toBe("paused");
  return lab;
}

async function resume(client: Client): Promise<void> {
  await client.rounds.resume();
  expect(await client.rounds.settle()).toEqual({ state: "done", error: null });
}

describe("prompts that are imported late", () => {
  it.each([
    ["samples", 5, { training: 2, heldOut: 1 }],
    // 8 prompts with 3 responses, 5 training steps or so, then the held-out responses.
    ["evaluates", 40, { training: 2, heldOut: 2 }],
  ])("while a round %s take part from the next one on", async (_, unit, from) => {
    const lab = await openPausedAt(unit);
    expect((await importLate(lab)).fromRound).toEqual(from);
    await resume(lab.client);
    expect(sampledIn(lab, 1, "sample")).toBe(8);
    expect(sampledIn(lab, 1, "evaluate")).toBe(from.heldOut === 1 ? 25 : 24);
    if (from.heldOut === 2) expect(workOf(lab.db)).toEqual(await uninterruptedOutcome());
    const { rows, refusal } = await lab.client.rounds.forecast();
    expect([refusal, rows.find(({ what }) => what === "samples")?.toCome?.value]).toEqual([null, 9 * 3 + 25 * 3]);
    await runRound(lab.client);
    expect([sampledIn(lab, 2, "sample"), sampledIn(lab, 2, "evaluate")]).toEqual([9, 25]);
    expect(violationsOf(lab.db)).toEqual([]);
  });

  it("are taken by a stage that is run again", async () => {
    const lab = await openReadyLab();
    await runRound(lab.client, "sample");
    await importLate(lab);
    await lab.client.rounds.redo({ stage: "sample" });
    await lab.client.rounds.settle();
    expect(sampledIn(lab, 1, "sample")).toBe(9);
  });

  it("make enough to hold pairs out, but none of a prompt that was trained on", async () => {
    const jobs: TrainJob[] = [];
    const config = { ...SCRIPTED, training: { ...SCRIPTED.training, heldOutShare: 0.5 } };
    const lab = await openReadyLab({ config, validation: 1 }, { onTrain: (job) => jobs.push(job) });
    await runRound(lab.client, "train");
    const rows = Array.from({ length: 40 }, (_, i) => ({ prompt: `Late question ${i}`, split: "training" }));
    await importLate(lab, rows);
    await lab.client.rounds.start({});
    await lab.client.rounds.settle();
    await runRound(lab.client, "train");
    const [[first, nothing] = [], [second, heldOut] = []] = jobs.map(({ pairs, heldOutPairs = [] }) => [pairs, heldOutPairs].map(questionsOf));
    expect([first?.length, nothing]).toEqual([8, []]);
    expect(heldOut?.length).toBeGreaterThanOrEqual(MIN_HELD_OUT_PROMPTS);
    const trainedOn = new Set([...(first ?? []), ...(second ?? [])]);
    expect(heldOut?.filter((question) => trainedOn.has(question))).toEqual([]);
    expect(second).toEqual(expect.arrayContaining(first ?? []));
  });

  it("count for the forecast of the round that is open only where it takes them", async () => {
    const lab = await openPausedAt(5);
    await importLate(lab);
    const { rows } = await lab.client.rounds.forecast();
    const samples = rows.find(({ what }) => what === "samples");
    // 5 are there; 8 training prompts and, as it has not been begun, an evaluation on 25 by two policies.
    expect(samples).toMatchObject({ soFar: 5, toCome: { value: 8 * 3 - 5 + 25 * 2 } });
  });

  it("wait to be seen until their file has come to its end", async () => {
    const lab = await openReadyLab({ training: 0, validation: 1 });
    const rows = Array.from({ length: 2000 }, (_, i) => ({ prompt: `Question ${i}`, split: "training" }));
    const importing = importLate(lab, rows);
    while (countOf(lab.db, "SELECT count(*) AS n FROM prompt WHERE split = 'training'") === 0) await nextTurn();
    await expect(lab.client.rounds.start({ until: "sample" })).rejects.toThrow("late.jsonl is still being imported; start when that is done");
    expect((await importing).imported).toBe(2000);
    expect((await lab.client.rounds.forecast()).rows.find(({ what }) => what === "samples")?.toCome?.value).toBe(2000 * 3 + 2);
  });
});

describe("teacher responses that are imported late", () => {
  it("change nothing of a round whose people judge, and are candidates of the next", async () => {
    const people = { ...SCRIPTED, oracle: { kind: "people" }, sampling: { responsesPerPrompt: 2 }, training: { batchSize: 1 } };
    const setup: Setup = { training: 2, validation: 2, config: people };
    const lab = await openReadyLab(setup);
    const { client, db } = lab;
    expect((await runRound(client, "train")).state).toBe("waitsForPeople");
    const asked = countOf(db, "SELECT count(*) AS n FROM ask");
    await importLate(
      lab,
      ["0", "1"].map((i) => ({ prompt: `Training prompt ${i}`, teacher_response: "The teacher’s own." })),
    );
    await answerAll(client);
    expect(await client.rounds.settle()).toEqual({ state: "done", error: null });
    expect(countOf(db, "SELECT count(*) AS n FROM ask")).toBe(asked);
    await client.rounds.redo({ stage: "judge" });
    await client.rounds.settle();
    // Of 2 responses and the teacher's there are 3 comparisons instead of one.
    expect(countOf(db, "SELECT count(*) AS n FROM current_ask WHERE purpose = 'training'")).toBe(3 * asked);
    expect(violationsOf(db)).toEqual([]);
  });
});
