/** The result as records of docs/results: one for each of its three tables. */
import type { DuelView, ResultOverview } from "#app/contract/result-views.ts";
import type { ResultDraft } from "../results/record.ts";
import { type PolicyTexts, type RoundFacts } from "./measure.ts";
import type { PairedDifference } from "./paired.ts";
import type { PlannedExperiment } from "./settings.ts";
import type { TuningLine } from "./tuning-log.ts";

/** What was expected before the first run. */
export const EXPECTED = { winRate: 0.65, low: 0.55, lengthChange: 0.2 } as const;

const SOURCES = [
  "app/training",
  "app/models",
  "app/decoding",
  "app/preferences",
  "app/statistics",
  "app/judging",
  "main/engine",
  "tools/result",
  "resources/prompts",
];
const COMMAND = "node tools/run.cjs result FOLDER --scale full";
const FIRST_POLICY = "r0 is SmolLM2-135M-Instruct's Q4_1 file (docs/models.md), whose weights had been rounded to four bits, opened as float32.";

export type OwnFacts = {
  readonly planned: PlannedExperiment;
  readonly overview: ResultOverview;
  readonly validation: ResultOverview;
  readonly rounds: readonly RoundFacts[];
  readonly texts: ReadonlyMap<string, PolicyTexts>;
  /** What was tried on validation before. */
  readonly tried: readonly TuningLine[];
  readonly notes: readonly string[];
};

/** Throws Error where the newest policy and the first have not met. */
export function ownDraft(facts: OwnFacts): ResultDraft {
  const { planned, overview, validation, rounds, tried, notes } = facts;
  const newest = `r${planned.rounds}`;
  const duel = duelOf(overview, newest, "r0");
  return {
    section: "Learning",
    title: "The result: two rounds of DNO on SmolLM2-135M-Instruct, our own prompts",
    summary: `${outcome(duel)}: ${asExpected(duel)}. ${overview.prompts} test prompts, looked at ${overview.testLooks === 1 ? "once" : `${overview.testLooks} times`}; the oracle is the rubric of docs/scripted-oracles.md that the policies were trained with, of whose answers one in ten is the wrong way round.`,
    commands: ["node tools/run.cjs fetch-smollm2", COMMAND],
    sources: SOURCES,
    figure: {
      title: "Win rates with 95 % intervals, round by round",
      rows: [...roundRates("validation", validation, planned.rounds), ...roundRates("test", overview, planned.rounds)],
    },
    tables: [
      duelTable(overview, [
        [newest, "r0"],
        ["r1", "r0"],
        [newest, "r1"],
      ]),
      policyTable(overview, facts.texts),
      traitTable(facts.texts),
      {
        columns: ["on validation", "against", "n", "win rate", "95 % interval"],
        rows: validation.duels.map((duel) => [duel.first, duel.second, duel.n, percent(duel.winRate), interval(duel)]),
      },
      ...watchTables(validation),
      ...triedTables(tried),
      stageTable(rounds),
    ],
    notes: [
      "Settings: tools/result/settings.json. Oracle, prompts, splits and seed were fixed before the first run; pair rule, shards and learning rate were chosen on the validation prompts.",
      FIRST_POLICY,
      ...notes,
    ],
  };
}

export type AlpacaFacts = Pick<OwnFacts, "overview" | "texts" | "notes"> & { readonly trained: string };

export function alpacaDraft({ trained, overview, texts, notes }: AlpacaFacts): ResultDraft {
  return {
    section: "Learning",
    title: "The result's policy on AlpacaEval's prompts",
    summary: `${outcome(duelOf(overview, trained, "r0"))}. "${trained}" is the second round's policy. ${overview.prompts} prompts that neither training nor tuning saw, of another kind than ours; the same oracle.`,
    commands: [`${COMMAND} --table alpaca-eval --alpaca-eval FILE`],
    sources: SOURCES,
    tables: [duelTable(overview, [[trained, "r0"]]), policyTable(overview, texts)],
    notes: [
      "AlpacaEval's instructions are CC BY-NC 4.0 and not in this repository; FILE is its JSON. These are not AlpacaEval's win rates: judge and opponent are ours.",
      FIRST_POLICY,
      ...notes,
    ],
  };
}

export type ArmFacts = {
  readonly planned: PlannedExperiment;
  readonly overview: ResultOverview;
  readonly texts: ReadonlyMap<string, PolicyTexts>;
  readonly pairs: number;
  readonly steps: number;
  /** To DNO; null for DNO itself. */
  readonly paired: PairedDifference | null;
};

