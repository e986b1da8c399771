/** Forecasts from two measured runs: what lies on their line is said exactly, and nothing below nothing. */
import { describe, expect, it } from "vitest";
import type { GraphCost } from "#app/graph/cost.ts";
import { parseModelConfig } from "#app/models/model-config.ts";
import { calibrate, predictBytes, predictMs, runCosts } from "#app/training/run-cost.ts";

const costOf = (productFlops: number, peakBytes: number): GraphCost => ({ productFlops, peakBytes });

describe("a calibration", () => {
  it("says of the larger run what was measured, and of others what lies on the line", () => {
    const small = { cost: costOf(100, 1000), ms: 15, bytesBefore: 3000, bytesAfter: 8000 };
    const large = { cost: costOf(400, 3000), ms: 45, bytesBefore: 8800, bytesAfter: 8800 + 1.2 * 3000 + 50 };
    const calibration = calibrate(small, large, 50);
    expect(predictMs(calibration, large.cost)).toBeCloseTo(45, 9);
    expect(predictMs(calibration, costOf(1000, 0))).toBeCloseTo(5 + 100, 9);
    // 1.2 bytes held for each that is alive, beside what the run does not hold; then the trained numbers: a copy and two moments.
    const fixed = large.bytesAfter - 1.2 * 3000;
    const memory = { train: costOf(0, 10_000), besideBytes: 0, parameterBytes: 50, runsAStep: 1 };
    expect(predictBytes(calibration, memory)).toBeCloseTo(fixed + 12_000 + 150, 6);
    expect(predictBytes(calibration, { ...memory, runsAStep: 2 })).toBeCloseTo(fixed + 12_000 + 200, 6);
    expect(predictBytes(calibration, { ...memory, besideBytes: 500 })).toBeCloseTo(fixed + 12_600 + 150, 6);
  });

  it("never expects time or memory to start below nothing, nor memory to grow slower than what is alive", () => {
    const noisy = calibrate(
      { cost: costOf(100, 1000), ms: 1, bytesBefore: 0, bytesAfter: 9000 },
      { cost: costOf(400, 3000), ms: 40, bytesBefore: 9000, bytesAfter: 9100 },
      50,
    );
    expect(noisy).toMatchObject({ msFixed: 0, msPerFlop: 0.1, bytesPerAliveByte: 1, bytesFixed: 6100 });
  });
});

describe("the costs of a run", () => {
  const config = parseModelConfig(
    {
      model_type: "llama",
      hidden_size: 16,
      intermediate_size: 32,
      num_hidden_layers: 3,
      num_attention_heads: 2,
      num_key_value_heads: 1,
      vocab_size: 40,
    },
    "test",
  );
  const objective = { loss: { kind: "dno-prct", beta: 0.1 }, sftWeight: 0 } as const;
  const costs = (length: number, batch = 1, adapter: Parameters<typeof runCosts>[0]["adapter"] = { rank: 2, alpha: 4, targets: ["q_proj"] }) =>
    runCosts({ config, adapter }, { batch, bucket: { length, rows: length / 2 } }, objective);

  it("grow with length, with pairs a run and with what is trained", () => {
    const [base, longer, two, all] = [costs(32), costs(64), costs(32, 2), costs(32, 1, null)];
    for (const other of [longer, two]) {
      expect(other.train.productFlops).toBeGreaterThan(1.5 * base.train.productFlops);
      expect(other.train.peakBytes).toBeGreaterThan(1.5 * base.train.peakBytes);
    }
    expect(all.train.productFlops).toBeGreaterThan(base.train.productFlops);
    // Gradients are two passes to the forward one's one, less what nobody needs; all weights need them all.
    expect(all.train.productFlops / all.score.productFlops).toBeGreaterThan(2.7);
    expect(base.score.peakBytes).toBeLessThan(base.train.peakBytes);
  });
});
