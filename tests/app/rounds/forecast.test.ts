/** What a round takes, worked out by hand, and what is not known. */
import { describe, expect, it } from "vitest";
import { type ExperimentConfig, experimentConfigSchema } from "#app/domain/experiment.ts";
import { configChanges } from "#app/domain/config-changes.ts";
import { comparisonBound, type ForecastFacts, forecastRound, fromSamples, type Measured } from "#app/rounds/forecast.ts";

const config = (more: Readonly<Record<string, unknown>> = {}): ExperimentConfig =>
  experimentConfigSchema.parse({
    oracle: { kind: "targetLength", target: 10 },
    sampling: { responsesPerPrompt: 4 },
    training: { batchSize: 8, checkpointEverySteps: 2 },
    ...more,
  });

const NOTHING: Measured = {
  msPerUnit: {},
  askShare: [],
  evaluationShare: [],
  pairsPerPrompt: [],
  costPerAskUsd: [],
  personMs: null,
  peakMemoryBytes: [],
  checkpointBytes: [],
  adapterBytes: [],
  responseBytes: [],
};
const AHEAD = { state: "ahead", unitsDone: 0, unitsTotal: null, activeMs: 0, rate: null } as const;

const facts = (more: Partial<ForecastFacts> = {}): ForecastFacts => ({
  config: config(),
  evaluateConfig: more.config ?? config(),
  prompts: 10,
  promptsWithTeacher: 0,
  heldOutPrompts: 20,
  opponents: 1,
  parameterCount: 1000,
  standing: { sample: AHEAD, judge: AHEAD, pair: AHEAD, train: AHEAD, evaluate: AHEAD },
  measured: NOTHING,
  ...more,
});

const unitsOf = (of: ForecastFacts) => Object.fromEntries(forecastRound(of).stages.map((stage) => [stage.stage, stage.units]));
const exactly = (value: number) => ({ value, low: value, high: value, source: "exact" });
const atMost = (value: number) => ({ value, low: 0, high: value, source: "bound" });

describe("before anything is measured", () => {
  it("counts what follows from the settings, bounds the rest, and does not know the time", () => {
    const forecast = forecastRound(facts());
    expect(unitsOf(facts())).toEqual({
      sample: exactly(40),
      // 4 responses are 6 comparisons, each in both orders.
      judge: atMost(10 * 6 * 2),
      pair: atMost(10 * 6),
      // ceil(60 / 8) steps of one epoch; none if no pair is made.
      train: atMost(8),
      // 20 prompts, two policies, and both orders of each comparison.
      evaluate: { value: 80, low: 40, high: 80, source: "bound" },
    });
    expect(forecast.samples).toEqual(exactly(40 + 40));
    expect(forecast.remainingMs).toBeNull();
    expect(forecast.costUsd).toEqual(exactly(0));
    // The weights alone, in float32.
    expect(forecast.memoryBytes).toEqual({ ...exactly(4000), source: "floor" });
    expect(forecast.diskBytes).toBeNull();
  });

  it("knows no price of a judge that has not answered", () => {
    const judged = facts({ config: config({ oracle: { kind: "people", guidelines: "" } }) });
    expect(forecastRound(judged)).toMatchObject({ judgeCalls: exactly(0), peopleAnswers: atMost(60 + 20), peopleMs: null });
  });
});

describe("the plan", () => {
  it.each([
    ["both orders, all comparisons", config(), 0, 120],
    ["one order", config({ judging: { bothOrders: false } }), 0, 60],
    ["a few comparisons a prompt", config({ judging: { comparisonsPerPrompt: 3 } }), 0, 60],
    ["a teacher's response beside", config(), 4, 6 * 12 + 4 * 20],
    ["people see one order", config({ oracle: { kind: "people" } }), 0, 60],
    ["listwise", config({ judging: { mode: "listwise" } }), 0, 10],
    ["SPIN asks nobody", config({ pairs: { kind: "spin" } }), 10, 0],
  ] as const)("%s", (_name, settings, promptsWithTeacher, expected) => {
    expect(comparisonBound({ config: settings, prompts: 10, promptsWithTeacher })).toBe(expected);
  });
});

