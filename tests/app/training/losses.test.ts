/** The losses against numbers worked out by hand, their gradients, and large margins. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { gradients } from "#app/autodiff/gradients.ts";
import { logSigmoid, sigmoid } from "#app/base/log-space.ts";
import { GraphBuilder } from "#app/graph/builder.ts";
import { interpret } from "#app/graph/reference/interpret.ts";
import { tensor } from "#app/graph/reference/tensor.ts";
import { losses } from "#app/training/losses.ts";

/** Loss of one pair and its gradients by both log-ratios. */
function dnoPrct(a: number, b: number, beta: number): { readonly loss: number; readonly byChosen: number; readonly byRejected: number } {
  const g = new GraphBuilder();
  const [chosen, rejected] = [g.input("chosen", [1, 1]), g.input("rejected", [1, 1])];
  const loss = losses["dno-prct"]({ g, chosenLogRatio: chosen, rejectedLogRatio: rejected, beta });
  const [byChosen, byRejected] = gradients(g, loss, [chosen, rejected]);
  g.output("loss", loss);
  if (byChosen !== undefined) g.output("byChosen", byChosen);
  if (byRejected !== undefined) g.output("byRejected", byRejected);
  const results = interpret(
    g.build(),
    new Map([
      ["chosen", tensor([1, 1], [a])],
      ["rejected", tensor([1, 1], [b])],
    ]),
  );
  const number = (name: string): number => results.get(name)?.numbers[0] ?? Number.NaN;
  return { loss: number("loss"), byChosen: number("byChosen"), byRejected: number("byRejected") };
}

test("log-ratios .8 and -.4 at β = .1 cost .634946", () => {
  // -log σ(.12) = log(1 + e^-.12)
  expect(dnoPrct(0.8, -0.4, 0.1).loss).toBeCloseTo(0.634946, 6);
});

test("equal log-ratios cost ln 2, with half of β as the pull on each side", () => {
  fc.assert(
    fc.property(fc.double({ min: -50, max: 50, noNaN: true }), fc.double({ min: 0.01, max: 5, noNaN: true }), (ratio, beta) => {
      const { loss, byChosen, byRejected } = dnoPrct(ratio, ratio, beta);
      expect(loss).toBeCloseTo(Math.LN2, 12);
      expect(byChosen).toBeCloseTo(-beta / 2, 12);
      expect(byRejected).toBeCloseTo(beta / 2, 12);
    }),
  );
});

test("the loss is -log σ(β(a - b)) and its gradients are ∓β σ(β(b - a)), for large margins too", () => {
  const ratio = fc.double({ min: -5000, max: 5000, noNaN: true });
  fc.assert(
    fc.property(ratio, ratio, fc.double({ min: 0.01, max: 2, noNaN: true }), (a, b, beta) => {
      const { loss, byChosen, byRejected } = dnoPrct(a, b, beta);
      const expected = -logSigmoid(beta * (a - b));
      expect(Math.abs(loss - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, expected));
      expect(byChosen).toBeCloseTo(-beta * sigmoid(beta * (b - a)), 9);
      expect(byRejected).toBeCloseTo(beta * sigmoid(beta * (b - a)), 9);
    }),
  );
});
