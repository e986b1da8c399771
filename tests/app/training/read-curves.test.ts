/** The sentences under the curves, each from a run made to show it. */
import { expect, test } from "vitest";
import { COLLAPSE_NATS, type CurveFacts, type CurveRow, readCurves } from "#app/training/read-curves.ts";

type Shape = (step: number) => Readonly<Record<string, number>>;

/** Rows of a run with beta 0.1; `a` and `b` are the log-ratios of chosen and rejected in nats. */
function run(steps: number, ratios: (step: number) => { readonly a: number; readonly b: number }, more: Shape = () => ({})): CurveRow[] {
  return Array.from({ length: steps }, (_, i) => {
    const { a, b } = ratios(i + 1);
    const margin = 0.1 * (a - b);
    return {
      step: i + 1,
      values: {
        loss: Math.log1p(Math.exp(-margin)),
        "rewards/chosen": 0.1 * a,
        "rewards/rejected": 0.1 * b,
        "rewards/margins": margin,
        "rewards/accuracies": margin > 0 ? 0.74 : 0.5,
        "logps/chosen": -180 + a,
        "logps/rejected": -190 + b,
        nll_loss: 1.2,
        grad_norm: 0.5,
        ...more(i + 1),
      },
    };
  });
}

const FACTS: Omit<CurveFacts, "rows"> = {
  loss: { kind: "dno-prct", beta: 0.1 },
  sftWeight: 0,
  maxGradNorm: 1,
  epochs: 1,
  isDone: false,
  error: null,
  lastCheckpointStep: 60,
  earlier: null,
};

const titles = (facts: Partial<CurveFacts> & Pick<CurveFacts, "rows">): string[] =>
  readCurves({ ...FACTS, ...facts }).map(({ kind, title }) => `${kind}: ${title}`);
/** A little scatter, the same in every run of this test. */
const wobble = (step: number): number => 0.2 * Math.sin(7 * step);

test("before there is anything to read it says so", () => {
  expect(titles({ rows: [] })).toEqual(["note: No step is done yet."]);
  expect(titles({ rows: run(3, () => ({ a: 0, b: 0 })) })).toEqual(["note: Too early to read."]);
});

test("both fall while the margin grows: usual, with how far the chosen one fell", () => {
  const rows = run(71, (step) => ({ a: -0.05 * step + wobble(step), b: -0.15 * step + wobble(step) }));
  const [first] = readCurves({ ...FACTS, rows });
  expect(first?.kind).toBe("usual");
  expect(first?.title).toBe("Both log-probabilities fall while the margin grows.");
  // The mean of -0.05 · step over steps 52 to 71 is -3.075.
  expect(first?.text).toContain("it has lost 3.1 nats since step 0, and the lab warns at 20");
});

test("the chosen one grows: the preference is learned", () => {
  expect(titles({ rows: run(40, (step) => ({ a: 0.05 * step + wobble(step), b: -0.05 * step + wobble(step) })) })).toContain(
    "usual: The policy learns the preference.",
  );
});

test("a side that has not moved by a digit that shows is not said to have gained -0.0", () => {
  const rows = run(40, (step) => ({ a: wobble(step) / 1000, b: -0.05 * step }));
  const found = readCurves({ ...FACTS, rows }).find((reading) => reading.title === "The policy learns the preference.");
  // The mean of -0.05 · step over steps 21 to 40 is -1.525.
  expect(found?.text).toBe("Since step 0 the chosen responses did not move and the rejected ones lost 1.5 nats.");
});

test("the chosen one collapses: alarm, first, whatever the margin does", () => {
  const rows = run(60, (step) => ({ a: -0.6 * step, b: -1.5 * step }));
  const [first] = readCurves({ ...FACTS, rows });
  expect(first).toMatchObject({ kind: "alarm", title: "The chosen responses collapse." });
  expect(first?.text).toContain(`the lab warns at ${COLLAPSE_NATS}`);
  // At 20 nats and not before.
  expect(titles({ rows: run(60, () => ({ a: -COLLAPSE_NATS + 0.5, b: -40 })) })[0]).toMatch(/^usual/u);
  expect(titles({ rows: run(60, () => ({ a: -COLLAPSE_NATS - 0.5, b: -40 })) })[0]).toMatch(/^alarm/u);
});

test("both fall alike: alarm", () => {
  expect(titles({ rows: run(40, (step) => ({ a: -0.1 * step + wobble(step), b: -0.1 * step + wobble(step + 1) })) })).toContain(
    "alarm: The chosen responses become less likely, and the margin does not grow.",
  );
});

