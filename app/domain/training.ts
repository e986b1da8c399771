/** Settings of a training run and the records it leaves. */
import * as z from "zod";
import type { AttemptId, ContentHash } from "#app/base/ids.ts";
import { lossSettingsSchema } from "./loss.ts";

export const adapterSettingsSchema = z.strictObject({
  rank: z.int().min(1).max(512).default(16),
  /** The adapter's output is scaled by alpha / rank. */
  alpha: z.number().gt(0).default(32),
  targets: z
    .array(z.enum(["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]))
    .min(1)
    .default(["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]),
});
export type AdapterSettings = Readonly<z.infer<typeof adapterSettingsSchema>>;

/** Older configurations name the loss by a word, with its beta beside it; a word alone is the loss with its defaults. */
function withLossAsObject(settings: unknown): unknown {
  if (typeof settings !== "object" || settings === null || Array.isArray(settings)) return settings;
  const { loss = "dno-prct", beta, ...rest }: { readonly loss?: unknown; readonly beta?: unknown } = settings;
  if (typeof loss !== "string") return settings;
  return { ...rest, loss: { kind: loss, ...(beta === undefined ? {} : { beta }) } };
}

const ADAPTER_LEARNING_RATE = 5e-5;
const ALL_WEIGHTS_LEARNING_RATE = 1e-6;

/** What is usual depends on what is trained. */
function withUsualRate(settings: unknown): unknown {
  if (typeof settings !== "object" || settings === null || Array.isArray(settings)) return settings;
  const { trains }: { readonly trains?: unknown } = settings;
  return trains === "allWeights" ? { learningRate: ALL_WEIGHTS_LEARNING_RATE, ...settings } : settings;
}

const currentSettingsSchema = z.strictObject({
  loss: lossSettingsSchema,
  /** Weight of the mean token negative log-likelihood of the chosen response. */
  sftWeight: z.number().min(0).default(0),
  /** adapter: low-rank factors beside the checkpoint. allWeights: every weight, which makes a checkpoint of its own. */
  trains: z.enum(["adapter", "allWeights"]).default("adapter"),
  /** Without effect where all weights are trained. */
  adapter: adapterSettingsSchema.prefault({}),
  /** 5e-5 for an adapter and 1e-6 for all weights, which move together and must move less. */
  learningRate: z.number().gt(0).default(ADAPTER_LEARNING_RATE),
  schedule: z.enum(["constant", "linear", "cosine"]).default("linear"),
  /** Share of all steps over which the learning rate rises from 0. */
  warmupShare: z.number().min(0).max(1).default(0.1),
  adamBeta1: z.number().min(0).lt(1).default(0.9),
  adamBeta2: z.number().min(0).lt(1).default(0.999),
  adamEpsilon: z.number().gt(0).default(1e-8),
  weightDecay: z.number().min(0).default(0),
  /** Gradients are scaled so that their global norm is at most this; 0 switches clipping off. */
  maxGradNorm: z.number().min(0).default(1),
  epochs: z.int().min(1).max(100).default(1),
  /** Pairs a step. */
  batchSize: z.int().min(1).default(16),
  /**
   * Pairs a run of the graph; the gradients of batchSize / microBatchSize runs are summed. More than one takes as much
   * more memory, and gains time only with short pairs or where a device would idle.
   */
  microBatchSize: z.int().min(1).max(64).default(1),
  /**
   * Keep what lies between the layers alone and compute each layer again for its gradients: the same numbers in a
   * fraction of the memory and about a third more time.
   */
  recompute: z.boolean().default(false),
  /** Prompt plus the longer response, in tokens; longer prompts are dropped and counted, longer responses are cut. */
  maxLength: z.int().min(16).default(1024),
  /**
   * Share of the prompts whose pairs are never trained on but measured at each checkpoint. Without effect where it comes to
   * fewer than ten of the training prompts; not measured in a round that has pairs of fewer.
   */
  heldOutShare: z.number().min(0).max(0.5).default(0.1),
  /** A durable checkpoint every so many steps. */
  checkpointEverySteps: z.int().min(1).default(10),
  /**
   * Once a run is done and its policy made, so many of its checkpoints stay: the best, then the newest. "all" removes none.
   * While a run can go on from them all stay.
   */
  keepCheckpoints: z.union([z.int().min(1), z.literal("all")]).default(1),
});

export const trainingSettingsSchema = z.preprocess((settings) => withUsualRate(withLossAsObject(settings)), currentSettingsSchema);
export type TrainingSettings = Readonly<z.infer<typeof trainingSettingsSchema>>;

/** One step's numbers under TRL's names (loss, rewards/chosen, rewards/margins, logps/chosen, learning_rate, ...). */
export type MetricRow = {
  readonly attemptId: AttemptId;
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
};

/** A durable point of a training run: adapter factors, optimizer state, data position, in the artefact store. */
export type TrainingCheckpoint = {
  readonly attemptId: AttemptId;
  readonly step: number;
  readonly artefact: ContentHash;
};
