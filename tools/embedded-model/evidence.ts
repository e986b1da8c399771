/** Step 8 in pure functions: what many runs of the demo came to, as a record. */
import type { AnswerCircles } from "#app/statistics/answer-circles.ts";
import { meanOf } from "#app/statistics/mean-score.ts";
import { twoSidedQuantile } from "#app/statistics/normal.ts";
import type { ResultDraft } from "#tools/results/record.ts";

/** Named before the first run; none is left out. */
export const SEEDS = Array.from({ length: 40 }, (_, i) => i + 1);
export const EVIDENCE_ORACLES = ["happy-ending", "random", "cycle"] as const;
export type EvidenceOracle = (typeof EVIDENCE_ORACLES)[number];
export const HELD_OUT = 200;

export type EvidenceRun = {
  readonly oracle: EvidenceOracle;
  readonly seed: number;
  /** Of round two over the first policy. */
  readonly winRate: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
  readonly meanLength: number;
  readonly firstMeanLength: number;
  /** What the lab recommends: only `improved` claims progress. */
  readonly verdict: string;
  readonly headline: string;
  /** Rings of policies whose every duel is clear. */
  readonly clearCycles: number;
  /** Circles in the verdicts on answers to one prompt, as the lab reports them: `noScore` says that preferences go round. */
  readonly circles: Pick<AnswerCircles, "verdict" | "circular" | "drawnIn">;
  readonly seconds: number;
};

type Reading = { readonly asked: string; readonly found: string };

export function evidenceDraft(runs: readonly EvidenceRun[]): ResultDraft {
  const expected = SEEDS.length * EVIDENCE_ORACLES.length;
  const isWhole = runs.length === expected;
  const readings = EVIDENCE_ORACLES.map((oracle) => ({ oracle, some: runs.filter((run) => run.oracle === oracle) })).filter(
    ({ some }) => some.length > 0,
  );
  return {
    section: "Learning",
    title: "The embedded model learns what a script prefers, and nothing where there is nothing to learn",
    summary: `${isWhole ? "All" : "INCOMPLETE:"} ${runs.length} of ${expected} runs${isWhole ? "" : "; none that was made is left out, and the rest is still to be run"}. Each is two rounds with the demo's settings and an experiment's seed of its own, measured on ${HELD_OUT} held-out prompts.`,
    commands: ["node tools/embedded-model/measure-evidence.ts"],
    sources: [
      "resources/demo",
      "resources/embedded-model",
      "app/training",
      "app/preferences",
      "app/statistics",
      "main/engine",
      "tools/embedded-model/evidence.ts",
      "tools/embedded-model/measure-evidence.ts",
    ],
    tables: [
      {
        columns: ["oracle", "seeds run", "asked", "found"],
        rows: readings.flatMap(({ oracle, some }) =>
          readingsOf(oracle, some).map(({ asked, found }) => [oracle, `${some.length} of ${SEEDS.length}`, asked, found]),
        ),
      },
      {
        columns: [
          "oracle",
          "seed",
          "win rate of round 2 over r0, %",
          "interval",
          "characters",
          "characters of r0",
          "verdict",
          "circular triples, %",
          "of triples",
          "fourth drawn in, %",
          "of circles with a fourth",
          "circles",
          "s",
        ],
        rows: [...runs]
          .sort((a, b) => EVIDENCE_ORACLES.indexOf(a.oracle) - EVIDENCE_ORACLES.indexOf(b.oracle) || a.seed - b.seed)
          .map((run) => [
            run.oracle,
            run.seed,
            percent(run.winRate),
            `${percent(run.low)}–${percent(run.high)}`,
            Math.round(run.meanLength),
            Math.round(run.firstMeanLength),
            run.verdict,
            ...shareCells(run.circles.circular),
            ...shareCells(run.circles.drawnIn),
            run.circles.verdict,
            Math.round(run.seconds),
          ]),
      },
    ],
    notes: [
      `Circles are among the answers that were compared in training, of both rounds. A score explains at most 25 % of circular triples, and at most 75 % of circles into which a fourth answer is drawn; the cycle is reported where an interval lies above (docs/math.md). Within one class of the cyclic script a coin decides, so that circular triples come to no more than a coin's and the fourth answers tell.`,
      "The interval of a mean over seeds is normal, of the seeds' own spread. A tie counts one half: where r0 pleases the script in a share p of its stories, no policy can win more than 1 − p/2 against it.",
    ],
  };
}

function readingsOf(oracle: EvidenceOracle, runs: readonly EvidenceRun[]): readonly Reading[] {
  const claims = runs.filter(({ verdict }) => verdict === "improved" || verdict === "worse").length;
  const aside = runs.filter(({ low, high }) => low > 0.5 || high < 0.5).length;
  const mean = meanOf(runs.map(({ winRate }) => winRate));
  const reported = runs.filter(({ circles }) => circles.verdict === "noScore").length;
  const found = `mean win rate ${percent(mean)} %${intervalText(runs.map(({ winRate }) => winRate))}`;
  switch (oracle) {
    case "happy-ending": {
      const above = runs.filter(({ winRate }) => winRate > 0.5).length;
      const lengths = runs.map(({ meanLength, firstMeanLength }) => meanLength / firstMeanLength);
      return [
        { asked: "mean win rate with its interval above 50 %", found },
        { asked: "at least 36 of 40 seeds above 50 %", found: `${above} of ${runs.length}` },
        {
          asked: "mean length within 20 %",
          found: `${signed(meanOf(lengths) - 1)} %; seed by seed from ${signed(Math.min(...lengths) - 1)} to ${signed(Math.max(...lengths) - 1)} %`,
        },
      ];
    }
    case "random":
      return [
        {
          asked: "at most 5 of 40 seeds claim a change",
          found: `${claims} of ${runs.length}; the interval over r0 leaves 50 % in ${aside} of ${runs.length}; ${found}`,
        },
        { asked: "no cycle is reported", found: `${reported} of ${runs.length} report one` },
      ];
    case "cycle": {
      const improved = runs.filter(({ verdict }) => verdict === "improved").length;
      const cycles = runs.filter(({ clearCycles }) => clearCycles > 0).length;
      return [
        {
          asked: "the cycle is reported",
          found: `${reported} of ${runs.length}, by verdicts on answers that no score explains; ${cycles} show a clear ring of policies after two rounds`,
        },
        { asked: "no progress claimed", found: `${improved} of ${runs.length} claim it; ${found}` },
      ];
    }
    default:
      return oracle satisfies never;
  }
}

function shareCells({ cases, share, low, high }: AnswerCircles["circular"]): readonly string[] {
  return cases === 0 ? ["–", "0"] : [`${percent(share)} (${percent(low)}–${percent(high)})`, String(cases)];
}

function intervalText(values: readonly number[]): string {
  if (values.length < 2) return "";
  const mean = meanOf(values);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  const half = twoSidedQuantile(0.95) * Math.sqrt(variance / values.length);
  return ` (95 % interval ${percent(mean - half)}–${percent(mean + half)})`;
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}

function signed(share: number): string {
  return `${share < 0 ? "−" : "+"}${percent(Math.abs(share))}`;
}
