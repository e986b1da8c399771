/** A policy that is a table of logits over a few answers, with the lab's own losses over pairs of them. */
import { gradients } from "#app/autodiff/gradients.ts";
import type { LossSettings } from "#app/domain/loss.ts";
import { GraphBuilder } from "#app/graph/builder.ts";
import { interpret } from "#app/graph/reference/interpret.ts";
import { tensor } from "#app/graph/reference/tensor.ts";
import type { Graph, Value } from "#app/graph/types.ts";
import { buildLoss } from "#app/training/losses.ts";
import type { LossColumn } from "#app/training/losses/loss-row.ts";

/** A chosen and a rejected answer, by number. */
export type AnswerPair = readonly [number, number];

/** Every ordered pair of answers, so that a batch is a weight for each. */
export function orderedPairs(size: number): AnswerPair[] {
  return Array.from({ length: size * size }, (_, k): AnswerPair => [Math.floor(k / size), k % size]).filter(([a, b]) => a !== b);
}

/** Inputs of a table's loss beside its logits, each a number an answer, and a weight for each ordered pair. */
export type TableFeeds = {
  readonly logits: readonly number[];
  readonly reference: readonly number[];
  readonly weights: readonly number[];
  readonly winRates?: readonly number[];
  /** 1 / tokens of each answer. */
  readonly inverseLengths?: readonly number[];
};

export type TableLoss = (feeds: TableFeeds) => { readonly loss: number; readonly gradient: readonly number[] };

/** Σ weight · loss over all ordered pairs, and its gradient by the logits. */
export function tableLoss(size: number, settings: LossSettings): TableLoss {
  const graph = buildTableGraph(size, settings);
  return ({ logits, reference, weights, winRates = [], inverseLengths = [] }) => {
    const known: Readonly<Record<string, readonly number[]>> = { logits, reference, weights, winRates, inverseLengths };
    const results = interpret(graph, new Map(graph.inputs.map(({ name, shape }) => [name, tensor(shape, known[name] ?? [])])));
    return { loss: results.get("loss")?.numbers[0] ?? Number.NaN, gradient: [...(results.get("gradient")?.numbers ?? [])] };
  };
}

/** Which input of the graph a column of the loss is taken from, and whether it speaks of the chosen or of the rejected answer. */
const SOURCES: { readonly [Name in LossColumn]?: readonly ["reference" | "winRates" | "inverseLengths", 0 | 1] } = {
  referenceChosen: ["reference", 0],
  referenceRejected: ["reference", 1],
  chosenWinRates: ["winRates", 0],
  rejectedWinRates: ["winRates", 1],
  inverseChosenLengths: ["inverseLengths", 0],
  inverseRejectedLengths: ["inverseLengths", 1],
};

function buildTableGraph(size: number, settings: LossSettings): Graph {
  const g = new GraphBuilder();
  const pairs = orderedPairs(size);
  const every = Array.from({ length: size }, (_, i) => i);
  const identity = g.constant(
    every.flatMap((i) => every.map((j) => (i === j ? 1 : 0))),
    [size, size],
  );
  const logits = g.input("logits", [1, size]);
  const logps = g.one("TokenLogp", [g.one("Expand", [logits], { shape: [size, size] }), identity, g.constant(every, [size], "int64")]);
  const side = (of: Value, which: 0 | 1): Value => {
    const answers = pairs.map((pair) => pair[which]);
    return g.one("Gather", [of, g.constant(answers, [pairs.length], "int64")]);
  };
  const inputs = new Map<string, Value>();
  const column = (name: LossColumn): Value => {
    const [input, which] = SOURCES[name] ?? [];
    if (input === undefined || which === undefined) throw new Error(`a table has no column ${name}`);
    const value = inputs.get(input) ?? g.input(input, [size, 1]);
    inputs.set(input, value);
    return side(value, which);
  };
  const loss = buildLoss({ g, chosenLogps: side(logps, 0), rejectedLogps: side(logps, 1), column }, settings);
  const total = g.sum(g.mul(g.input("weights", [pairs.length, 1]), loss), [0, 1], false);
  const [gradient] = gradients(g, total, [logits]);
  g.output("loss", total);
  if (gradient !== undefined) g.output("gradient", gradient);
  return g.build();
}
