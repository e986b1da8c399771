/** Step 5: trains all weights on the stories, from random ones, by the lab's trainer; goes on from its last checkpoint. EPOCHS passes. */
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AttemptId, ContentHash } from "#app/base/ids.ts";
import { trainingSettingsSchema } from "#app/domain/training.ts";
import type { TrainEvent } from "#app/rounds/ports.ts";
import { ENGINE_OPTIONS, withModel } from "./engine.ts";
import { readStories, SHIPPED, START, WORK } from "./files.ts";

const SEED = 20261125;
const settings = trainingSettingsSchema.parse({
  trains: "allWeights",
  loss: { kind: "sft" },
  learningRate: 0.004,
  schedule: "cosine",
  warmupShare: 0.03,
  adamBeta2: 0.98,
  weightDecay: 0.05,
  epochs: Number(process.argv[2] ?? 2),
  batchSize: 64,
  microBatchSize: 16,
  maxLength: 192,
  checkpointEverySteps: 25,
});

type Checkpoint = { readonly step: number; readonly artefact: ContentHash };

const checkpointFile = join(WORK, "training-checkpoint.json");
const curveFile = join(WORK, "learning-curve.csv");
const columns = ["step", "epoch", "loss", "learning_rate", "grad_norm", "tokens_per_second"] as const;

const stories = (await readStories()).filter(({ split }) => split === "training");
const resumeFrom = existsSync(checkpointFile) ? (JSON.parse(readFileSync(checkpointFile, "utf8")) as Checkpoint) : null; // written below
writeFileSync(curveFile, [columns.join(","), ...curveUpTo(resumeFrom?.step ?? 0)].map((line) => `${line}\n`).join(""));

/** Steps after the last checkpoint are taken again, and written again. */
function curveUpTo(step: number): readonly string[] {
  if (step === 0) return [];
  const lines = readFileSync(curveFile, "utf8").split("\n").slice(1);
  return lines.filter((line) => line !== "" && Number.parseInt(line, 10) <= step);
}

function keep(event: TrainEvent): void {
  if (event.kind === "started") process.stderr.write(`${event.pairCount} stories, ${event.stepCount} steps, ${event.droppedPairs.length} dropped\n`);
  if (event.kind === "checkpoint") writeFileSync(checkpointFile, JSON.stringify({ step: event.step, artefact: event.artefact }));
  if (event.kind !== "step") return;
  const values: Readonly<Record<string, number>> = { ...event.values, step: event.step };
  appendFileSync(curveFile, `${columns.map((column) => Number((values[column] ?? Number.NaN).toPrecision(5))).join(",")}\n`);
  if (event.step % 10 === 0)
    process.stderr.write(`step ${event.step}: loss ${values["loss"]?.toFixed(3)}, ${values["tokens_per_second"]?.toFixed(0)} tokens/s\n`);
}

await withModel(START, async ({ engine, policy, artefacts }) => {
  const signal = new AbortController().signal;
  const responses = await engine.tokeniseResponses(
    policy,
    stories.map(({ story }) => story),
    signal,
  );
  const pairs = stories.map(({ prompt }, i) => ({
    pairId: String(i),
    messages: [{ role: "user" as const, content: prompt }],
    chosenTokenIds: responses[i] ?? [],
    rejectedTokenIds: [],
  }));
  const job = {
    attemptId: "embedded-model" as AttemptId,
    policy,
    pairs,
    settings,
    engine: ENGINE_OPTIONS,
    seed: SEED,
    resumeFrom,
    baseModelName: "nashlab-stories",
  };
  const { trained } = await engine.train(job, keep, signal);
  const { hash } = await engine.openCheckpoint(await artefacts.pathOf(trained.artefact), () => undefined, signal);
  await engine.writePolicy({ checkpointHash: hash, adapterHash: null }, { path: SHIPPED, layout: "hf", precision: "f16" }, () => undefined, signal);
});
rmSync(checkpointFile, { force: true });
