/**
 * A fast engine for tests of the lab: no model, but the same promises. A response is a function of weights, prompt,
 * settings and seed alone; training leaves checkpoints, can be stopped and gone on with, and ends in the same adapter
 * either way. What it learns is how long responses should be, so that a script that prefers length can be pleased.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { CancelledError, DataError, EngineError } from "#app/base/errors.ts";
import type { ContentHash } from "#app/base/ids.ts";
import { rngFor } from "#app/base/random.ts";
import type { DeviceFinding, EngineOptions } from "#app/domain/device.ts";
import type { TrainingForecast } from "#app/domain/training-forecast.ts";
import type { CheckpointRecord } from "#app/domain/policy.ts";
import { type AdapterSettings, adapterSettingsSchema } from "#app/domain/training.ts";
import type {
  ArtefactStore,
  CheckpointJob,
  PolicyWeights,
  PrecisionJob,
  SampledResponse,
  SampleJob,
  SampleUnit,
  TrainedWeights,
  TrainJob,
} from "#app/rounds/ports.ts";
import type { PrecisionMeasurement } from "#app/rounds/sampling-precision.ts";
import type { Engine } from "#main/lab/context.ts";
import type { Drivers } from "#main/lab/open-lab.ts";
import { dataFiles } from "#main/data/data-files.ts";
import { createModelHub } from "#main/engine/hub/model-hub.ts";
import { type ChatEndpointsOptions, createChatEndpoints } from "#main/oracles/endpoint/chat-endpoints.ts";
import { scriptedOracleMaker } from "#main/oracles/scripted/scripted-oracle.ts";

export type FakeUnit = {
  readonly kind: "sample" | "step";
  /** From 1, over the life of this engine. */
  readonly count: number;
};

export type FakeEngineOptions = {
  /** Before each unit: may throw `engineDeath()`, ask for a pause, or never resolve, as a test needs. */
  readonly beforeUnit?: (unit: FakeUnit) => void | Promise<void>;
  /** What it says that training takes. */
  readonly trainingForecast?: TrainingForecast;
  /** What it finds of devices; none without it. */
  readonly devices?: readonly DeviceFinding[];
  /** Called with the engine options of each job. */
  readonly onJob?: (kind: "sample" | "score" | "train", options: EngineOptions) => void;
  /** What 8 bits would change. */
  readonly precision?: PrecisionMeasurement;
  readonly onMeasure?: (job: PrecisionJob) => void;
  /** Called with each job's own settings. */
  readonly onSample?: (job: SampleJob) => void;
  readonly onTrain?: (job: TrainJob) => void;
  /** Prompts that hold this text are longer than the context. */
  readonly tooLong?: string;
  /** What it answers where it does not find words of its own. */
  readonly answer?: (unit: SampleUnit, job: SampleJob) => string | undefined;
  /** How endpoints are asked again. */
  readonly chat?: Omit<ChatEndpointsOptions, "fetch">;
  /** HF_ENDPOINT and HF_HOME of a hub of the test's. */
  readonly hubEnv?: Readonly<Record<string, string>>;
};

/** What the engine's client throws when its process is gone. */
export function engineDeath(): EngineError {
  return new EngineError("the engine process ended by SIGKILL", { died: true });
}

const VOCABULARY = "river stone quiet lamp under seven green morning paper glass north window".split(" ");
const END_OF_TEXT = 0;
const FIRST_MEAN_WORDS = 12;

/** The fake engine with the real oracles; endpoints are asked again without much waiting. */
export function fakeDrivers(options: FakeEngineOptions = {}): Drivers {
  return {
    makeEngine: (artefacts) => createFakeEngine(artefacts, options),
    oracles: scriptedOracleMaker,
    dataFiles,
    makeChat: (fetchOut) => createChatEndpoints({ fetch: fetchOut, backOffMs: 5, ...options.chat }),
    // Nothing is ever fetched from a real hub: without one of its own a test gets an address at which nobody listens.
    makeHub: (fetchOut) => createModelHub({ fetch: fetchOut, env: options.hubEnv ?? { HF_HOME: "/nowhere", HF_ENDPOINT: "http://127.0.0.1:9" } }),
  };
}

