/** The harness of the result: what is planned at which scale, what is imported, what is made of the figures. */
import { describe, expect, test } from "vitest";
import type { PromptId } from "#app/base/ids.ts";
import { mostPairsOf } from "#app/domain/pair.ts";
import type { DuelView, ResultOverview } from "#app/contract/result-views.ts";
import type { ScoredPrompt } from "#app/statistics/mean-score.ts";
import { EXPECTED, ownDraft } from "#tools/result/drafts.ts";
import { distinctRuns } from "#tools/result/measure.ts";
import { pairedDifferences } from "#tools/result/paired.ts";
import { alpacaEvalPrompts, ownPrompts } from "#tools/result/prompts.ts";
import { armExperiments, laidOver, ownExperiment, readSettings, SCALES } from "#tools/result/settings.ts";
import { firstStageOf } from "#tools/result/tune.ts";
import { readTuningLog } from "#tools/result/tuning-log.ts";

const settings = readSettings();

describe("settings", () => {
  test("the full scale is what was promised: K = 5, two rounds, a rubric with a tenth of its answers turned round, all prompts", () => {
    const { config, rounds, hasTeacher } = ownExperiment(settings, "full");
    expect({ rounds, hasTeacher }).toEqual({ rounds: 2, hasTeacher: false });
    expect(config.sampling.responsesPerPrompt).toBe(5);
    expect(config.oracle).toMatchObject({ kind: "rubric", noise: 0.2 });
    expect(config.evaluation.split).toBe("validation");
    expect(settings.scales.full.prompts).toEqual({ training: 300, validation: 50, test: 100 });
  });

  test("every arm has the prompts, samples, oracle and seed of the others, and passes once over one pair of each prompt", () => {
    const arms = armExperiments(settings, "full");
    expect(arms.map(({ name }) => name)).toEqual(["dno", "restrictive", "spin", "offline-dpo", "sft-positives"]);
    const shared = arms.map(({ config: { seed, oracle, sampling, evaluation, training } }) => ({
      seed,
      oracle,
      sampling,
      evaluation,
      epochs: training.epochs,
    }));
    for (const one of shared) expect(one).toEqual(shared[0]);
    for (const { config, prompts } of arms) {
      expect(mostPairsOf(config.pairs)).toBe(1);
      expect(prompts).toEqual({ training: 300, validation: 10, test: 100 });
    }
    // Two rounds see half of the prompts each, one round all of them: each prompt is sampled once.
    for (const { rounds, config } of arms) expect(config.splits.shards).toBe(rounds);
  });

  test("the small scale has its own prompts and settings, and tried settings lie over all", () => {
    expect(ownExperiment(settings, "small").config.sampling.maxNewTokens).toBeLessThan(ownExperiment(settings, "full").config.sampling.maxNewTokens);
    expect(ownExperiment(settings, "small", { training: { learningRate: 1 } }).config.training.learningRate).toBe(1);
  });

  test("objects are laid over each other, other values replace", () => {
    expect(laidOver({ a: { b: 1, c: 2 }, d: [1, 2] }, { a: { c: 3 }, d: [4], e: null })).toEqual({ a: { b: 1, c: 3 }, d: [4], e: null });
  });
});

describe("prompts", () => {
  test.each(SCALES)("at the scale %s there are as many of each split as it says, and no teacher unless asked for", (scale) => {
    const rows = ownPrompts(ownExperiment(settings, scale));
    const counts = Object.fromEntries([...Map.groupBy(rows, (row) => row.split)].map(([split, members]) => [split, members.length]));
    expect(counts).toEqual(settings.scales[scale].prompts);
    expect(rows.every((row) => row.teacher_response === undefined)).toBe(true);
  });

  test("AlpacaEval's file may be JSON or JSON lines; all of it tests", () => {
    const rows = [{ instruction: "One?", output: "x" }, { instruction: "Two?" }, { instruction: "Three?" }];
    const expected = [
      { prompt: "One?", split: "test" },
      { prompt: "Two?", split: "test" },
    ];
    expect(alpacaEvalPrompts(JSON.stringify(rows), 2)).toEqual(expected);
    expect(alpacaEvalPrompts(`${rows.map((row) => JSON.stringify(row)).join("\n")}\n`, 2)).toEqual(expected);
    expect(() => alpacaEvalPrompts('[{"prompt": "One?"}]', 1)).toThrow(/instruction/u);
  });
});

