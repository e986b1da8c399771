/** Gradients and steps of LoRA training with DNO-Prct against PyTorch and PEFT (tests/golden/make-tiny-llama.py). */
import { afterEach, describe, expect, it } from "vitest";
import { CancelledError } from "#app/base/errors.ts";
import { type TrainingSettings, trainingSettingsSchema } from "#app/domain/training.ts";
import { MACHINE_METRICS } from "#app/training/metrics.ts";
import type { PolicyModel } from "#main/engine/runtime/policy-model.ts";
import { createSessionCache, type SessionCache } from "#main/engine/runtime/session-cache.ts";
import { prefill } from "#main/engine/sampling/prefill.ts";
import { differentiatePairs, scorePairs } from "#main/engine/training/pair-runs.ts";
import { trainAdapter, type TrainingHooks } from "#main/engine/training/train-adapter.ts";
import { stateFromTensors, stateTensors, type TrainingState } from "#main/engine/training/training-state.ts";
import { GOLDEN_VARIANTS, goldenExpected, goldenFullPolicy, goldenPolicy, type GoldenVariant } from "#tests/support/golden-llama.ts";

const open: SessionCache[] = [];
afterEach(async () => {
  for (const sessions of open.splice(0)) await sessions.release();
});

function runnerOf(variant: GoldenVariant, batch: number) {
  const sessions = createSessionCache(16, { threads: 1, fusion: "exact" });
  open.push(sessions);
  return { policy: goldenPolicy(variant, true), sessions, batch };
}

function pairsOf(variant: GoldenVariant) {
  return goldenExpected(variant).pairs.map(({ prompt, chosen, rejected }) => ({ promptIds: prompt, chosenIds: chosen, rejectedIds: rejected }));
}

/** The settings of the golden run: all pairs in each step. */
function settingsOf(variant: GoldenVariant, more: Partial<TrainingSettings> = {}): TrainingSettings {
  const { beta, sftWeight, learningRate, warmupSteps, maxGradNorm, weightDecay, steps } = goldenExpected(variant).training;
  return {
    ...trainingSettingsSchema.parse({
      beta,
      sftWeight,
      learningRate,
      maxGradNorm,
      weightDecay,
      warmupShare: warmupSteps / steps.length,
      epochs: steps.length,
      batchSize: 3,
      microBatchSize: 3,
    }),
    ...more,
  };
}

type Trained = {
  readonly state: TrainingState;
  readonly metrics: readonly Readonly<Record<string, number>>[];
  readonly saved: ReadonlyMap<number, ReadonlyMap<string, Float32Array>>;
};

async function train(
  variant: GoldenVariant,
  settings: TrainingSettings,
  options: { readonly resumed?: TrainingState; readonly cancelAtStep?: number; readonly policy?: PolicyModel } = {},
): Promise<Trained> {
  const metrics: Readonly<Record<string, number>>[] = [];
  const saved = new Map<number, ReadonlyMap<string, Float32Array>>();
  const hooks: TrainingHooks = {
    referenceScored: () => undefined,
    stepDone: (_, values) => metrics.push(replayed(values)),
    save: (state) => {
      saved.set(state.step, new Map([...stateTensors(state)].map(([name, numbers]) => [name, numbers.slice()])));
      return Promise.resolve();
    },
    isCancelled: () => metrics.length === options.cancelAtStep,
    breathe: () => Promise.resolve(),
  };
  const runner = runnerOf(variant, settings.microBatchSize);
  const inputs = {
    runner: { ...runner, policy: options.policy ?? runner.policy },
    pairs: pairsOf(variant),
    settings,
    seed: 7,
    resumed: options.resumed,
  };
  const state = await trainAdapter(inputs, hooks).catch((thrown: unknown) => {
    if (thrown instanceof CancelledError) return { ...inputs.resumed, step: metrics.length } as TrainingState;
    throw thrown;
  });
  return { state, metrics, saved };
}

/** Without what tells of the machine, which differs from run to run. */
function replayed(values: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  for (const name of MACHINE_METRICS) expect(values[name], name).toBeGreaterThan(0);
  return Object.fromEntries(Object.entries(values).filter(([name]) => !MACHINE_METRICS.some((machine) => machine === name)));
}