export function armsDraft(arms: readonly ArmFacts[], notes: readonly string[]): ResultDraft {
  return {
    section: "Learning",
    title: "The paper's arms on the same prompts and budget",
    summary:
      "Each arm samples five responses to each of the 300 training prompts once, from the first policy (offline DPO, fine-tuning) or half of them in each of two rounds, and passes once over at most one pair of each prompt, drawn from those that its rule makes; a second round replays pairs of the first, as in the paper. All have the same teacher's responses, written for this project. Differences to DNO are paired by prompt, and their intervals hold together.",
    commands: [`${COMMAND} --table arms`],
    sources: SOURCES,
    figure: {
      title: "Win rates against the first policy with 95 % intervals",
      rows: arms.map(({ planned, overview }) => rateRow(planned.title, duelOf(overview, `r${planned.rounds}`, "r0"))),
    },
    tables: [
      {
        columns: [
          "arm",
          "pairs",
          "steps",
          "win rate against r0",
          "95 % interval",
          "at equal lengths",
          "less DNO's",
          "95 % interval",
          "length to r0's",
          "finished",
          "distinct-3",
        ],
        rows: arms.map(({ planned, overview, texts, pairs, steps, paired }) => {
          const newest = `r${planned.rounds}`;
          const duel = duelOf(overview, newest, "r0");
          const player = overview.players.find((one) => one.name === newest);
          return [
            planned.title,
            pairs,
            steps,
            percent(duel.winRate),
            interval(duel),
            controlled(duel),
            paired === null ? "" : points(paired.difference),
            paired === null ? "" : `${points(paired.low)} to ${points(paired.high)}`,
            signedPercent(duel.meanLength / duel.opponentMeanLength - 1),
            player === undefined ? "" : percent(player.traits.finishedShare),
            share(texts.get(newest)?.distinctTriples ?? null),
          ];
        }),
      },
    ],
    notes: [
      "DNO here has the teacher among its candidates and the paper's rule of pairs, so it is another policy than that of the first table.",
      FIRST_POLICY,
      ...notes,
    ],
  };
}

function outcome(duel: DuelView): string {
  const { first, second, winRate, n, won, tied, lost } = duel;
  const rate = `${percent(winRate)} (95 % interval ${interval(duel)}; of ${n} prompts ${won} won, ${tied} tied, ${lost} lost; at equal lengths ${controlled(duel)})`;
  return `${first}'s win rate against ${second} is ${rate}, the mean length changed by ${signedPercent(lengthChange(duel))}`;
}

function asExpected(duel: DuelView): string {
  const conditions = [
    { name: "win rate", isMet: duel.winRate >= EXPECTED.winRate },
    { name: "interval", isMet: duel.low > EXPECTED.low },
    { name: "length", isMet: Math.abs(lengthChange(duel)) <= EXPECTED.lengthChange },
  ];
  const named = (isMet: boolean): string =>
    conditions
      .filter((condition) => condition.isMet === isMet)
      .map(({ name }) => name)
      .join(" and ");
  const expected = `at least ${percent(EXPECTED.winRate)} with the interval above ${percent(EXPECTED.low)} and the mean length within ${percent(EXPECTED.lengthChange)}`;
  const [met, missed] = [named(true), named(false)];
  const outcome = missed === "" ? "as expected" : met === "" ? "not as expected" : `${met} as expected, ${missed} not`;
  return `${outcome} (expected were ${expected})`;
}

function lengthChange({ meanLength, opponentMeanLength }: DuelView): number {
  return meanLength / opponentMeanLength - 1;
}

/** As seen from `first`, whichever way round it is stored. */
export function duelOf(overview: ResultOverview, first: string, second: string): DuelView {
  const straight = overview.duels.find((duel) => duel.first === first && duel.second === second);
  if (straight !== undefined) return straight;
  const turned = overview.duels.find((duel) => duel.first === second && duel.second === first);
  if (turned === undefined) throw new Error(`expected ${first} and ${second} to have met, but they have not`);
  const { low, high, winRate, meanLength, opponentMeanLength, won, lost, lengthControlled } = turned;
  return {
    ...turned,
    first,
    second,
    winRate: 1 - winRate,
    low: 1 - high,
    high: 1 - low,
    won: lost,
    lost: won,
    meanLength: opponentMeanLength,
    opponentMeanLength: meanLength,
    lengthControlled:
      lengthControlled?.kind === "estimated"
        ? { ...lengthControlled, winRate: 1 - lengthControlled.winRate, low: 1 - lengthControlled.high, high: 1 - lengthControlled.low }
        : lengthControlled,
  };
}

type RateRow = NonNullable<ResultDraft["figure"]>["rows"][number];

function roundRates(split: string, overview: ResultOverview, rounds: number): RateRow[] {
  return Array.from({ length: rounds }, (_, i) => `r${i + 1}`).map((policy) =>
    rateRow(`${split}, ${policy} against r0`, duelOf(overview, policy, "r0")),
  );
}

function rateRow(name: string, { winRate, low, high }: DuelView): RateRow {
  return { name, winRate, low, high };
}

type Table = NonNullable<ResultDraft["tables"]>[number];