function createFakeEngine(artefacts: ArtefactStore, options: FakeEngineOptions = {}): Engine {
  let count = 0;
  let opened = new Map<ContentHash, string>();
  let stopping = Promise.withResolvers<never>();
  stopping.promise.catch(() => undefined);
  const unit = async (kind: FakeUnit["kind"]): Promise<void> => {
    count += 1;
    try {
      await Promise.race([options.beforeUnit?.({ kind, count }), stopping.promise]);
    } catch (thrown) {
      // A new process knows of no checkpoint.
      if (thrown instanceof EngineError && thrown.details["died"] === true) opened = new Map();
      throw thrown;
    }
  };
  const isTooLong = ({ messages }: SampleUnit): boolean => {
    const { tooLong } = options;
    return tooLong !== undefined && messages.some((message) => message.content.includes(tooLong));
  };
  const meanWordsOf = async ({ checkpointHash, adapterHash }: PolicyWeights): Promise<number> => {
    const path = opened.get(checkpointHash);
    if (path === undefined) throw new EngineError(`checkpoint ${checkpointHash} has not been opened`);
    return adapterHash === null ? readCheckpoint(path) : readAdapter(await artefacts.pathOf(adapterHash)).meanWords;
  };

  return {
    openCheckpoint: (path, onProgress, signal) => {
      if (signal.aborted) return Promise.reject(new CancelledError());
      const record = recordOf(path);
      opened.set(record.hash, path);
      onProgress({ message: "reading the checkpoint", share: 1 });
      return Promise.resolve(record);
    },
    inspectAdapter: (folder) => Promise.resolve(readAdapter(folder)),
    tokeniseResponses: (_policy, texts) => Promise.resolve(texts.map(tokensOf)),
    writePolicy: async (policy, { path }, onProgress, signal) => {
      if (signal.aborted) throw new CancelledError();
      const meanWords = await meanWordsOf(policy);
      writeCheckpoint(path, policy.checkpointHash, meanWords);
      onProgress({ message: "writing the checkpoint", share: 1 });
      return ["model.safetensors"];
    },
    forecastTraining: () =>
      Promise.resolve(options.trainingForecast ?? { msPerPair: 100, referenceMsPerPair: 40, memoryBytes: 2e9, longestTokens: 300 }),
    devices: () => Promise.resolve(options.devices ?? []),
    versions: () => Promise.resolve({ fake: "1" }),
    stop: async () => {
      stopping.reject(engineDeath());
      // The next process is another one.
      opened = new Map();
      stopping = Promise.withResolvers<never>();
      stopping.promise.catch(() => undefined);
    },
    trainedAt: async (job) => {
      const { meanWords } = readState(await artefacts.pathOf(job.checkpoint.artefact));
      return await keepTrained(artefacts, job, meanWords);
    },
    close: () => Promise.resolve(),
    sample: async (job, onEvent, signal) => {
      options.onJob?.("sample", job.engine);
      options.onSample?.(job);
      const meanWords = await meanWordsOf(job.policy);
      for (const one of job.units) {
        await nextTurn();
        if (signal.aborted) throw new CancelledError();
        await unit("sample");
        if (isTooLong(one)) {
          onEvent({
            kind: "skipped",
            unit: { promptId: one.promptId, sampleIndex: one.sampleIndex, reason: "the prompt is longer than the context" },
          });
        } else {
          const own = respond(one, job, meanWords);
          const answer = options.answer?.(one, job);
          const response = answer === undefined ? own : { ...own, text: answer };
          if (job.isWatched === true) {
            const words = response.text.split(" ").slice(0, 2);
            onEvent({ kind: "partial", promptId: one.promptId, sampleIndex: one.sampleIndex, text: words.join(" "), tokenCount: words.length });
          }
          onEvent({ kind: "sampled", response });
        }
      }
    },
    measurePrecision: (job) => {
      options.onMeasure?.(job);
      if (job.units.every(isTooLong)) return Promise.resolve(null);
      return Promise.resolve(options.precision ?? { gapNats: 0.01, distanceNats: job.reference === null ? null : 0.2, tokenCount: 100 });
    },
    score: async ({ policy, units, engine }) => {
      options.onJob?.("score", engine);
      const logp = logpOf(await meanWordsOf(policy));
      return units.map((one) => ({ responseId: one.responseId, tokenLogps: one.tokenIds.map(() => logp) }));
    },
    scoreTexts: async ({ policy, texts }) => {
      const logp = logpOf(await meanWordsOf(policy));
      return texts.map((text) => tokensOf(text).map(() => logp));
    },
    train: (job, onEvent, signal) => {
      options.onJob?.("train", job.engine);
      options.onTrain?.(job);
      return train(job, onEvent, signal, { artefacts, unit, startMeanWords: meanWordsOf(job.policy) });
    },
  };
}

