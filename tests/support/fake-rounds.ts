/** The rounds of the stand-in lab: stages that go on when a test says so. */
import { ConflictError } from "#app/base/errors.ts";
import type { LabEvent, RoundSeriesView } from "#app/contract/rounds.ts";
import type { RoundView, StageView } from "#app/contract/views.ts";
import { type Stage, STAGES } from "#app/domain/round.ts";

type FakeStage = { -readonly [Key in keyof StageView]: StageView[Key] };
type FakeRound = Omit<{ -readonly [Key in keyof RoundView]: RoundView[Key] }, "stages"> & { stages: FakeStage[] };

export type FakeTotals = Readonly<Record<Stage, number>>;

const UNITS: Readonly<Record<Stage, string>> = {
  sample: "responses",
  judge: "comparisons",
  pair: "pairs",
  train: "steps",
  evaluate: "responses and comparisons",
};

export type FakeRoundsOptions = {
  readonly totals: FakeTotals;
  /** True while the judge stage can only go on when people judge. */
  readonly openComparisons: () => number;
  readonly publish: (event: LabEvent) => void;
};

export class FakeRounds {
  readonly rounds: FakeRound[] = [];
  readonly #options: FakeRoundsOptions;
  series: RoundSeriesView | null = null;
  metrics: { step: number; values: Record<string, number> }[] = [];
  #pauseWaiters: (() => void)[] = [];

  constructor(options: FakeRoundsOptions) {
    this.#options = options;
  }

  list(): RoundView[] {
    return structuredClone(this.rounds);
  }

  start(count = 1): number {
    const last = this.rounds.at(-1);
    if (last?.isRunning === true) throw new ConflictError("a round is running already; pause it first, or wait for it");
    if (last === undefined || last.isDone) this.rounds.push(newRound(this.rounds.length + 1));
    const firstRound = this.rounds.length;
    this.series = count === 1 ? null : { firstRound, lastRound: firstRound + count - 1, askedAtMs: 0, problem: null };
    return this.#run();
  }

  setLast(lastRound: number): RoundSeriesView | null {
    const firstRound = this.rounds.length;
    this.series = lastRound <= firstRound ? null : { firstRound, lastRound, askedAtMs: 0, problem: null };
    this.#options.publish({ type: "experiment.changed" });
    return this.series;
  }

  resume(): number {
    return this.#run();
  }

  async pause(): Promise<boolean> {
    const stage = this.#live();
    if (stage === undefined) return false;
    stage.isPauseRequested = true;
    this.#tell("stage.changed", stage);
    await new Promise<void>((resolve) => this.#pauseWaiters.push(resolve));
    return true;
  }

  redo(stage: Stage): number {
    const round = this.#newest();
    for (const one of round.stages.slice(STAGES.indexOf(stage))) Object.assign(one, waiting(one.stage), { attemptNumber: one.attemptNumber });
    Object.assign(round, { isDone: false, winRates: [], recommendation: null });
    return this.#run();
  }

  /** One or more units of work: what the test lets happen. A requested pause is honoured here. */
  advance(units: number): void {
    const stage = this.#live();
    if (stage === undefined) return;
    if (stage.isPauseRequested) {
      Object.assign(stage, { state: "paused", isPauseRequested: false, rate: null, remainingMs: null });
      this.#newest().isRunning = false;
      this.#tell("stage.changed", stage);
      for (const resolve of this.#pauseWaiters.splice(0)) resolve();
      return;
    }
    const total = stage.unitsTotal ?? 0;
    stage.unitsDone = Math.min(total, stage.unitsDone + units);
    stage.activeMs += units * 250;
    stage.rate = 4;
    stage.remainingMs = stage.unitsDone < 20 ? null : (total - stage.unitsDone) * 250;
    if (stage.stage === "train") this.#step(stage.unitsDone);
    if (stage.unitsDone < total) this.#tell("stage.progressed", stage);
    else this.#finish(stage);
  }

  /** People answered or took back. */
  peopleChanged(): void {
    const stage = this.rounds.at(-1)?.stages.find((one) => one.stage === "judge" && one.waitsForPeople);
    if (stage === undefined) return;
    stage.unitsDone = (stage.unitsTotal ?? 0) - this.#options.openComparisons();
    if (this.#options.openComparisons() > 0) {
      this.#tell("stage.progressed", stage);
      return;
    }
    stage.waitsForPeople = false;
    this.#newest().isRunning = true;
    this.#finish(stage);
  }

  /** Rounds that were run before. */
  addDone(count: number): void {
    for (const number of Array.from({ length: count }, (_, i) => this.rounds.length + i + 1)) {
      const round = newRound(number);
      for (const stage of round.stages) {
        const total = this.#options.totals[stage.stage];
        Object.assign(stage, { state: "done", attemptId: `${stage.stage}-${number}`, attemptNumber: 1, unitsDone: total, unitsTotal: total });
        Object.assign(stage, { activeMs: 61_000 + 40_000 * STAGES.indexOf(stage.stage), counts: COUNTS[stage.stage] });
      }
      this.rounds.push({ ...round, newPolicy: `r${number}`, isDone: true, pairCount: 720 - 24 * number, ...resultOf(number) });
    }
    this.metrics = Array.from({ length: this.#options.totals.train }, (_, i) => ({ step: i + 1, values: metricsAt(i + 1) }));
  }

  fail(error: string): void {
    const stage = this.#live();
    if (stage === undefined) return;
    Object.assign(stage, { state: "failed", error });
    this.#newest().isRunning = false;
    this.#tell("stage.changed", stage);
  }

  #run(): number {
    const round = this.#newest();
    const stage = round.stages.find((one) => one.state !== "done");
    if (stage !== undefined) this.#begin(stage);
    return round.number;
  }

  #begin(stage: FakeStage): void {
    const isNew = stage.state === "waiting";
    Object.assign(stage, {
      state: "running",
      error: null,
      isPauseRequested: false,
      attemptId: `${stage.stage}-attempt`,
      attemptNumber: isNew ? (stage.attemptNumber ?? 0) + 1 : stage.attemptNumber,
      unitsTotal: this.#options.totals[stage.stage],
    });
    const forPeople = stage.stage === "judge" && this.#options.openComparisons() > 0;
    stage.waitsForPeople = forPeople;
    if (forPeople) stage.unitsDone = (stage.unitsTotal ?? 0) - this.#options.openComparisons();
    this.#newest().isRunning = !forPeople;
    this.#tell("stage.changed", stage);
  }

  #finish(stage: FakeStage): void {
    Object.assign(stage, { state: "done", unitsDone: stage.unitsTotal, rate: null, remainingMs: null });
    stage.counts = COUNTS[stage.stage];
    const round = this.#newest();
    const next = round.stages.find((one) => one.state !== "done");
    if (stage.stage === "pair") round.pairCount = stage.unitsTotal;
    if (stage.stage === "train") round.newPolicy = `r${round.number}`;
    if (next === undefined) Object.assign(round, { isRunning: false, isDone: true }, resultOf(round.number));
    this.#tell("stage.changed", stage);
    if (next === undefined) this.#options.publish({ type: "experiment.changed" });
    else this.#begin(next);
  }

  #step(step: number): void {
    const values = metricsAt(step);
    this.metrics.push({ step, values });
    this.#options.publish({ type: "training.stepped", round: this.#newest().number, step, values });
  }