test("distinct runs of words: different ones per run, over all texts", () => {
  expect(distinctRuns(["a b c d", "A b c."], 3)).toBe(2 / 3);
  expect(distinctRuns(["a b"], 3)).toBeNull();
});

describe("paired differences", () => {
  const scores = (values: readonly number[]): Map<string, ScoredPrompt> =>
    new Map(values.map((score, i) => [`prompt ${i}`, { promptId: `${i}` as PromptId, score }]));
  const interval = { confidence: 0.95, bootstrapSamples: 1000, seed: 1 };
  const base = Array.from({ length: 100 }, (_, i) => (i % 3) / 2);

  test("an arm that is a half better on some prompts differs by as much, whatever the prompts' own spread", () => {
    const arm = base.map((score, i) => (i % 5 === 0 && score < 1 ? score + 0.5 : score));
    const gained = arm.reduce((sum, score, i) => sum + score - (base[i] ?? 0), 0) / 100;
    const [paired, none] = pairedDifferences(scores(base), [scores(arm), scores(base)], interval);
    expect(paired?.difference).toBeCloseTo(gained, 12);
    expect((paired?.high ?? 1) - (paired?.low ?? 0)).toBeLessThan(0.25);
    expect(none).toMatchObject({ n: 100, difference: 0 });
  });

  test("prompts that one of the two lacks are left out", () => {
    const [paired] = pairedDifferences(scores(base), [scores(base.slice(0, 40))], interval);
    expect(paired?.n).toBe(40);
  });
});

