/** The losses that a training run may descend: each with its settings and their defaults, and when to use it. */
import * as z from "zod";

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
export const lossUses: { readonly [Kind in LossKind]: string } = {
  "dno-prct": "The default: pairs with a clear preference margin, sampled by the policy that is trained.",
  dno: "Algorithm 1 of the DNO paper: pairs of any margin, where win rates come from several judged comparisons a response.",
  "regularised-dno-1": "Preferences cycle and the policies of the rounds spiral: the pull to the first policy lets the last one settle.",
  "regularised-dno-2":
    "As option 1 with responses sampled from the mixed policy and win rates against it; for pairs made elsewhere, the lab samples from the round's policy.",
  dpo: "A control: one round on given pairs, held near the first policy throughout.",
  "ipo-summed": "Judgments that are nearly always unanimous: the aim is a log-ratio gap of 1/(2 beta) nats and no more.",
  "ipo-token-averaged": "As ipo-summed where responses differ much in length; the aim is 1/(2 beta) nats a token, beta is another scale.",
  hinge: "Pairs that are already 1/beta nats apart shall be left alone.",
  cdpo: "A known share of the judgments is wrong, and a cautious policy is wanted: the aim is a finite gap.",
  robust: "A known share of the judgments is wrong, and the loss shall be right on average in spite of it.",
  "length-normalised": "The policy learns to write longer or shorter than it should: rewards count per token.",
  sppo: "Win rates from several judged comparisons a response; each response is moved by its own win rate, so the chosen one is not let fall.",
  "sppo-hard": "As sppo with a single verdict a pair and no win rates.",
  inpo: "Preferences cycle, verdicts are single: the squared form of regularised-dno-1.",
  kto: "Chosen responses are good and rejected ones bad in themselves, or the two kinds shall weigh differently.",
  simpo: "Memory or time forbid a reference: it drifts freely, so keep the learning rate low.",
  orpo: "From a base model in one go, without a reference: chosen responses are imitated and preferred at once.",
  spin: "No judge at all: with the pair rule spin the teacher's response is chosen over each of the policy's own.",
  sft: "A control, or a first round: imitates the chosen responses, the rejected ones do not count.",
};

/** In the order of the table. */
export const LOSS_KINDS = Object.keys(lossUses) as readonly LossKind[]; // the table's own keys, which the compiler knows to be complete
