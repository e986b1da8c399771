/** What a round is going to take, from its plan and from rates that were measured; what is not known is said to be unknown. */
import type { ExperimentConfig } from "#app/domain/experiment.ts";
import { mostPairsOf, needsJudging } from "#app/domain/pair.ts";
import { type Stage, STAGES } from "#app/domain/round.ts";

/** exact: follows from the settings; bound: at most so much; floor: at least; measured: from a rate of earlier work. */
export type QuantitySource = "exact" | "bound" | "floor" | "measured";
export type Quantity = { readonly value: number; readonly low: number; readonly high: number; readonly source: QuantitySource };

/** What earlier runs showed, newest last; only runs with settings that make them comparable. */
export type Measured = {
  readonly msPerUnit: Readonly<Partial<Record<Stage, readonly number[]>>>;
  /** Asks of a judge stage as a share of what distinct responses would have needed. */
  readonly askShare: readonly number[];
  /** The same of evaluations, of all their comparisons. */
  readonly evaluationShare: readonly number[];
  readonly pairsPerPrompt: readonly number[];
  readonly costPerAskUsd: readonly number[];
  /** Median time of a person's answer, in ms, and of how many answers. */
  readonly personMs: { readonly median: number; readonly answers: number } | null;
  readonly peakMemoryBytes: readonly number[];
  readonly checkpointBytes: readonly number[];
  readonly adapterBytes: readonly number[];
  readonly responseBytes: readonly number[];
};

/** How a stage stands: `total` once its run has planned. */
export type StageStanding = {
  readonly state: "ahead" | "open" | "done";
  readonly unitsDone: number;
  readonly unitsTotal: number | null;
  readonly activeMs: number;
  /** Units a second over the recent past, if it runs. */
  readonly rate: number | null;
};

export type ForecastFacts = {
  readonly config: ExperimentConfig;
  /** As the evaluation takes them: where the oracle was changed in mid-round it has another. */
  readonly evaluateConfig: ExperimentConfig;
  readonly prompts: number;
  readonly promptsWithTeacher: number;
  readonly heldOutPrompts: number;
  readonly opponents: number;
  readonly parameterCount: number;
  readonly standing: Readonly<Record<Stage, StageStanding>>;
  readonly measured: Measured;
};

export type StageForecast = {
  readonly stage: Stage;
  readonly state: StageStanding["state"];
  readonly unitsDone: number;
  readonly units: Quantity | null;
  /** Time still to come, in ms; null where no rate is known. People's time is not in it. */
  readonly remainingMs: Quantity | null;
};

export type Forecast = {
  readonly stages: readonly StageForecast[];
  /** Totals of the whole round. */
  readonly samples: Quantity;
  readonly judgeCalls: Quantity | null;
  readonly peopleAnswers: Quantity | null;
  readonly peopleMs: Quantity | null;
  readonly costUsd: Quantity | null;
  /** Time still to come of all stages; null if one of them is unknown. */
  readonly remainingMs: Quantity | null;
  readonly memoryBytes: Quantity;
  /** What the round writes: its disk at its height, while the run keeps each training checkpoint. */
  readonly diskBytes: Quantity | null;
  /** What of it stays when the round is done, with as many checkpoints as the settings keep. */
  readonly diskKeptBytes: Quantity | null;
};

export function exactly(value: number): Quantity {
  return { value, low: value, high: value, source: "exact" };
}

/** The median of the last three, with the range of these. */
export function fromSamples(samples: readonly number[]): Quantity | null {
  const last = samples.slice(-3).toSorted((a, b) => a - b);
  const [low, high, value] = [last[0], last.at(-1), last[Math.floor(last.length / 2)]];
  return low === undefined || high === undefined || value === undefined ? null : { value, low, high, source: "measured" };
}

function times(quantity: Quantity | null, factor: Quantity | null): Quantity | null {
  if (quantity === null || factor === null) return null;
  return {
    value: quantity.value * factor.value,
    low: quantity.low * factor.low,
    high: quantity.high * factor.high,
    source: weaker(quantity.source, factor.source),
  };
}

function plus(a: Quantity | null, b: Quantity | null): Quantity | null {
  if (a === null || b === null) return null;
  return { value: a.value + b.value, low: a.low + b.low, high: a.high + b.high, source: weaker(a.source, b.source) };
}

function map(quantity: Quantity | null, change: (value: number) => number): Quantity | null {
  return quantity && { ...quantity, value: change(quantity.value), low: change(quantity.low), high: change(quantity.high) };
}

