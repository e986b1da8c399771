/** Picks the likely tokens out of a whole row of logits, in order: sorting them all would cost as much as computing them. */
import { descendingOrder } from "./descending-order.kernel.ts";

export type RankedTokens = { readonly values: Float32Array; readonly ids: Uint32Array };

/** The tokens whose logit is at least `least`, by descending logit, equal ones by ascending id. For up to 2^20 logits, none of them NaN. */
export function tokensFrom(logits: Float32Array, least: number): RankedTokens {
  let count = 0;
  for (let id = 0; id < logits.length; id++) if (logits[id] >= least) count++;
  const found = new Uint32Array(count);
  const unordered = new Float32Array(count);
  for (let id = 0, i = 0; id < logits.length; id++) {
    if (logits[id] >= least) {
      found[i] = id;
      unordered[i++] = logits[id];
    }
  }
  // `found` ascends, so ties by place are ties by id.
  const order = descendingOrder(unordered);
  const values = new Float32Array(count);
  const ids = new Uint32Array(count);
  for (let rank = 0; rank < count; rank++) {
    values[rank] = unordered[order[rank]];
    ids[rank] = found[order[rank]];
  }
  return { values, ids };
}
