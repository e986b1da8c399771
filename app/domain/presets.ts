/** Settings that belong together, to begin an experiment from. */
import { presetWords as words } from "#app/text/presets.ts";

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
    summary: words.paper,
    settings: { ...PAPER, replay: PAPER_REPLAY },
  },
  {
    name: "restrictive",
    summary: words.restrictive,
    settings: { ...PAPER, pairs: { kind: "restrictive", ...PAPER_THRESHOLDS }, replay: PAPER_REPLAY },
  },
  {
    name: "spin",
    summary: words.spin,
    settings: { sampling: PAPER_SAMPLING, pairs: { kind: "spin" }, training: { loss: { kind: "spin" } }, replay: PAPER_REPLAY },
  },
  {
    name: "offline-dpo",
    summary: words["offline-dpo"],
    settings: { pairs: { kind: "imported", minScoreGap: 1 }, training: { loss: { kind: "dpo" }, epochs: 4 } },
  },
  {
    name: "sampled-dpo",
    summary: words["sampled-dpo"],
    settings: { ...PAPER, training: { loss: { kind: "dpo" }, epochs: 4 } },
  },
  {
    name: "sft-positives",
    summary: words["sft-positives"],
    settings: { ...PAPER, training: { loss: { kind: "sft" }, epochs: 4 } },
  },
  {
    name: "duels",
    summary: words.duels,
    settings: {
      judging: { mode: "pairwise", comparisonsPerPrompt: 0, bothOrders: true },
      pairs: { kind: "winRateMargin", opponents: "vsPolicy" },
    },
  },
];
