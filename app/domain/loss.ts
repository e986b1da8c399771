/** The losses that a training run may descend: each with its settings and their defaults, and when to use it. */
import * as z from "zod";
import { lossWords } from "#app/text/losses.ts";

/** The weight on log-ratios (without a reference: on log-probabilities). Its scale differs from loss to loss. */
const beta = (usual: number) => z.number().gt(0).default(usual);

/** Multiplies expected win rates before they become soft targets; 1 is the DNO paper's Algorithm 1. */
const rewardScale = z.number().gt(0).default(1);

/** The first policy's share in the reference, τ/η: log-probabilities are mixed, (1 − share) of the round's policy. */
const firstPolicyShare = z
  .number()
  .gt(0)
  .max(1)
  .default(1 / 3);

/** The share of pairs whose sides are taken to be the wrong way round. */
const labelNoise = z.number().min(0).lt(0.5).default(0.1);

export const lossSettingsSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("dno-prct"), beta: beta(0.1) }),
  z.strictObject({ kind: z.literal("dno"), beta: beta(0.1), rewardScale }),
  z.strictObject({ kind: z.literal("regularised-dno-1"), beta: beta(0.1), rewardScale, firstPolicyShare }),
  z.strictObject({ kind: z.literal("regularised-dno-2"), beta: beta(0.1), rewardScale, firstPolicyShare }),
  z.strictObject({ kind: z.literal("dpo"), beta: beta(0.1) }),
  z.strictObject({ kind: z.literal("ipo-summed"), beta: beta(0.1) }),
  z.strictObject({ kind: z.literal("ipo-token-averaged"), beta: beta(0.1) }),
  z.strictObject({ kind: z.literal("hinge"), beta: beta(0.1) }),
  z.strictObject({ kind: z.literal("cdpo"), beta: beta(0.1), labelNoise }),
  z.strictObject({ kind: z.literal("robust"), beta: beta(0.1), labelNoise }),
  z.strictObject({ kind: z.literal("length-normalised"), beta: beta(5) }),
  z.strictObject({ kind: z.literal("sppo"), beta: beta(0.001) }),
  z.strictObject({ kind: z.literal("sppo-hard"), beta: beta(0.001) }),
  z.strictObject({ kind: z.literal("inpo"), beta: beta(0.005), firstPolicyShare }),
  z.strictObject({
    kind: z.literal("kto"),
    beta: beta(0.1),
    desirableWeight: z.number().min(0).default(1),
    undesirableWeight: z.number().min(0).default(1),
  }),
  /** `gammaRatio`: the margin in units of beta, γ/β, a difference of mean log-probabilities. */
  z.strictObject({ kind: z.literal("simpo"), beta: beta(2.5), gammaRatio: z.number().min(0).default(0.55) }),
  z.strictObject({ kind: z.literal("orpo"), beta: beta(0.1) }),
  z.strictObject({ kind: z.literal("spin"), beta: beta(0.1) }),
  z.strictObject({ kind: z.literal("sft") }),
]);
export type LossSettings = Readonly<z.infer<typeof lossSettingsSchema>>;
export type LossKind = LossSettings["kind"];
export type LossSettingsOf<Kind extends LossKind> = Extract<LossSettings, { readonly kind: Kind }>;

/** One line on when to use each loss. */
export const lossUses: { readonly [Kind in LossKind]: string } = lossWords.uses;

/** In the order of the table. */
export const LOSS_KINDS = Object.keys(lossUses) as readonly LossKind[]; // the table's own keys, which the compiler knows to be complete