type TrainParts = { readonly artefacts: ArtefactStore; readonly unit: (kind: "step") => Promise<void>; readonly startMeanWords: Promise<number> };

async function train(
  job: TrainJob,
  onEvent: Parameters<Engine["train"]>[1],
  signal: AbortSignal,
  { artefacts, unit, startMeanWords }: TrainParts,
): Promise<Awaited<ReturnType<Engine["train"]>>> {
  const { batchSize, epochs, checkpointEverySteps } = job.settings;
  const stepsAnEpoch = Math.ceil(job.pairs.length / batchSize);
  const stepCount = stepsAnEpoch * epochs;
  let meanWords = await startMeanWords;
  let step = 0;
  if (job.resumeFrom !== null) ({ step, meanWords } = readState(await artefacts.pathOf(job.resumeFrom.artefact)));
  onEvent({ kind: "started", stepCount, pairCount: job.pairs.length, heldOutCount: job.heldOutPairs?.length ?? 0, droppedPairs: [] });
  job.pairs.forEach((_pair, i) => {
    onEvent({ kind: "referenceScored", done: i + 1, total: job.pairs.length });
  });
  const keep = async (): Promise<void> => {
    const folder = await artefacts.scratch();
    writeFileSync(join(folder, "state.json"), JSON.stringify({ step, meanWords }));
    onEvent({ kind: "checkpoint", step, artefact: await artefacts.put("trainingCheckpoint", folder) });
  };
  while (step < stepCount) {
    await nextTurn();
    if (signal.aborted) {
      if (step > 0) await keep();
      throw new CancelledError();
    }
    await unit("step");
    const start = (step % stepsAnEpoch) * batchSize;
    const batch = job.pairs.slice(start, start + batchSize);
    const gap = batch.reduce((sum, pair) => sum + pair.chosenTokenIds.length - pair.rejectedTokenIds.length, 0) / batch.length;
    meanWords = Math.max(1, meanWords + Math.sign(gap));
    step += 1;
    const isCheckpoint = step % checkpointEverySteps === 0;
    // On pairs that it has not seen it is at its best after the second step.
    const heldOut = isCheckpoint && (job.heldOutPairs ?? []).length > 0 ? { eval_loss: 0.6 + Math.abs(step - 2) / 10 } : {};
    onEvent({ kind: "step", step, values: { loss: Math.LN2 / step, "rewards/margins": Math.abs(gap), ...heldOut } });
    if (isCheckpoint && step < stepCount) await keep();
  }
  return { trained: await keepTrained(artefacts, job, meanWords), stepCount };
}

async function keepTrained(
  artefacts: ArtefactStore,
  { policy, settings, baseModelName }: Pick<TrainJob, "policy" | "baseModelName"> & { readonly settings: CheckpointJob["settings"] },
  meanWords: number,
): Promise<TrainedWeights> {
  const folder = await artefacts.scratch();
  if (settings.trains === "adapter") {
    writeAdapter(folder, { meanWords, ...settings.adapter, baseModelName });
    return { kind: "adapter", artefact: await artefacts.put("adapter", folder) };
  }
  if (policy.adapterHash !== null) throw new Error("expected an adapter to be merged before all weights are trained");
  writeCheckpoint(folder, policy.checkpointHash, meanWords);
  return { kind: "checkpoint", artefact: await artefacts.put("export", folder) };
}