  #live(): FakeStage | undefined {
    const round = this.rounds.at(-1);
    return round?.isRunning === true ? round.stages.find((one) => one.state === "running") : undefined;
  }

  #newest(): FakeRound {
    const round = this.rounds.at(-1);
    if (round === undefined) throw new ConflictError("there is no round yet");
    return round;
  }

  #tell(type: "stage.progressed" | "stage.changed", stage: FakeStage): void {
    this.#options.publish({ type, round: this.#newest().number, stage: structuredClone(stage) });
  }
}

const COUNTS: Readonly<Record<Stage, Record<string, number>>> = {
  sample: { responses: 120, tokens: 18_442, defective: 2 },
  judge: { decided: 24, tie: 4, bothBad: 2 },
  pair: { "prompts without a pair": 3 },
  train: { "reference log-probabilities": 44 },
  evaluate: { decided: 71, tie: 9 },
};

function newRound(number: number): FakeRound {
  return {
    number,
    policy: number === 1 ? "SmolLM2-135M" : `r${number - 1}`,
    newPolicy: null,
    stages: STAGES.map(waiting),
    isRunning: false,
    isDone: false,
    pairCount: null,
    winRates: [],
    recommendation: null,
    watch: null,
  };
}

function waiting(stage: Stage): FakeStage {
  return {
    stage,
    attemptId: null,
    attemptNumber: null,
    state: "waiting",
    waitsForPeople: false,
    judgeSilence: null,
    isPauseRequested: false,
    unit: UNITS[stage],
    unitsDone: 0,
    unitsTotal: null,
    activeMs: 0,
    costUsd: null,
    rate: null,
    remainingMs: null,
    error: null,
    counts: {},
    remarks: [],
  };
}

function metricsAt(step: number): Record<string, number> {
  const wobble = Math.sin(step * 1.7) * 0.006;
  return {
    loss: 0.693 * Math.exp(-step / 60) + 0.12 + wobble,
    "rewards/margins": 0.9 * (1 - Math.exp(-step / 25)) + wobble,
    "rewards/accuracies": 0.5 + 0.38 * (1 - Math.exp(-step / 12)) + wobble,
  };
}

/** Rounds get better at first and then no more, as they do. */
function resultOf(number: number): Pick<RoundView, "winRates" | "recommendation"> {
  const against = (opponent: string, roles: ("previous" | "first")[], winRate: number): RoundView["winRates"][number] => ({
    policy: `r${number}`,
    opponent,
    roles,
    n: 320,
    missing: number === 2 ? 3 : 0,
    winRate,
    standardError: 0.026,
    low: winRate - 0.052,
    high: winRate + 0.051,
    interval: "maxTBootstrap",
    isSimultaneous: number > 1,
    meanLength: 171 - 8 * number,
    opponentMeanLength: 171,
  });
  const rates = [0.615, 0.56, 0.523][number - 1] ?? 0.5;
  const isClear = rates > 0.552;
  const winRates =
    number === 1
      ? [against("SmolLM2-135M", ["previous", "first"], rates)]
      : [against(`r${number - 1}`, ["previous"], rates), against("SmolLM2-135M", ["first"], 0.615 + 0.04 * (number - 1))];
  return {
    winRates,
    recommendation: {
      policy: isClear ? `r${number}` : `r${number - 1}`,
      verdict: isClear ? "improved" : "noSignificantChange",
      sentence: isClear
        ? `Use r${number}. It wins against ${number === 1 ? "the policy it began from" : `r${number - 1} and against the first policy`}.`
        : `Use r${number - 1}. Round ${number} is not a clear step forward.`,
    },
  };
}