describe("from measured rates", () => {
  const measured: Measured = {
    msPerUnit: { sample: [100, 300, 200], judge: [2], pair: [1], train: [1000], evaluate: [50] },
    askShare: [0.5],
    evaluationShare: [0.25],
    pairsPerPrompt: [1.6],
    costPerAskUsd: [],
    personMs: { median: 17_000, answers: 212 },
    peakMemoryBytes: [2e9, 2.1e9],
    checkpointBytes: [5e6],
    adapterBytes: [1e6],
    responseBytes: [1000],
  };

  it("holds pairs to what the rule keeps of a prompt, whatever was measured before", () => {
    const one = config({ pairs: { kind: "winRateMargin", maxPerPrompt: 1 } });
    expect(unitsOf(facts({ config: one }))).toMatchObject({ pair: atMost(10), train: atMost(2) });
    expect(unitsOf(facts({ config: one, measured }))).toMatchObject({ pair: { value: 10, source: "measured" } });
    expect(unitsOf(facts({ config: config({ pairs: { kind: "bestWorst" } }) }))).toMatchObject({ pair: atMost(10) });
  });

  it("multiplies, and keeps the range of the last three", () => {
    expect(fromSamples([9, 1, 3, 2])).toEqual({ value: 2, low: 1, high: 3, source: "measured" });
    const forecast = forecastRound(facts({ measured }));
    expect(unitsOf(facts({ measured }))).toMatchObject({ judge: { value: 60, source: "measured" }, pair: { value: 16 }, train: { value: 2 } });
    const times = Object.fromEntries(forecast.stages.map(({ stage, remainingMs }) => [stage, remainingMs?.value]));
    expect(times).toEqual({ sample: 40 * 200, judge: 120, pair: 16, train: 2000, evaluate: 50 * 50 });
    expect(forecast.remainingMs?.value).toBe(8000 + 120 + 16 + 2000 + 2500);
    expect(forecast.remainingMs?.low).toBe(4000 + 120 + 16 + 2000 + 50 * 50);
    expect(forecast.memoryBytes).toEqual({ value: 2.1e9, low: 2e9, high: 2.1e9, source: "measured" });
    // 80 responses, no checkpoint before the last step of two, and the adapter.
    expect(forecast.diskBytes?.value).toBe(80_000 + 0 + 1e6);
    expect(forecast.diskKeptBytes).toEqual(forecast.diskBytes);
  });

  it.each([
    // 16 pairs in 10 epochs are 20 steps of 8, with a checkpoint before each but the first.
    [1, 1],
    [3, 3],
    [50, 19],
    ["all", 19],
  ] as const)("says of the disk how high it goes and what stays with %s checkpoints", (keepCheckpoints, stay) => {
    const training = { batchSize: 8, epochs: 10, checkpointEverySteps: 1, keepCheckpoints };
    const { diskBytes, diskKeptBytes } = forecastRound(facts({ config: config({ training }), measured }));
    expect([diskBytes?.value, diskKeptBytes?.value]).toEqual([80_000 + 19 * 5e6 + 1e6, 80_000 + stay * 5e6 + 1e6]);
  });

  it("leaves people's time to people", () => {
    const forecast = forecastRound(facts({ config: config({ oracle: { kind: "people" } }), measured }));
    expect(forecast.peopleAnswers?.value).toBe(30 + 5);
    expect(forecast.peopleMs?.value).toBe(35 * 17_000);
    expect(forecast.stages.find((stage) => stage.stage === "judge")?.remainingMs).toEqual(exactly(0));
  });

  it("takes what is done off, and the pace of a stage that runs before that of earlier rounds", () => {
    const standing = {
      ...facts().standing,
      sample: { state: "done", unitsDone: 40, unitsTotal: 40, activeMs: 8000, rate: null },
      judge: { state: "open", unitsDone: 20, unitsTotal: 70, activeMs: 10, rate: 10 },
    } as const;
    const forecast = forecastRound(facts({ measured, standing }));
    expect(forecast.stages[0]?.remainingMs).toEqual(exactly(0));
    expect(forecast.stages[1]).toMatchObject({ units: exactly(70), remainingMs: { value: 50 * 100 } });
  });
});

describe("changes of the configuration", () => {
  it("are named by their dotted names, lists as one", () => {
    const after = config({ training: { batchSize: 8, checkpointEverySteps: 2, learningRate: 0.001, adapter: { targets: ["q_proj"] } } });
    expect(configChanges(config(), after)).toEqual([
      { path: "training.adapter.targets", from: "q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj", to: "q_proj" },
      { path: "training.learningRate", from: "0.00005", to: "0.001" },
    ]);
    expect(configChanges(config(), config({ oracle: { kind: "people" } })).map((change) => [change.path, change.from, change.to])).toContainEqual([
      "oracle.target",
      "10",
      null,
    ]);
    expect(configChanges(config(), config())).toEqual([]);
  });
});