describe.each(GOLDEN_VARIANTS)("training a %s tiny Llama", (variant) => {
  const expected = goldenExpected(variant).training;

  it("starts with PyTorch's gradients", async () => {
    const runner = runnerOf(variant, 3);
    const pairs = pairsOf(variant);
    const scored = await scorePairs(runner, pairs);
    const reference = { chosen: Float32Array.from(scored, (pair) => pair.chosen), rejected: Float32Array.from(scored, (pair) => pair.rejected) };
    const run = await differentiatePairs(runner, { pairs, indices: [0, 1, 2], weight: 1 / 3 }, runner.policy.factors, reference, settingsOf(variant));
    for (const loss of run.losses) expect(loss).toBeCloseTo(Math.LN2, 6);
    const largest = Math.max(...Object.values(expected.firstGradients).flat().map(Math.abs));
    for (const [name, want] of Object.entries(expected.firstGradients)) {
      const got = run.gradients.get(name);
      expect(got?.length, name).toBe(want.length);
      want.forEach((number, i) => {
        expect(Math.abs((got?.[i] ?? Number.NaN) - number), `${name}[${i}]`).toBeLessThan(1e-4 * largest);
      });
    }
  });

  it("follows PyTorch's AdamW step by step", async () => {
    const { state, metrics } = await train(variant, settingsOf(variant));
    expect(metrics).toHaveLength(expected.steps.length);
    expected.steps.forEach((want, i) => {
      const got = metrics[i] ?? {};
      expect(Math.abs((got["loss"] ?? Number.NaN) - want.loss), `loss of step ${i + 1}`).toBeLessThan(1e-3);
      expect(Math.abs((got["grad_norm"] ?? Number.NaN) - want.grad_norm) / want.grad_norm, `norm of step ${i + 1}`).toBeLessThan(1e-3);
      expect(got["learning_rate"]).toBeCloseTo(want.learning_rate, 9);
    });
    const policy = { ...goldenPolicy(variant, true), factors: state.factors };
    const { next } = await prefill(policy, runnerOf(variant, 2).sessions, goldenExpected(variant).prompt, 1);
    expected.finalLogits.forEach((want, i) => {
      expect(Math.abs((next.logits?.[i] ?? Number.NaN) - want)).toBeLessThan(2e-3);
    });
  });

  it("follows PyTorch's AdamW over all weights too", async () => {
    const { fullTraining } = goldenExpected(variant);
    const { beta, maxGradNorm, weightDecay } = expected;
    const epochs = fullTraining.steps.length;
    const settings = trainingSettingsSchema.parse({
      beta,
      maxGradNorm,
      weightDecay,
      learningRate: fullTraining.learningRate,
      warmupShare: 0,
      schedule: "constant",
      epochs,
      batchSize: 3,
      microBatchSize: 3,
    });
    const { metrics } = await train(variant, settings, { policy: goldenFullPolicy(variant) });
    fullTraining.steps.forEach((want, i) => {
      expect(Math.abs((metrics[i]?.["loss"] ?? Number.NaN) - want.loss), `loss of step ${i + 1}`).toBeLessThan(1e-3);
      expect(Math.abs((metrics[i]?.["grad_norm"] ?? Number.NaN) - want.grad_norm) / want.grad_norm, `norm of step ${i + 1}`).toBeLessThan(1e-3);
    });
  });
});

describe("a training run", () => {
  it("computes the same in small runs as in a large one", async () => {
    const [large, small] = [await train("tied", settingsOf("tied")), await train("tied", settingsOf("tied", { microBatchSize: 1 }))];
    large.metrics.forEach((want, i) => {
      for (const name of ["loss", "grad_norm", "rewards/margins"]) expect(small.metrics[i]?.[name]).toBeCloseTo(want[name] ?? Number.NaN, 4);
    });
  });

  it("goes on after a stop as if it had not stopped, to the bit", async () => {
    const settings = settingsOf("biased", { batchSize: 2, microBatchSize: 1, epochs: 4, checkpointEverySteps: 3 });
    const whole = await train("biased", settings);
    expect([...whole.saved.keys()]).toEqual([3, 6]);
    for (const [cancelAtStep, savedAt] of [
      [1, 1],
      [5, 5],
    ] as const) {
      const stopped = await train("biased", settings, { cancelAtStep });
      const tensors = stopped.saved.get(savedAt);
      if (tensors === undefined) throw new Error(`nothing saved at step ${savedAt}`);
      const resumed = await train("biased", settings, { resumed: stateFromTensors(savedAt, tensors, goldenPolicy("biased", true).factors, 3) });
      expect(resumed.metrics).toEqual(whole.metrics.slice(savedAt));
      expect(resumed.state.factors).toEqual(whole.state.factors);
    }
  });

  it("refuses a reference that is not the policy of the round", async () => {
    const first = await train("tied", settingsOf("tied", { checkpointEverySteps: 1 }));
    const tensors = first.saved.get(1);
    if (tensors === undefined) throw new Error("nothing saved");
    const wrong = stateFromTensors(0, new Map(tensors).set("reference:chosen", new Float32Array(3)), goldenPolicy("tied", true).factors, 3);
    await expect(train("tied", settingsOf("tied"), { resumed: wrong })).rejects.toThrow(
      "expected the policy of the round as the reference at step 0",
    );
  });

  it.each([
    ["loss", { loss: { kind: "dno-prct", beta: 0.9 } }],
    ["sftWeight", { sftWeight: 0 }],
    ["learningRate", { learningRate: 0.01 }],
    ["schedule", { schedule: "cosine" }],
    ["warmupShare", { warmupShare: 0 }],
    ["adamBeta1", { adamBeta1: 0.5 }],
    ["adamBeta2", { adamBeta2: 0.9 }],
    ["adamEpsilon", { adamEpsilon: 0.1 }],
    ["weightDecay", { weightDecay: 0.5 }],
    ["maxGradNorm", { maxGradNorm: 0 }],
    ["epochs", { epochs: 3 }],
    ["batchSize", { batchSize: 2 }],
  ] as const)("%s changes what comes out", async (_, change) => {
    const base = await train("tied", settingsOf("tied", { epochs: 4 }));
    const changed = await train("tied", { ...settingsOf("tied", { epochs: 4 }), ...change });
    expect(changed.state.factors).not.toEqual(base.state.factors);
  });
});
