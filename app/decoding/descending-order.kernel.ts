/** Sorts a whole row of logits quickly: native sorting of numbers that hold value and index at once. */

/** 32 bits of a float's order and 20 of its index are exact in a double. */
const INDEX_RANGE = 2 ** 20;

/** Indices by descending value, equal values (0 and -0 too) by ascending index. For up to 2^20 values, none of them NaN. */
export function descendingOrder(values: Float32Array): Uint32Array {
  const keys = new Float64Array(values.length);
  const copy = Float32Array.from(values);
  // -0 has other bits than 0; adding 0 takes them away.
  for (let i = 0; i < copy.length; i++) copy[i] += 0;
  const bits = new Uint32Array(copy.buffer);
  for (let i = 0; i < keys.length; i++) {
    // Floats order as their bits do, negative ones the other way round: this turns both into descending order.
    const descending = bits[i] & 0x80000000 ? bits[i] : 0x7fffffff - bits[i];
    keys[i] = descending * INDEX_RANGE + i;
  }
  keys.sort();
  const order = new Uint32Array(keys.length);
  for (let rank = 0; rank < order.length; rank++) order[rank] = keys[rank] % INDEX_RANGE;
  return order;
}
