/** Length control: against scikit-learn on AlpacaEval's lengths and preferences, its laws, and what has no answer. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { PromptId } from "#app/base/ids.ts";
import { sigmoid } from "#app/base/log-space.ts";
import { rngFor } from "#app/base/random.ts";
import {
  fitLengthControl,
  impliedWinRate,
  INVERSE_PENALTIES,
  isExtremeChange,
  type LengthCalibration,
  type LengthData,
  lengthDataOf,
  refitLengthControl,
} from "#app/statistics/length-control.ts";
import { lengthControlledWinRate, type LengthControlInput } from "#app/statistics/length-controlled-win-rate.ts";
import { type PromptOutcome, winRateOf } from "#app/statistics/win-rate.ts";
import { outcomesOf, record } from "./support.ts";

const golden = z
  .object({
    penalties: z.array(z.number()),
    baselineLengths: z.array(z.int()),
    difficulties: z.array(z.number()),
    anchors: z.object({ prompts: z.array(z.int()), standardLengths: z.array(z.number()), scores: z.array(z.number()) }),
    models: z.record(z.string(), z.object({ prompts: z.array(z.int()), lengths: z.array(z.int()), scores: z.array(z.number()) })),
    fits: z.array(
      z.object({
        model: z.string(),
        name: z.enum(["full", "withoutAnchors", "minimal"]),
        path: z.array(z.array(z.number())),
        chosen: z.int(),
        winRate: z.number(),
        usualWinRate: z.number(),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL("../../golden/statistics/length-control.json", import.meta.url), "utf8")));

function promptId(index: number): PromptId {
  return `prompt ${String(index).padStart(4, "0")}` as PromptId;
}

function outcomesOfModel(name: string): PromptOutcome[] {
  const model = golden.models[name];
  return (model?.prompts ?? []).map((prompt, i) => ({
    promptId: promptId(prompt),
    score: model?.scores[i] ?? null,
    length: model?.lengths[i] ?? 0,
    opponentLength: golden.baselineLengths[prompt] ?? 0,
  }));
}

const difficultyByPrompt = new Map(golden.difficulties.map((gamma, i) => [promptId(i), gamma]));
const anchors = golden.anchors.prompts.map((prompt, k) => ({
  promptId: promptId(prompt),
  standardLength: golden.anchors.standardLengths[k] ?? 0,
  score: golden.anchors.scores[k] ?? 0,
}));

function calibrationFor(formula: string): LengthCalibration | undefined {
  if (formula === "minimal") return undefined;
  return { difficultyByPrompt, anchors: formula === "full" ? anchors : [] };
}

describe.each(golden.fits)("$model, $name formula", ({ model, name, path, chosen, winRate, usualWinRate }) => {
  const data = lengthDataOf(outcomesOfModel(model), calibrationFor(name));

  test("coefficients are scikit-learn's all along the path of penalties", () => {
    path.forEach((expected, k) => {
      const { coefficients } = refitLengthControl(data, golden.penalties[k] ?? Number.NaN) ?? {};
      const [length, ...others] = expected;
      expect(Math.abs((coefficients?.length ?? Number.NaN) - (length ?? 0))).toBeLessThan(1e-7);
      expect(Math.abs((coefficients?.policy ?? Number.NaN) - (others.at(-1) ?? 0))).toBeLessThan(1e-7);
      expect(Math.abs((coefficients?.difficulty ?? Number.NaN) - (others.length === 2 ? (others[0] ?? 0) : 0))).toBeLessThan(1e-7);
    });
  });

  test("so are the chosen penalty and the win rate, which the formula's name goes with", () => {
    const fit = fitLengthControl(data);
    expect(fit?.formula).toBe(name);
    expect(fit?.inversePenalty).toBeCloseTo(golden.penalties[chosen] ?? Number.NaN, 10);
    expect(Math.abs((fit?.winRate ?? Number.NaN) - winRate)).toBeLessThan(1e-9);
  });

  test("and run just as AlpacaEval runs it, with LIBLINEAR's loose tolerance, it prints the same to a twentieth of a percent", () => {
    expect(Math.abs((fitLengthControl(data)?.winRate ?? Number.NaN) - usualWinRate)).toBeLessThan(5e-4);
  });
});

test("the grid of penalties is scikit-learn's", () => {
  golden.penalties.forEach((penalty, k) => expect((INVERSE_PENALTIES[k] ?? 0) / penalty).toBeCloseTo(1, 12));
  expect(INVERSE_PENALTIES).toHaveLength(golden.penalties.length);
});

const flat: LengthData = { formula: "minimal", scores: [], lengthDifferences: [], difficulties: [], anchors: [] };
/** Forty prompts, lengths on both sides. */
const lengths = Array.from({ length: 40 }, (_, i) => ((i * 37) % 41) - 20);
const scores = lengths.map((d, i) => sigmoid(-d / 8 + 0.4 + Math.sin(i)));
const some: LengthData = { ...flat, scores, lengthDifferences: lengths, difficulties: lengths.map((_, i) => Math.cos(i)) };