/** A sum is as sure as its least sure part. */
function weaker(a: QuantitySource, b: QuantitySource): QuantitySource {
  const order: readonly QuantitySource[] = ["exact", "measured", "floor", "bound"];
  return order[Math.max(order.indexOf(a), order.indexOf(b))] ?? a;
}

export function forecastRound(facts: ForecastFacts): Forecast {
  const units = unitsOf(facts);
  const stages = STAGES.map((stage) => stageForecast(facts, stage, units[stage]));
  const { asks, answers, paid } = asksOf(facts, units);
  return {
    stages,
    samples: plus(units.sample, exactly(facts.heldOutPrompts * (1 + facts.opponents))) ?? units.sample,
    judgeCalls: asks,
    peopleAnswers: answers,
    peopleMs: times(answers, personPace(facts)),
    costUsd: costOf(facts, paid),
    remainingMs: stages.reduce<Quantity | null>((sum, stage) => plus(sum, stage.remainingMs), exactly(0)),
    memoryBytes: memoryOf(facts),
    diskBytes: diskOf(facts, units, "all"),
    diskKeptBytes: diskOf(facts, units, facts.config.training.keepCheckpoints),
  };
}

type Units = { readonly [S in Stage]: Quantity | null } & { readonly sample: Quantity };

function unitsOf(facts: ForecastFacts): Units {
  const { config, evaluateConfig, standing, measured, prompts } = facts;
  const planned = (stage: Stage): Quantity | null => {
    const { unitsTotal } = standing[stage];
    return unitsTotal === null ? null : exactly(unitsTotal);
  };
  const asks = planned("judge") ?? shareOfBound(comparisonBound(facts), fromSamples(measured.askShare));
  const most = mostPairsOf(config.pairs) ?? Infinity;
  // A rule that was narrowed since keeps fewer than was measured.
  const perPrompt = map(fromSamples(measured.pairsPerPrompt), (count) => Math.min(count, most));
  const pairs = planned("pair") ?? times(exactly(prompts), perPrompt) ?? pairBound(facts);
  const { batchSize, epochs } = config.training;
  return {
    sample: planned("sample") ?? exactly(config.pairs.kind === "imported" ? 0 : prompts * config.sampling.responsesPerPrompt),
    judge: map(asks, Math.round),
    pair: map(pairs, Math.round),
    train: planned("train") ?? map(pairs, (count) => Math.ceil(count / batchSize) * epochs),
    evaluate:
      planned("evaluate") ??
      plus(
        exactly(facts.heldOutPrompts * (1 + facts.opponents)),
        map(shareOfBound(evaluationBound(evaluateConfig, facts.heldOutPrompts, facts.opponents), fromSamples(measured.evaluationShare)), Math.round),
      ),
  };
}

function atMost(value: number): Quantity {
  return { value, low: 0, high: value, source: "bound" };
}

/** Two orders for a judge, one for people, who see a drawn one. */
function ordersOf({ judging, oracle }: ExperimentConfig): number {
  return judging.bothOrders && oracle.kind !== "people" ? 2 : 1;
}

/** Asks of the judge stage if no two responses of a prompt were equal. */
export function comparisonBound({ config, prompts, promptsWithTeacher }: Pick<ForecastFacts, "config" | "prompts" | "promptsWithTeacher">): number {
  if (!needsJudging(config.pairs)) return 0;
  const own = config.sampling.responsesPerPrompt;
  if (config.judging.mode === "listwise") return own < 2 ? promptsWithTeacher : prompts;
  return (prompts - promptsWithTeacher) * asksAPrompt(config, own) + promptsWithTeacher * asksAPrompt(config, own + 1);
}

function asksAPrompt(config: ExperimentConfig, responses: number): number {
  return comparisonsAPrompt(config, responses) * ordersOf(config);
}

function comparisonsAPrompt({ judging }: ExperimentConfig, responses: number): number {
  const all = (responses * (responses - 1)) / 2;
  return judging.comparisonsPerPrompt === 0 ? all : Math.min(all, judging.comparisonsPerPrompt);
}

/** Asks of an evaluation if no two policies gave a prompt the same response. */
export function evaluationBound(config: ExperimentConfig, heldOutPrompts: number, opponents: number): number {
  return heldOutPrompts * opponents * ordersOf(config);
}

/** Without a measured share all that is known is that there are no more. */
function shareOfBound(bound: number, share: Quantity | null): Quantity {
  return times(exactly(bound), share) ?? (bound === 0 ? exactly(0) : atMost(bound));
}

