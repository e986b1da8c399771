/** What a run says about the next token of each of its rows. */
import type { NextToken } from "#app/decoding/draw.ts";
import { NEXT_TOKEN_OUTPUTS } from "#app/models/sampling-graphs.ts";
import { floatsOf, integersOf, type Numbers } from "#main/engine/runtime/runtime-session.ts";

const SMALL = [NEXT_TOKEN_OUTPUTS.topValues, NEXT_TOKEN_OUTPUTS.topIndices, NEXT_TOKEN_OUTPUTS.logSumExp, NEXT_TOKEN_OUTPUTS.logSumExpScaled];

/** Outputs to fetch: all logits are many numbers, and rarely needed. */
export function nextTokenOutputs(withLogits: boolean): readonly string[] {
  return withLogits ? [...SMALL, NEXT_TOKEN_OUTPUTS.logits] : SMALL;
}

export function readNextToken(results: ReadonlyMap<string, Numbers>, row: number, rows: number): NextToken {
  const rowOf = (numbers: Float32Array): Float32Array => numbers.subarray((row * numbers.length) / rows, ((row + 1) * numbers.length) / rows);
  const ids = integersOf(results, NEXT_TOKEN_OUTPUTS.topIndices);
  return {
    topValues: rowOf(floatsOf(results, NEXT_TOKEN_OUTPUTS.topValues)),
    topIds: Array.from(ids.subarray((row * ids.length) / rows, ((row + 1) * ids.length) / rows), Number),
    logSumExp: floatsOf(results, NEXT_TOKEN_OUTPUTS.logSumExp)[row] ?? Number.NaN,
    logSumExpScaled: floatsOf(results, NEXT_TOKEN_OUTPUTS.logSumExpScaled)[row] ?? Number.NaN,
    logits: results.has(NEXT_TOKEN_OUTPUTS.logits) ? rowOf(floatsOf(results, NEXT_TOKEN_OUTPUTS.logits)) : undefined,
  };
}

/** Division by the temperature as the graph does it; greedy draws do not use it. */
export function inverseTemperature(temperature: number): Float32Array {
  return Float32Array.of(temperature === 0 ? 1 : 1 / temperature);
}
