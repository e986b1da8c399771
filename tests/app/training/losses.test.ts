/** The losses against numbers worked out by hand, their gradients against central differences, and large margins. */
import { describe, expect, it, test } from "vitest";
import { logSigmoid, sigmoid } from "#app/base/log-space.ts";
import { type LossKind, type LossSettings, lossSettingsSchema } from "#app/domain/loss.ts";
import { GraphBuilder } from "#app/graph/builder.ts";
import { prune } from "#app/graph/lower.ts";
import { columnsOf, firstPolicyShareOf, losses } from "#app/training/losses.ts";
import { columnInputs } from "#app/training/losses/loss-row.ts";
import { lossGraph, type PairNumbers, pairLoss } from "#tests/support/loss-cases.ts";
import { fc } from "#tests/support/properties.ts";

// The table's own keys, which the compiler knows to be complete.
const KINDS = Object.keys(losses) as LossKind[];

/** A pair with log-ratios a and b, the tokens of each response alike. */
function pairOf(
  a: number,
  b: number,
  more: Partial<PairNumbers> & { readonly chosenCount?: number; readonly rejectedCount?: number } = {},
): PairNumbers {
  const { chosenCount = 4, rejectedCount = 8, referenceChosen = -6, referenceRejected = -9, ...rest } = more;
  const spread = (sum: number, count: number): number[] => Array.from({ length: count }, () => sum / count);
  return {
    chosenTokenLogps: spread(referenceChosen + a, chosenCount),
    rejectedTokenLogps: spread(referenceRejected + b, rejectedCount),
    referenceChosen,
    referenceRejected,
    chosenWinRate: 0.8,
    rejectedWinRate: 0.3,
    mismatchedLogRatio: 0,
    ...rest,
  };
}

function defaultsOf(kind: LossKind): LossSettings {
  return lossSettingsSchema.parse({ kind });
}

describe("one pair with log-ratios .8 and -.4, of 4 and 8 tokens", () => {
  const pair = pairOf(0.8, -0.4);
  it.each([
    // -log σ(.1 · 1.2)
    [{ kind: "dno-prct", beta: 0.1 }, 0.634946],
    [{ kind: "dpo", beta: 0.1 }, 0.634946],
    [{ kind: "spin", beta: 0.1 }, 0.634946],
    // 1 - .12
    [{ kind: "hinge", beta: 0.1 }, 0.88],
    // (1.2 - 5)²
    [{ kind: "ipo-summed", beta: 0.1 }, 14.44],
    // (.2 + .05 - 5)²
    [{ kind: "ipo-token-averaged", beta: 0.1 }, 22.5625],
    [{ kind: "robust", beta: 0.1, labelNoise: 0.1 }, 0.619946],
    [{ kind: "cdpo", beta: 0.1, labelNoise: 0.1 }, 0.646946],
    // (.8 - 5)² + (-.4 + 5)²
    [{ kind: "sppo-hard", beta: 0.1 }, 38.8],
    // ½ ((.8 - 3)² + (-.4 + 2)²)
    [{ kind: "sppo", beta: 0.1 }, 3.7],
    // -log σ(.1 · .25)
    [{ kind: "length-normalised", beta: 0.1 }, 0.680725],
    // z = σ(.5), Δ = 1.2
    [{ kind: "dno", beta: 1, rewardScale: 1 }, 0.716331],
    [{ kind: "regularised-dno-1", beta: 1, rewardScale: 1, firstPolicyShare: 0.5 }, 0.716331],
    [{ kind: "regularised-dno-2", beta: 1, rewardScale: 1, firstPolicyShare: 0.5 }, 0.716331],
    [{ kind: "inpo", beta: 0.1, firstPolicyShare: 0.5 }, 14.44],
    // The two terms by themselves, which a pair averages.
    [{ kind: "kto", beta: 0.1, desirableWeight: 2, undesirableWeight: 0 }, 0.480011],
    [{ kind: "kto", beta: 0.1, desirableWeight: 0, undesirableWeight: 2 }, 0.490001],
    [{ kind: "kto", beta: 0.1, desirableWeight: 1, undesirableWeight: 1 }, (0.480011 + 0.490001) / 2],
    // 5.2 nats over 4 tokens
    [{ kind: "sft" }, 1.3],
  ] as const)("%j costs %d", (settings, expected) => {
    expect(Math.abs(pairLoss(settings, pair).loss - expected)).toBeLessThan(0.6e-6);
  });

  it("costs by mean log-probabilities where there is no reference: SimPO 1.223445, ORPO's odds term .054713", () => {
    const means = pairOf(0, 0, { referenceChosen: -0.9 * 4, referenceRejected: -1.1 * 8 });
    expect(pairLoss({ kind: "simpo", beta: 2.5, gammaRatio: 0.55 }, means).loss).toBeCloseTo(1.223445, 6);
    expect(pairLoss({ kind: "orpo", beta: 0.1 }, means).loss - 0.9).toBeCloseTo(0.054713, 6);
  });

  it("adds the weight times the mean negative log-likelihood of the chosen response", () => {
    for (const kind of KINDS) {
      const bare = pairLoss(defaultsOf(kind), pair);
      const withSft = pairLoss(defaultsOf(kind), pair, 0.3);
      expect(withSft.loss - bare.loss).toBeCloseTo(0.3 * 1.3, 8);
      withSft.byChosenTokens.forEach((gradient, i) => {
        expect(gradient - (bare.byChosenTokens[i] ?? Number.NaN)).toBeCloseTo(-0.3 / 4, 8);
      });
    }
  });
});

