/** Settings that belong together, to begin an experiment from. */

export type Preset = {
  readonly name: string;
  readonly summary: string;
  /** Laid over the defaults; what is set by hand goes over it. */
  readonly settings: Readonly<Record<string, unknown>>;
};

const PAPER_SAMPLING = { responsesPerPrompt: 5, temperature: 0.7, topP: 0.95 };
const PAPER_THRESHOLDS = { minChosenScore: 5, minGapTeacher: 2, minGapPolicy: 1 };
const PAPER_REPLAY = { share: 0.3, decay: 0.5, of: "newPairs" };
const PAPER = { sampling: PAPER_SAMPLING, judging: { mode: "listwise" }, pairs: { kind: "paper", ...PAPER_THRESHOLDS } };

export const PRESETS: readonly Preset[] = [
  {
    name: "paper",
    summary: "DNO section 5.1: five samples and the teacher scored side by side from 0 to 6, all pairs by the paper's rule, old pairs replayed",
    settings: { ...PAPER, replay: PAPER_REPLAY },
  },
  {
    name: "restrictive",
    summary: "DNO-Restrictive: as paper, but only the teacher's response may be chosen",
    settings: { ...PAPER, pairs: { kind: "restrictive", ...PAPER_THRESHOLDS }, replay: PAPER_REPLAY },
  },
  {
    name: "spin",
    summary: "SPIN: nobody judges; the teacher's response is chosen over each of the policy's own",
    settings: { sampling: PAPER_SAMPLING, pairs: { kind: "spin" }, training: { loss: { kind: "spin" } }, replay: PAPER_REPLAY },
  },
  {
    name: "offline-dpo",
    summary:
      "a control of one round: DPO on preferences that came with the prompts, their scores at least 1 apart, four epochs; nothing is sampled or judged for them",
    settings: { pairs: { kind: "imported", minScoreGap: 1 }, training: { loss: { kind: "dpo" }, epochs: 4 } },
  },
  {
    name: "sampled-dpo",
    summary: "the same where no preferences came along: the first policy's responses and the teacher's, paired as in paper",
    settings: { ...PAPER, training: { loss: { kind: "dpo" }, epochs: 4 } },
  },
  {
    name: "sft-positives",
    summary: "a control of one round: imitates the chosen responses of paper's pairs, four epochs",
    settings: { ...PAPER, training: { loss: { kind: "sft" }, epochs: 4 } },
  },
  {
    name: "duels",
    summary: "Algorithm 1: each response against each other in both orders, pairs by expected win rate",
    settings: {
      judging: { mode: "pairwise", comparisonsPerPrompt: 0, bothOrders: true },
      pairs: { kind: "winRateMargin", opponents: "vsPolicy" },
    },
  },
];
