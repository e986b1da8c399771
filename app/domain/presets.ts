/** Settings that belong together, to begin an experiment from. */

export type Preset = {
  readonly name: string;
  readonly summary: string;
  /** Laid over the defaults; what is set by hand goes over it. */
  readonly settings: Readonly<Record<string, unknown>>;
};

export const PRESETS: readonly Preset[] = [
  {
    name: "paper",
    summary: "DNO section 5.1: five samples and the teacher scored side by side from 0 to 6, all pairs by the paper's rule, old pairs replayed",
    settings: {
      sampling: { responsesPerPrompt: 5, temperature: 0.7, topP: 0.95 },
      judging: { mode: "listwise" },
      pairs: { kind: "paper", minChosenScore: 5, minGapTeacher: 2, minGapPolicy: 1 },
      replay: { share: 0.3, decay: 0.5, of: "newPairs" },
    },
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