describe.each(KINDS)("%s", (kind) => {
  const settings = defaultsOf(kind);

  it("is fed what its row declares, uses all of it and leaves rows without a pair alone", () => {
    const graph = lossGraph(settings, 2, 3);
    const declared = columnsOf({ loss: settings, sftWeight: 0 });
    const fed = graph.inputs.map(({ name }) => name).filter((name) => name !== "tokenLogps" && name !== "weights");
    expect(fed.sort()).toEqual([...declared].sort());
    const read = new Set(prune(graph).nodes.flatMap((node) => node.inputs.map(({ name }) => name)));
    expect(fed.filter((name) => !read.has(name))).toEqual([]);
  });

  it("has gradients that agree with central differences", () => {
    const pair = pairOf(0.8, -0.4, { mismatchedLogRatio: 0.1, chosenCount: 3, rejectedCount: 2 });
    const { byChosenTokens, byRejectedTokens } = pairLoss(settings, pair);
    const slope = (side: "chosenTokenLogps" | "rejectedTokenLogps"): number => {
      const at = (step: number): number => pairLoss(settings, { ...pair, [side]: pair[side].with(0, (pair[side][0] ?? 0) + step) }).loss;
      return (at(1e-5) - at(-1e-5)) / 2e-5;
    };
    const close = (gradients: readonly number[], expected: number): void => {
      // All tokens of a response count alike.
      for (const gradient of gradients) expect(Math.abs(gradient - expected)).toBeLessThan(1e-6 * Math.max(1, Math.abs(expected)));
    };
    close(byChosenTokens, slope("chosenTokenLogps"));
    close(byRejectedTokens, slope("rejectedTokenLogps"));
  });

  it("stays finite where a token is certain and where log-ratios are large", () => {
    for (const pair of [pairOf(0, 0, { referenceChosen: 0, referenceRejected: 0 }), pairOf(400, -400), pairOf(-400, 400), pairOf(-4000, -4000)]) {
      const { loss, byChosenTokens, byRejectedTokens } = pairLoss(settings, pair);
      expect([loss, ...byChosenTokens, ...byRejectedTokens].filter((number) => !Number.isFinite(number))).toEqual([]);
    }
  });
});

test("a column that a loss does not declare is refused", () => {
  const column = columnInputs(new GraphBuilder(), 2, columnsOf({ loss: { kind: "dpo", beta: 1 }, sftWeight: 0 }));
  expect(column("referenceChosen")).toBe(column("referenceChosen"));
  expect(() => column("chosenWinRates")).toThrow("expected a column that the loss declares (referenceChosen, referenceRejected), got chosenWinRates");
});

test("equal log-ratios cost ln 2, with half of β as the pull on each side", () => {
  fc.assert(
    fc.property(fc.double({ min: -50, max: 50, noNaN: true }), fc.double({ min: 0.01, max: 5, noNaN: true }), (ratio, beta) => {
      const { loss, byChosenTokens, byRejectedTokens } = pairLoss(
        { kind: "dno-prct", beta },
        pairOf(ratio, ratio, { chosenCount: 1, rejectedCount: 1 }),
      );
      expect(loss).toBeCloseTo(Math.LN2, 12);
      expect(byChosenTokens[0]).toBeCloseTo(-beta / 2, 12);
      expect(byRejectedTokens[0]).toBeCloseTo(beta / 2, 12);
    }),
  );
});

test("the loss is -log σ(β(a - b)) and its gradients are ∓β σ(β(b - a)), for large margins too", () => {
  const ratio = fc.double({ min: -5000, max: 5000, noNaN: true });
  fc.assert(
    fc.property(ratio, ratio, fc.double({ min: 0.01, max: 2, noNaN: true }), (a, b, beta) => {
      const pair = pairOf(a, b, { chosenCount: 1, rejectedCount: 1, referenceChosen: 0, referenceRejected: 0 });
      const { loss, byChosenTokens, byRejectedTokens } = pairLoss({ kind: "dno-prct", beta }, pair);
      const expected = -logSigmoid(beta * (a - b));
      expect(Math.abs(loss - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, expected));
      expect(byChosenTokens[0]).toBeCloseTo(-beta * sigmoid(beta * (b - a)), 9);
      expect(byRejectedTokens[0]).toBeCloseTo(beta * sigmoid(beta * (b - a)), 9);
    }),
  );
});

test("soft targets are met where βΔ is the scaled gap of the win rates", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0.1, max: 5, noNaN: true }),
      (chosenWinRate, rejectedWinRate, beta) => {
        const gap = (2 * (chosenWinRate - rejectedWinRate)) / beta;
        const { byChosenTokens, byRejectedTokens } = pairLoss(
          { kind: "dno", beta, rewardScale: 2 },
          pairOf(gap, 0, { chosenWinRate, rejectedWinRate }),
        );
        expect(byChosenTokens[0]).toBeCloseTo(0, 10);
        expect(byRejectedTokens[0]).toBeCloseTo(0, 10);
      },
    ),
  );
});

test("each loss has the first policy's share that its reference means", () => {
  const shares = Object.fromEntries(KINDS.map((kind) => [kind, firstPolicyShareOf(defaultsOf(kind))]));
  expect(shares).toMatchObject({
    "dno-prct": 0,
    dno: 0,
    sppo: 0,
    spin: 0,
    dpo: 1,
    kto: 1,
    "ipo-summed": 1,
    inpo: 1 / 3,
    "regularised-dno-1": 1 / 3,
    simpo: undefined,
    sft: undefined,
  });
});