describe("laws", () => {
  test("a policy against itself has exactly one half", () => {
    const self = { ...some, scores: scores.map(() => 0.5) };
    expect(fitLengthControl(self)).toMatchObject({ winRate: 0.5, coefficients: { length: 0, difficulty: 0, policy: 0 } });
  });

  test("the two change places: the rate is 1 less it", () => {
    const turned = { ...some, scores: scores.map((q) => 1 - q), lengthDifferences: lengths.map((d) => -d) };
    expect(fitLengthControl(turned)?.winRate).toBeCloseTo(1 - (fitLengthControl(some)?.winRate ?? Number.NaN), 9);
  });

  test("equal lengths: nothing to control, so the win rate as judged but for the penalty", () => {
    const equal = { ...some, lengthDifferences: lengths.map(() => 0), difficulties: lengths.map(() => 0) };
    const mean = scores.reduce((sum, q) => sum + q, 0) / scores.length;
    expect(refitLengthControl(equal, 1e9)?.winRate).toBeCloseTo(mean, 8);
    expect(refitLengthControl(equal, 1e9)?.coefficients.length).toBe(0);
  });

  test("lengths that all differ by the same cannot be told from merit", () => {
    const constant = { ...some, lengthDifferences: lengths.map(() => 7) };
    expect([fitLengthControl(constant), refitLengthControl(constant, 1)]).toEqual([undefined, undefined]);
  });

  test("a judge that only likes length: the longer policy wins, and half at equal lengths", () => {
    const longer = Array.from({ length: 300 }, (_, i) => -150 + ((i * 37) % 101));
    const data = {
      ...flat,
      lengthDifferences: longer,
      difficulties: longer.map(() => 0),
      scores: longer.map((d) => sigmoid((-2 * Math.tanh(d / 29.3)) / 1)),
    };
    const raw = data.scores.reduce((sum, q) => sum + q, 0) / 300;
    expect(raw).toBeGreaterThan(0.85);
    expect(Math.abs((fitLengthControl(data)?.winRate ?? 0) - 0.5)).toBeLessThan(0.02);
  });

  test("between two fitted policies: antisymmetric, one half with itself, and the fit's own rate against the baseline", () => {
    const a = { length: 0, difficulty: 0.7, policy: 0.2 };
    const b = { length: 0, difficulty: -0.4, policy: 0.9 };
    const baseline = { length: 0, difficulty: 0, policy: 0 };
    const gammas = [-1, 0.2, 2];
    expect(impliedWinRate(a, b, gammas) + impliedWinRate(b, a, gammas)).toBeCloseTo(1, 12);
    expect(impliedWinRate(a, a, gammas)).toBe(0.5);
    const fit = fitLengthControl(some);
    expect(impliedWinRate(fit?.coefficients ?? a, baseline, some.difficulties)).toBe(fit?.winRate);
  });

  test.each([
    [0.2, 0.41, true],
    [0.2, 0.39, false],
    [0.2, 0.09, true],
    [0.8, 0.61, false],
    [0.8, 0.59, true],
    [0.02, 0.2, false],
  ])("from %d to %d is extreme: %s", (raw, controlled, isExtreme) => {
    expect(isExtremeChange(raw, controlled)).toBe(isExtreme);
  });
});

