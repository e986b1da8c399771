/** Graphs that sampling runs: a prompt's prefill, and one decoding step over a cache of keys and values. */
import { GraphBuilder } from "#app/graph/builder.ts";
import type { Graph, Value } from "#app/graph/types.ts";
import { buildDecoder, type Decoder, logitsOf, type Model, tokenInputs } from "./decoder.ts";
import { type LayerCaches, writtenCaches } from "./cache-graphs.ts";
import type { ModelConfig } from "./model-config.ts";
import { maskInputs } from "./position-inputs.ts";

/** How many of the most likely tokens a step returns; a draw that needs more asks for all logits. */
export const TOP_COUNT = 64;

/** Names of what both graphs return for each of their rows. */
export const NEXT_TOKEN_OUTPUTS = {
  /** [rows, min(64, vocabulary)], descending. */
  topValues: "topValues",
  topIndices: "topIndices",
  /** Of the logits, [rows, 1]. */
  logSumExp: "logSumExp",
  /** Of the logits times `inverseTemperature`, [rows, 1]. */
  logSumExpScaled: "logSumExpScaled",
  /** [rows, vocabulary]. */
  logits: "logits",
  /** Keys and values of the new positions: prefill [2 · layers, kvHeads, length, headSize], decoding [2 · layers, rows, kvHeads, headSize]; a layer's keys come before its values. */
  newKeysValues: "newKeysValues",
} as const;

/**
 * One prompt of up to `length` tokens, padded behind. Inputs: ids [length], those of position-inputs.ts,
 * lastRow [1] (the position whose next token is wanted), inverseTemperature []. The causal mask hides the padding.
 */
export function buildPrefillGraph(model: Model, length: number): Graph {
  const g = new GraphBuilder();
  const { config } = model;
  const tokens = tokenInputs(g, config, 1, length);
  const maskOf = maskInputs(g, config, 1, length, length);
  const made: Value[] = [];
  const decoder = buildDecoder(g, model, tokens, (layer, q, k, v) => {
    made.push(k, v);
    return g.one("Attention", [q, k, v, maskOf(layer)]);
  });
  const last = g.one("Gather", [decoder.hidden, g.input("lastRow", [1], "int64")]);
  outputNextToken(g, config, decoder, last);
  const shape = [1, config.kvHeadCount, length, config.headSize];
  g.output(
    NEXT_TOKEN_OUTPUTS.newKeysValues,
    g.concat(
      made.map((value) => g.reshape(value, shape)),
      0,
    ),
  );
  return g.build();
}

/** How a step treats the caches: it reads them and returns the new rows, or writes these into them as well (cache-graphs.ts). */
export type CacheUse = "read" | "written";

/**
 * One token for each of `batch` rows over caches of `cacheLength` positions. Inputs: ids [batch], those of
 * position-inputs.ts (masks have the new token itself as their last key), inverseTemperature [],
 * and for each layer i keys_i [batch, kvHeads, headSize, cacheLength] (turned, so that no step transposes the cache) and
 * values_i [batch, kvHeads, cacheLength, headSize]: read, they are inputs only, and the step returns the new rows.
 */
export function buildDecodeGraph(model: Model, batch: number, cacheLength: number, use: CacheUse = "read"): Graph {
  const g = new GraphBuilder();
  const { config } = model;
  const { kvHeadCount, headSize, headCount } = config;
  const tokens = tokenInputs(g, config, batch, 1);
  const maskOf = maskInputs(g, config, batch, 1, cacheLength + 1);
  const group = headCount / kvHeadCount;
  const made: Value[] = [];
  const caches = use === "written" ? writtenCaches(g, config, { batch, length: cacheLength }, batch) : readCaches(g, config, batch, cacheLength);
  const decoder = buildDecoder(g, model, tokens, (layer, q, k, v) => {
    const { keys, values } = caches(layer, k, v);
    made.push(k, v);
    const grouped = g.reshape(g.scale(q, 1 / Math.sqrt(headSize)), [batch, kvHeadCount, group, headSize]);
    const own = g.sum(g.mul(grouped, k), [3]);
    const mask = g.reshape(maskOf(layer), [batch, 1, 1, cacheLength + 1]);
    const probabilities = g.one("Softmax", [g.add(g.concat([g.matMul(grouped, keys), own], 3), mask)]);
    const seen = g.matMul(g.slice(probabilities, 3, 0, cacheLength), values);
    const itself = g.mul(g.slice(probabilities, 3, cacheLength, cacheLength + 1), v);
    return g.reshape(g.add(seen, itself), [batch, headCount, 1, headSize]);
  });
  outputNextToken(g, config, decoder, decoder.hidden);
  if (use === "written") return g.build();
  g.output(
    NEXT_TOKEN_OUTPUTS.newKeysValues,
    g.concat(
      made.map((value) => g.reshape(value, [1, batch, kvHeadCount, headSize])),
      0,
    ),
  );
  return g.build();
}

function readCaches(g: GraphBuilder, { kvHeadCount, headSize }: ModelConfig, batch: number, length: number): LayerCaches {
  return (layer) => ({
    keys: g.input(`keys_${layer}`, [batch, kvHeadCount, headSize, length]),
    values: g.input(`values_${layer}`, [batch, kvHeadCount, length, headSize]),
  });
}

function outputNextToken(g: GraphBuilder, config: ModelConfig, decoder: Decoder, rows: Value): void {
  const logits = logitsOf(g, config, decoder, rows);
  const [topValues, topIndices] = g.apply("TopK", [logits], { k: Math.min(TOP_COUNT, config.vocabularySize) });
  const logSumExp = (x: Value): Value => g.one("ReduceLogSumExp", [x], { axes: [1], keepdims: 1 });
  if (topValues !== undefined) g.output(NEXT_TOKEN_OUTPUTS.topValues, topValues);
  if (topIndices !== undefined) g.output(NEXT_TOKEN_OUTPUTS.topIndices, topIndices);
  g.output(NEXT_TOKEN_OUTPUTS.logSumExp, logSumExp(logits));
  g.output(NEXT_TOKEN_OUTPUTS.logSumExpScaled, logSumExp(g.mul(logits, g.input("inverseTemperature", []))));
  g.output(NEXT_TOKEN_OUTPUTS.logits, logits);
}
