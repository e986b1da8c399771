/** The whole loss of a packed batch: its gradients against central differences, and what packing must not change. */
import { describe, expect, it } from "vitest";
import { logSigmoid, sigmoid } from "#app/base/log-space.ts";
import { rngFor } from "#app/base/random.ts";
import { checkGraph } from "#app/graph/check.ts";
import { lower } from "#app/graph/lower.ts";
import { interpret } from "#app/graph/reference/interpret.ts";
import { type Tensor, tensor } from "#app/graph/reference/tensor.ts";
import { elementCount } from "#app/graph/shapes.ts";
import type { Graph } from "#app/graph/types.ts";
import { adapterTensors, type AdapterShape } from "#app/models/adapter.ts";
import { type Model, weightsFromInputs } from "#app/models/decoder.ts";
import { parseModelConfig } from "#app/models/model-config.ts";
import { ropeFeeds } from "#app/models/position-inputs.ts";
import { ropeFrequencies } from "#app/models/rope-tables.kernel.ts";
import type { Bucket } from "#app/training/buckets.ts";
import { buildPairScoringGraph, buildPairTrainingGraph, gradientName, PAIR_OUTPUTS } from "#app/training/pair-graph.ts";
import { packPairs, type TokenPair } from "#app/training/pair-packing.ts";