/** Each two responses of a prompt make at most one pair, and the rule may keep fewer. */
function pairBound({ config, prompts, promptsWithTeacher }: ForecastFacts): Quantity {
  const own = config.sampling.responsesPerPrompt;
  const most = mostPairsOf(config.pairs) ?? Infinity;
  const all = (responses: number): number => Math.min(most, (responses * (responses - 1)) / 2);
  return atMost((prompts - promptsWithTeacher) * all(own) + promptsWithTeacher * all(own + 1));
}

function stageForecast(facts: ForecastFacts, stage: Stage, units: Quantity | null): StageForecast {
  const { state, unitsDone, rate } = facts.standing[stage];
  return {
    stage,
    state,
    unitsDone,
    units,
    remainingMs:
      state === "done"
        ? exactly(0)
        : stageTime(
            facts,
            stage,
            map(units, (all) => Math.max(0, all - unitsDone)),
            rate,
          ),
  };
}

/** People's time is theirs: the machine only waits. */
function stageTime(facts: ForecastFacts, stage: Stage, left: Quantity | null, rate: number | null): Quantity | null {
  if (stage === "judge" && isPeoples(facts.config)) return exactly(0);
  if (stage === "evaluate" && isPeoples(facts.evaluateConfig)) {
    const responses = Math.max(0, facts.heldOutPrompts * (1 + facts.opponents) - facts.standing.evaluate.unitsDone);
    return times(exactly(responses), fromSamples(facts.measured.msPerUnit.sample ?? []));
  }
  if (rate !== null && rate > 0) return times(left, { ...exactly(1000 / rate), source: "measured" });
  return times(left, fromSamples(facts.measured.msPerUnit[stage] ?? []));
}

function isPeoples({ oracle }: ExperimentConfig): boolean {
  return oracle.kind === "people";
}

type Asks = { readonly asks: Quantity | null; readonly answers: Quantity | null; readonly paid: Quantity | null };

/** All asks of the round, of the judge stage and of the evaluation: calls of a judge, those of them that are paid for, or comparisons for people. */
function asksOf(facts: ForecastFacts, units: Units): Asks {
  const responses = facts.heldOutPrompts * (1 + facts.opponents);
  const parts = [
    { config: facts.config, units: units.judge },
    { config: facts.evaluateConfig, units: map(units.evaluate, (all) => Math.max(0, all - responses)) },
  ];
  const sumOf = (isCounted: (config: ExperimentConfig) => boolean): Quantity | null =>
    parts.reduce<Quantity | null>((sum, part) => (isCounted(part.config) ? plus(sum, part.units) : sum), exactly(0));
  return { asks: sumOf((config) => !isPeoples(config)), answers: sumOf(isPeoples), paid: sumOf(isPaid) };
}

function personPace({ measured }: ForecastFacts): Quantity | null {
  return measured.personMs === null ? null : { ...exactly(measured.personMs.median), source: "measured" };
}

/** Scripts and people are not paid for by the call. */
function isPaid({ oracle }: ExperimentConfig): boolean {
  return !["people", "targetLength", "regex", "wordList", "preferenceMatrix", "rubric", "localJudge"].includes(oracle.kind);
}

/** Of a judge only a measured price is believed. */
function costOf({ config, evaluateConfig, measured }: ForecastFacts, paid: Quantity | null): Quantity | null {
  if (!isPaid(config) && !isPaid(evaluateConfig)) return exactly(0);
  return times(paid, fromSamples(measured.costPerAskUsd));
}

const BYTES_A_WEIGHT = 4;

/** The peak of earlier training; before there is one, the weights themselves are a floor. */
function memoryOf({ measured, parameterCount }: ForecastFacts): Quantity {
  const weights = BYTES_A_WEIGHT * parameterCount;
  return fromSamples(measured.peakMemoryBytes) ?? { ...exactly(weights), source: "floor" };
}

/** Responses, so many training checkpoints at the most, and the adapter. */
function diskOf({ config, measured, heldOutPrompts, opponents }: ForecastFacts, units: Units, keep: number | "all"): Quantity | null {
  const responses = times(plus(units.sample, exactly(heldOutPrompts * (1 + opponents))), fromSamples(measured.responseBytes));
  const every = config.training.checkpointEverySteps;
  const checkpoints = times(
    map(units.train, (steps) => Math.min(Math.max(0, Math.ceil(steps / every) - 1), keep === "all" ? Infinity : keep)),
    fromSamples(measured.checkpointBytes),
  );
  return plus(plus(responses, checkpoints), fromSamples(measured.adapterBytes));
}