function inputOf(outcomes: readonly PromptOutcome[], more: Partial<LengthControlInput> = {}): LengthControlInput {
  return { outcomes, confidence: 0.95, bootstrapSamples: 200, seed: 3, ...more };
}

describe("as reported", () => {
  const outcomes = outcomesOfModel("vicuna-7b");

  test("names its formula and holds its estimate; equal inputs give equal reports whatever the order of prompts", () => {
    const report = lengthControlledWinRate(inputOf(outcomes));
    expect(report).toMatchObject({ kind: "estimated", formula: "minimal", n: 805, rawWinRate: winRateOf(outcomes).winRate, isExtreme: false });
    if (report.kind !== "estimated") return;
    expect(report.low).toBeLessThan(report.winRate);
    expect(report.high).toBeGreaterThan(report.winRate);
    expect(lengthControlledWinRate(inputOf([...outcomes].reverse()))).toEqual(report);
    expect(lengthControlledWinRate(inputOf(outcomes, { seed: 4 }))).not.toEqual(report);
    const full = lengthControlledWinRate(inputOf(outcomes, { calibration: { difficultyByPrompt, anchors }, bootstrapSamples: 10 }));
    expect(full).toMatchObject({ kind: "estimated", formula: "full" });
  });

  test("a prompt without a difficulty is refused, not silently lost", () => {
    const partial = new Map([...difficultyByPrompt].slice(1));
    const calibration = { difficultyByPrompt: partial, anchors: [] };
    expect(() => lengthControlledWinRate(inputOf(outcomes, { calibration }))).toThrow(/1 have none, such as prompt 0000/);
  });

  test.each([
    { name: "no prompt", outcomes: [], reason: "tooFewPrompts" },
    { name: "only wins", outcomes: outcomesOf(record(100, 0, 0)), reason: "tooFewPrompts" },
    { name: "29 prompts", outcomes: outcomesOf(record(15, 0, 14)), reason: "tooFewPrompts" },
    {
      name: "one difference in length throughout",
      outcomes: outcomesOf(
        record(30, 0, 30),
        Array.from({ length: 60 }, () => 90),
      ),
      reason: "constantLengthDifference",
    },
  ])("$name: no number, and the reason", ({ outcomes: few, reason }) => {
    expect(lengthControlledWinRate(inputOf(few))).toMatchObject({ kind: "undetermined", formula: "minimal", reason });
  });
});

test("with many resamples the standard error settles near the one of repeated evaluations", () => {
  // Judged afresh 60 times, scores are Bernoulli draws from the model; the spread of estimates is the true error.
  const rng = rngFor(5);
  const draw = (): PromptOutcome[] =>
    Array.from({ length: 150 }, (_, i) => {
      const length = 100 + rng.below(200);
      const opponentLength = 100 + rng.below(200);
      const score = rng.next() < sigmoid(-1.2 * Math.tanh((opponentLength - length) / 82) + 0.5) ? 1 : 0;
      return { promptId: promptId(i), score, length, opponentLength };
    });
  const estimates = Array.from({ length: 60 }, () => fitLengthControl(lengthDataOf(draw()))?.winRate ?? Number.NaN);
  const mean = estimates.reduce((sum, rate) => sum + rate, 0) / 60;
  const spread = Math.sqrt(estimates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / 59);
  const report = lengthControlledWinRate(inputOf(draw(), { bootstrapSamples: 400 }));
  expect(mean).toBeCloseTo(sigmoid(0.5), 1);
  expect(report.kind === "estimated" ? report.standardError / spread : 0).toBeGreaterThan(0.7);
  expect(report.kind === "estimated" ? report.standardError / spread : 9).toBeLessThan(1.4);
});