const config = parseModelConfig(
  {
    model_type: "llama",
    hidden_size: 8,
    intermediate_size: 6,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    num_key_value_heads: 1,
    vocab_size: 11,
    attention_bias: true,
  },
  "test",
);
const adapter: AdapterShape = { rank: 2, alpha: 3, targets: ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"] };
const model: Model = { config, weights: weightsFromInputs, adapter };
const pairs: readonly TokenPair[] = [
  { promptIds: [1, 2], chosenIds: [3, 4], rejectedIds: [5] },
  { promptIds: [6], chosenIds: [7], rejectedIds: [8, 9, 2] },
];
const BATCH = 2;
const bucket = { length: 6, rows: 8 };

const REFERENCES = { referenceChosen: [-3, -2], referenceRejected: [-2.5, -6] };
type Columns = Readonly<Record<string, readonly number[]>>;

function feedsFor(graph: Graph, packedFrom: readonly TokenPair[], size: Bucket = bucket, columns: Columns = {}): Map<string, Tensor> {
  const packed = packPairs(packedFrom, BATCH, size);
  const known: Record<string, ArrayLike<number>> = {
    ids: Array.from(packed.ids, Number),
    rows: Array.from(packed.rows, Number),
    targets: Array.from(packed.targets, Number),
    mask: packed.mask,
    sides: packed.sides,
    ...Object.fromEntries(ropeFeeds(ropeFrequencies(config), packed.positions)),
    ...REFERENCES,
    weights: [0.5, 0.5],
    inverseChosenLengths: [0.5, 1],
    ...columns,
  };
  return new Map(
    graph.inputs.map(({ name, shape }) => {
      const rng = rngFor(5, name);
      return [
        name,
        tensor(shape, known[name] ?? Array.from({ length: elementCount(shape) }, () => (name.includes("norm") ? 1 : 0) + 0.6 * (rng.next() - 0.5))),
      ];
    }),
  );
}

const objective = { loss: { kind: "dno-prct", beta: 0.7 }, sftWeight: 0.3 } as const;
const trainingGraph = buildPairTrainingGraph(model, BATCH, bucket, objective);
const factorNames = adapterTensors(config, adapter).map(({ name }) => name);

/** Σ weight · (loss + sftWeight · NLL), from the outputs. */
function totalLoss(feeds: ReadonlyMap<string, Tensor>): number {
  const wanted = {
    ...trainingGraph,
    outputs: trainingGraph.outputs.filter(({ name }) => name === PAIR_OUTPUTS.losses || name === PAIR_OUTPUTS.responseLogps),
  };
  const results = interpret({ ...wanted, nodes: lossNodes }, feeds);
  const [losses, logps] = [results.get(PAIR_OUTPUTS.losses)?.numbers ?? [], results.get(PAIR_OUTPUTS.responseLogps)?.numbers ?? []];
  return 0.5 * ((losses[0] ?? 0) + 0.3 * -(logps[0] ?? 0) * 0.5) + 0.5 * ((losses[1] ?? 0) + 0.3 * -(logps[1] ?? 0));
}

/** The nodes up to the losses: those of the gradients come after. */
const lossNodes = trainingGraph.nodes.slice(
  0,
  1 +
    trainingGraph.nodes.findIndex((node) =>
      trainingGraph.outputs.some(({ name, value }) => name === PAIR_OUTPUTS.losses && node.outputs.includes(value)),
    ),
);

describe("the loss of a packed batch", () => {
  it("has gradients that agree with central differences in every factor", () => {
    checkGraph(trainingGraph);
    checkGraph(lower(trainingGraph));
    const feeds = feedsFor(trainingGraph, pairs);
    const results = interpret(trainingGraph, feeds);
    for (const name of factorNames) {
      const [start, gradient] = [feeds.get(name), results.get(gradientName(name))];
      if (start === undefined || gradient === undefined) throw new Error(`no ${name}`);
      expect(gradient.shape).toEqual(start.shape);
      // Along a random direction: every entry counts, at the price of two runs.
      const rng = rngFor(9, name);
      const direction = start.numbers.map(() => rng.next() - 0.5);
      const lossAt = (step: number): number =>
        totalLoss(
          new Map(feeds).set(
            name,
            tensor(
              start.shape,
              start.numbers.map((x, i) => x + step * (direction[i] ?? 0)),
            ),
          ),
        );
      const difference = (lossAt(1e-5) - lossAt(-1e-5)) / 2e-5;
      const slope = gradient.numbers.reduce((sum, x, i) => sum + x * (direction[i] ?? 0), 0);
      expect(Math.abs(slope - difference), name).toBeLessThan(1e-8);
    }
  });

  it("does not depend on what shares the run, nor on the order within it", () => {
    const graph = buildPairScoringGraph(model, BATCH, bucket);
    const scores = (packedFrom: readonly TokenPair[]): readonly number[] => [
      ...(interpret(graph, feedsFor(graph, packedFrom)).get(PAIR_OUTPUTS.responseLogps)?.numbers ?? []),
    ];
    const [both, swapped, alone] = [scores(pairs), scores(pairs.toReversed()), scores(pairs.slice(0, 1))];
    expect(alone[0]).toBeCloseTo(both[0] ?? Number.NaN, 12);
    expect(swapped[1]).toBeCloseTo(both[0] ?? Number.NaN, 12);
    expect(swapped[3]).toBeCloseTo(both[2] ?? Number.NaN, 12);
    // Rows without a pair score nothing.
    expect([alone[1], alone[3]]).toEqual([0, 0]);
  });

  it("is the same in a larger bucket, where more is padded", () => {
    const [tight, padded] = [bucket, { length: 11, rows: 20 }].map((size) => {
      const graph = buildPairTrainingGraph(model, BATCH, size, objective);
      return interpret(graph, feedsFor(graph, pairs, size));
    });
    expect([...(tight?.keys() ?? [])]).toEqual([...(padded?.keys() ?? [])]);
    for (const [name, { numbers }] of tight ?? [])
      numbers.forEach((number, i) => {
        expect(padded?.get(name)?.numbers[i], name).toBeCloseTo(number, 12);
      });
  });

  it("is the same packed behind one prompt as computed naively, each response as a sequence of its own", () => {
    const beta = 0.7;
    const packedGraph = buildPairTrainingGraph(model, BATCH, bucket, { loss: { kind: "dno-prct", beta }, sftWeight: 0 });
    const packed = interpret(packedGraph, feedsFor(packedGraph, pairs));
    // A response alone: with imitation its loss is -log π(response), whose gradient is that of the sum of its tokens.
    const naiveGraph = buildPairTrainingGraph(model, BATCH, bucket, { loss: { kind: "sft" }, sftWeight: 0 });
    const alone = (promptIds: readonly number[], chosenIds: readonly number[]) => {
      const columns = { weights: [1, 0], inverseChosenLengths: [1, 0] };
      return interpret(naiveGraph, feedsFor(naiveGraph, [{ promptIds, chosenIds, rejectedIds: [] }], bucket, columns));
    };
    const naive = pairs.map(({ promptIds, chosenIds, rejectedIds }, i) => {
      const [chosen, rejected] = [alone(promptIds, chosenIds), alone(promptIds, rejectedIds)];
      const logp = (of: typeof chosen): number => -(of.get(PAIR_OUTPUTS.losses)?.numbers[0] ?? Number.NaN);
      const reference = (side: keyof typeof REFERENCES): number => REFERENCES[side][i] ?? Number.NaN;
      const margin = beta * (logp(chosen) - reference("referenceChosen") - (logp(rejected) - reference("referenceRejected")));
      // By the chain rule, with weight ½ a pair: ∂L/∂a = -β σ(-margin), ∂L/∂b = β σ(-margin).
      return { chosen, rejected, loss: -logSigmoid(margin), pull: 0.5 * beta * sigmoid(-margin) };
    });
    naive.forEach(({ loss }, i) => {
      expect(packed.get(PAIR_OUTPUTS.losses)?.numbers[i]).toBeCloseTo(loss, 12);
    });
    for (const name of factorNames.map(gradientName)) {
      packed.get(name)?.numbers.forEach((number, k) => {
        const terms = naive.map(
          ({ chosen, rejected, pull }) => pull * ((chosen.get(name)?.numbers[k] ?? Number.NaN) - (rejected.get(name)?.numbers[k] ?? Number.NaN)),
        );
        expect(number, name).toBeCloseTo(
          terms.reduce((sum, term) => sum + term, 0),
          12,
        );
      });
    }
  });

  it("hides each response from the other", () => {
    const graph = buildPairScoringGraph(model, BATCH, bucket);
    const chosenScore = (rejectedIds: readonly number[]): number | undefined =>
      interpret(graph, feedsFor(graph, [{ promptIds: [1, 2], chosenIds: [3, 4], rejectedIds }])).get(PAIR_OUTPUTS.responseLogps)?.numbers[0];
    expect(chosenScore([5])).toBe(chosenScore([10, 9]));
  });

  it("refuses pairs without tokens and pairs that do not fit", () => {
    expect(() => packPairs([{ promptIds: [], chosenIds: [1], rejectedIds: [2] }], 1, bucket)).toThrow("expected a prompt of one token or more");
    expect(() => packPairs([{ promptIds: [1], chosenIds: [], rejectedIds: [2] }], 1, bucket)).toThrow(
      "expected a chosen response of one token or more",
    );
    expect(() => packPairs([{ promptIds: [1, 2, 3], chosenIds: [1, 2], rejectedIds: [2, 3] }], 1, bucket)).toThrow(
      "expected a pair of at most 6 tokens",
    );
  });
});