test("a loss that stays at ln 2 is nothing learned, also beside an SFT term", () => {
  const flat = (step: number) => ({ a: wobble(step), b: wobble(step + 1) });
  expect(titles({ rows: run(40, flat) })).toContain("note: Nothing has been learned yet.");
  const withSft = run(40, flat).map(({ step, values }) => ({ step, values: { ...values, loss: (values["loss"] ?? 0) + 0.5 * 1.2 } }));
  expect(titles({ rows: withSft, sftWeight: 0.5 })).toContain("note: Nothing has been learned yet.");
  expect(titles({ rows: withSft, sftWeight: 0 })).not.toContain("note: Nothing has been learned yet.");
});

test("a loss above ln 2 is an alarm", () => {
  expect(titles({ rows: run(40, (step) => ({ a: -0.1 * step, b: 0.1 * step })) })).toContain("alarm: The loss is above where it began.");
});

test("a loss without a known start is not measured by ln 2", () => {
  const rows = run(40, (step) => ({ a: -0.1 * step, b: 0.1 * step }));
  expect(titles({ rows, loss: { kind: "dpo", beta: 0.1 } }).join()).not.toContain("where it began");
});

test("a run that failed says where, and what is kept; numbers that ran away have their own cure", () => {
  const rows = run(63, (step) => ({ a: 0.1 * step, b: 0 }));
  const [first] = readCurves({ ...FACTS, rows, error: "step 64: expected gradients that are numbers, got a norm of NaN" });
  expect(first).toMatchObject({ kind: "alarm", title: "Training stopped after step 63: the numbers ran away." });
  expect(first?.text).toContain("The checkpoint of step 60 is kept.");
  expect(readCurves({ ...FACTS, rows: [], error: "no space left", lastCheckpointStep: null })).toEqual([
    { kind: "alarm", title: "Training stopped after step 0.", text: "No checkpoint was reached." },
  ]);
});

test("tells how much faster it learns than the round before", () => {
  const fast = run(60, (step) => ({ a: 0.1 * step, b: 0 }));
  const slow = run(60, (step) => ({ a: 0.05 * step, b: 0 }));
  const faster = readCurves({ ...FACTS, rows: fast, earlier: { round: 3, rows: slow } }).find((one) => one.title.startsWith("It learns"));
  // The slow run's margin over 5 steps comes to 0.29; half of it, 0.145, is shown as 0.15: steps 17 and 31.
  expect(faster).toEqual({
    kind: "usual",
    title: "It learns faster than round 3 did.",
    text: "The margin reached 0.15 at step 17; round 3 needed 31 steps.",
  });
});

test("clipped steps, pairs that are too easy, and what accuracy is not", () => {
  const rows = run(
    40,
    (step) => ({ a: 0.1 * step, b: 0 }),
    () => ({ grad_norm: 3, "rewards/accuracies": 1 }),
  );
  expect(titles({ rows })).toEqual([
    "usual: The policy learns the preference.",
    "note: Nearly every pair is in the right order.",
    "note: Most steps are clipped.",
    "note: “100 % in the right order” is not a win rate.",
  ]);
  expect(titles({ rows, maxGradNorm: 0 }).join()).not.toContain("clipped");
});

test("without a reference the log-probabilities themselves are read, then and now", () => {
  const rows = run(60, (step) => ({ a: -0.8 * step, b: -2 * step }));
  expect(titles({ rows, loss: { kind: "simpo", beta: 2.5, gammaRatio: 0.55 } })[0]).toBe("alarm: The chosen responses collapse.");
});

test("held-out pairs: a loss that falls holds for what it has not seen, one that rises twice is learning by heart", () => {
  const at = (losses: Readonly<Record<number, number>>): CurveRow[] =>
    run(
      40,
      (step) => ({ a: 0.05 * step, b: -0.05 * step }),
      (step): Readonly<Record<string, number>> => {
        const loss = losses[step];
        return loss === undefined ? {} : { eval_loss: loss, "eval_rewards/accuracies": 0.61 };
      },
    );
  expect(titles({ rows: at({ 10: 0.69, 20: 0.66, 30: 0.64 }) })).toContain("usual: What is learned holds for pairs it has not seen.");
  expect(titles({ rows: at({ 10: 0.66, 20: 0.69, 30: 0.72 }) })[0]).toBe("alarm: The loss on held-out pairs rises since step 10.");
  // One worse measurement, or a difference that nobody could tell, is no alarm.
  expect(titles({ rows: at({ 10: 0.66, 20: 0.69 }) }).join()).not.toContain("held-out");
  expect(titles({ rows: at({ 10: 0.66, 20: 0.661, 30: 0.662 }) }).join()).not.toContain("held-out");
  const last = readCurves({ ...FACTS, rows: at({ 10: 0.69, 20: 0.66 }) }).at(-1);
  expect(last?.text).toContain("Of the held-out pairs 61 % were in the right order at step 20.");
});