describe("the draft of the first table", () => {
  const traits = { n: 100, meanCharacters: 500, meanTokens: 150, finishedShare: 0.8, repetitiveShare: 0, distinctPairs: 0.5, natsPerToken: 1 };
  const duel = (first: string, second: string, winRate: number): DuelView => ({
    first,
    second,
    n: 100,
    missing: 0,
    won: 60,
    lost: 20,
    tied: 20,
    winRate,
    standardError: 0.04,
    low: winRate - 0.08,
    high: winRate + 0.08,
    interval: "maxTBootstrap",
    meanLength: 550,
    opponentMeanLength: 500,
    bothOrders: 100,
    ordersDisagree: 0,
    lengthControlled: null,
  });
  const noShare = { cases: 0, ofKind: 0, share: 0, low: 0, high: 1, clusters: 0 };
  const overview = (rate: number): ResultOverview => ({
    split: "test",
    prompts: 100,
    confidence: 0.95,
    players: ["r0", "r1", "r2"].map((name, i) => ({ name, kind: "policy", round: i, traits, worstCase: null, mixtureShare: null, rating: null })),
    duels: [duel("r0", "r1", 0.4), duel("r2", "r0", rate), duel("r2", "r1", 0.55)],
    rounds: [],
    cycles: { triples: 0, triplesMeasured: 1, clear: [] },
    circles: { verdict: "unmeasured", sentence: "", circular: noShare, drawnIn: noShare, rounds: [] },
    mixture: null,
    choice: null,
    unmetPairs: 0,
    judgedBy: [],
    testLooks: 1,
    watch: [],
    computedAtMs: 0,
  });
  const texts = new Map(["r0", "r1", "r2"].map((name) => [name, { distinctTriples: 0.9, finishedTokens: 140, traits: { finished: 0.8 } }]));
  const draft = (rate: number): ReturnType<typeof ownDraft> =>
    ownDraft({
      planned: ownExperiment(settings, "full"),
      overview: overview(rate),
      validation: overview(rate),
      rounds: [],
      texts,
      tried: readTuningLog(),
      notes: [],
    });

  test("says whether what was expected came out, by all three conditions", () => {
    expect(EXPECTED).toEqual({ winRate: 0.65, low: 0.55, lengthChange: 0.2 });
    expect(draft(0.7).summary).toMatch(
      /^r2's win rate against r0 is 70\.0 % \(95 % interval 62\.0 % to 78\.0 %; of 100 prompts .*\+10\.0 %: as expected/u,
    );
    expect(draft(0.64).summary).toMatch(/: interval and length as expected, win rate not \(expected were/u);
    expect(draft(0.62).summary).toMatch(/: length as expected, win rate and interval not \(/u);
  });

  test("draws each round's policy against the first, on validation and on test", () => {
    expect(draft(0.7).figure?.rows.map(({ name, winRate }) => [name, winRate])).toEqual([
      ["validation, r1 against r0", 0.6],
      ["validation, r2 against r0", 0.7],
      ["test, r1 against r0", 0.6],
      ["test, r2 against r0", 0.7],
    ]);
  });

  test("has each try on validation, and no table of tries where there was none", () => {
    const column = "tried on validation, one round";
    const rows = draft(0.7).tables?.find(({ columns }) => columns.includes(column))?.rows ?? [];
    expect(rows).toHaveLength(readTuningLog().length);
    expect(rows[0]).toEqual(["best-worst", "pairs.kind=bestWorst", 50, "60.0 %", "48.6 % to 71.4 %", "−8.1 %", "60.0 %"]);
  });

  test("has the collapse watch's figures of each round's policy, the first policy's before them", () => {
    const figures = (policy: string, perplexity: number) => ({
      policy,
      responses: 50,
      tokens: 5000,
      meanTokens: 100,
      klNats: policy === "r0" ? 0 : 3.5,
      klStandardError: 0.1,
      klNatsPerToken: 0.03,
      entropyNatsPerToken: 1.2,
      distinct: [0.3, 0.7, 0.9] as [number, number, number],
      finishedShare: 0.8,
      perplexity,
      neutralTokens: 900,
    });
    const watch = [{ round: 1, now: figures("r1", 21), first: figures("r0", 20), warnings: [] }];
    const { tables } = ownDraft({
      planned: ownExperiment(settings, "full"),
      overview: overview(0.7),
      validation: { ...overview(0.7), watch },
      rounds: [],
      texts,
      tried: [],
      notes: [],
    });
    const rows = tables?.find(({ columns }) => columns.includes("perplexity of plain text"))?.rows;
    expect(rows?.map(([policy, kl, , , , perplexity]) => [policy, kl, perplexity])).toEqual([
      ["r0", "0.00", "20.00"],
      ["r1", "3.50", "21.00"],
    ]);
  });

  test("turns a duel round that is stored the other way", () => {
    const row = draft(0.7).tables?.[0]?.rows.find(([first, second]) => first === "r1" && second === "r0");
    expect(row?.slice(6, 8)).toEqual(["60.0 %", "52.0 % to 68.0 %"]);
    expect(row?.slice(3, 6)).toEqual([20, 20, 60]);
  });
});

describe("tuning", () => {
  test("begins at the first stage that reads a setting, and refuses what no stage reads", () => {
    expect(firstStageOf([])).toBe("train");
    expect(firstStageOf(["training.learningRate=1"])).toBe("train");
    expect(firstStageOf(["training.learningRate=1", "pairs.minMargin=0.3"])).toBe("pair");
    expect(firstStageOf(["sampling.temperature=1", "pairs.minMargin=0.3"])).toBe("sample");
    expect(() => firstStageOf(["evaluation.split=test"])).toThrow(/expected a setting of/u);
  });

  test("its log has seen validation prompts alone", () => {
    for (const line of readTuningLog()) expect(line.split).toBe("validation");
  });
});