function duelTable(overview: ResultOverview, pairs: readonly (readonly [string, string])[]): Table {
  const distinct = pairs.filter(([first, second], i) => first !== second && pairs.findIndex((one) => one[0] === first && one[1] === second) === i);
  return {
    columns: [
      "on test",
      "against",
      "n",
      "won",
      "tied",
      "lost",
      "win rate",
      "95 % interval",
      "at equal lengths",
      "mean length, characters",
      "theirs",
      "change",
    ],
    rows: distinct.map(([first, second]) => {
      const duel = duelOf(overview, first, second);
      const { n, won, tied, lost, winRate, meanLength, opponentMeanLength } = duel;
      return [
        first,
        second,
        n,
        won,
        tied,
        lost,
        percent(winRate),
        interval(duel),
        controlled(duel),
        Math.round(meanLength),
        Math.round(opponentMeanLength),
        signedPercent(meanLength / opponentMeanLength - 1),
      ];
    }),
  };
}

function policyTable(overview: ResultOverview, texts: ReadonlyMap<string, PolicyTexts>): Table {
  return {
    columns: ["policy", "mean tokens", "finished", "mean tokens of those", "repetitive", "distinct-3", "perplexity of its own responses"],
    rows: overview.players
      .filter((player) => player.kind === "policy")
      .map(({ name, traits }) => [
        name,
        Math.round(traits.meanTokens),
        percent(traits.finishedShare),
        whole(texts.get(name)?.finishedTokens ?? null),
        percent(traits.repetitiveShare),
        share(texts.get(name)?.distinctTriples ?? null),
        traits.natsPerToken === null ? "" : Math.exp(traits.natsPerToken).toFixed(2),
      ]),
  };
}

function traitTable(texts: ReadonlyMap<string, PolicyTexts>): Table {
  const names = [...texts.keys()];
  const traits = Object.keys([...texts.values()][0]?.traits ?? {});
  return {
    columns: ["mean of the trait", ...names],
    rows: traits.map((trait) => [trait, ...names.map((name) => (texts.get(name)?.traits[trait] ?? 0).toFixed(3))]),
  };
}

/** What the lab's collapse watch found of each round's policy on the validation prompts. */
function watchTables({ watch }: ResultOverview): Table[] {
  const [earliest] = watch;
  if (earliest === undefined) return [];
  return [
    {
      columns: ["on validation", "KL to r0, nats a response", "entropy, nats a token", "distinct-3", "finished", "perplexity of plain text"],
      rows: [earliest.first, ...watch.map(({ now }) => now)].map(({ policy, klNats, entropyNatsPerToken, distinct, finishedShare, perplexity }) => [
        policy,
        klNats.toFixed(2),
        entropyNatsPerToken.toFixed(3),
        share(distinct[2]),
        percent(finishedShare),
        perplexity.toFixed(2),
      ]),
    },
  ];
}

function triedTables(tried: readonly TuningLine[]): Table[] {
  if (tried.length === 0) return [];
  return [
    {
      columns: [
        "tried on validation, one round",
        "laid over the settings of then",
        "n",
        "win rate against r0",
        "95 % interval",
        "length to r0's",
        "finished",
      ],
      rows: tried.map((line) => [
        line.name,
        line.set.join(", "),
        line.n,
        percent(line.winRate),
        interval(line),
        signedPercent(line.lengthChange),
        percent(line.finishedShare),
      ]),
    },
  ];
}

function stageTable(rounds: readonly RoundFacts[]): Table {
  return {
    columns: ["round", "stage", "units", "minutes", "counts"],
    rows: rounds.flatMap((round) =>
      round.stages.map((stage) => [
        round.number,
        stage.stage,
        `${stage.unitsDone} ${stage.unit}`,
        Number((stage.activeMs / 60_000).toFixed(1)),
        Object.entries(stage.counts)
          .filter(([, value]) => value !== 0)
          .map(([name, value]) => `${name} ${value}`)
          .join(", "),
      ]),
    ),
  };
}

function controlled({ lengthControlled }: DuelView): string {
  if (lengthControlled === null) return "";
  return lengthControlled.kind === "estimated" ? `${percent(lengthControlled.winRate)} (${interval(lengthControlled)})` : lengthControlled.reason;
}

function interval({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${percent(low)} to ${percent(high)}`;
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

function signedPercent(value: number): string {
  return `${value < 0 ? "−" : "+"}${percent(Math.abs(value))}`;
}

/** A difference of win rates, in points of a hundred. */
function points(value: number): string {
  return `${value < 0 ? "−" : "+"}${(100 * Math.abs(value)).toFixed(1)}`;
}

function share(value: number | null): string {
  return value === null ? "" : value.toFixed(3);
}

function whole(value: number | null): Table["rows"][number][number] {
  return value === null ? "" : Math.round(value);
}