function respond(unit: SampleUnit, job: SampleJob, meanWords: number): SampledResponse {
  const prompt = unit.messages.map((message) => message.content).join("\n");
  const rng = rngFor(job.settings.temperature === 0 ? 0 : unit.seed, "fake", prompt);
  const wanted = 1 + Math.floor(rng.next() * 2 * meanWords);
  const words = Array.from({ length: wanted }, () => VOCABULARY[rng.below(VOCABULARY.length)] ?? "");
  const kept = words.slice(0, job.settings.maxNewTokens);
  const isCut = kept.length < words.length;
  return {
    promptId: unit.promptId,
    sampleIndex: unit.sampleIndex,
    text: kept.join(" "),
    tokenIds: isCut ? tokensOf(kept.join(" ")).slice(0, -1) : tokensOf(kept.join(" ")),
    finishReason: isCut ? "length" : "endOfText",
    logp: -2.5 * kept.length,
    isRepetitive: false,
  };
}

/** The further a policy has moved from the first, the less likely it finds anything. */
function logpOf(meanWords: number): number {
  return -1 - Math.abs(meanWords - FIRST_MEAN_WORDS) / 100;
}

/** One token a word, and the end of text. */
function tokensOf(text: string): number[] {
  return [...text.split(" ").map((word) => 1 + Math.max(0, VOCABULARY.indexOf(word))), END_OF_TEXT];
}

function recordOf(path: string): CheckpointRecord {
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        .sort()
        .map((name) => join(path, name))
    : [path];
  const digest = createHash("sha256");
  for (const file of files) digest.update(readFileSync(file));
  const hash = digest.digest("hex") as ContentHash;
  if (files.length === 0) throw new DataError(`expected a checkpoint in ${path}, found no files`);
  return {
    hash,
    path,
    family: "fake",
    parameterCount: 135_000_000,
    sizeBytes: files.reduce((sum, file) => sum + statSync(file).size, 0),
    modifiedAtMs: Math.max(...files.map((file) => Math.floor(statSync(file).mtimeMs))),
    headerHash: hash,
  };
}

function writeCheckpoint(folder: string, from: ContentHash, meanWords: number): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "model.safetensors"), `${from} for ${meanWords} words`);
}

/** The mean length that a checkpoint has learnt; one that no training made has the first. */
function readCheckpoint(path: string): number {
  const file = join(path, "model.safetensors");
  const learnt = existsSync(file) ? / for (.+) words$/u.exec(readFileSync(file, "utf8"))?.[1] : undefined;
  return learnt === undefined ? FIRST_MEAN_WORDS : Number(learnt);
}

type FakeAdapter = Awaited<ReturnType<Engine["inspectAdapter"]>> & { readonly meanWords: number };

export function writeAdapter(
  folder: string,
  adapter: Partial<AdapterSettings> & { readonly meanWords: number; readonly baseModelName: string | null },
): void {
  const { rank, alpha, targets } = adapterSettingsSchema.parse({ rank: adapter.rank, alpha: adapter.alpha, targets: adapter.targets });
  const config = { peft_type: "LORA", r: rank, lora_alpha: alpha, target_modules: targets, base_model_name_or_path: adapter.baseModelName };
  writeFileSync(join(folder, "adapter_config.json"), JSON.stringify(config));
  writeFileSync(join(folder, "adapter_model.safetensors"), String(adapter.meanWords));
}

function readAdapter(folder: string): FakeAdapter {
  const config = JSON.parse(readFileSync(join(folder, "adapter_config.json"), "utf8")) as Record<string, unknown>;
  return {
    rank: Number(config["r"]),
    alpha: Number(config["lora_alpha"]),
    targets: (config["target_modules"] as readonly unknown[]).map(String),
    baseModelName: typeof config["base_model_name_or_path"] === "string" ? config["base_model_name_or_path"] : null,
    meanWords: Number(readFileSync(join(folder, "adapter_model.safetensors"), "utf8")),
  };
}

function readState(folder: string): { readonly step: number; readonly meanWords: number } {
  return JSON.parse(readFileSync(join(folder, "state.json"), "utf8")) as { readonly step: number; readonly meanWords: number };
}
