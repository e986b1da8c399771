/** Lays pairs out as rows [prompt; chosen; rejected]: the prompt is computed once, and neither response sees the other. */
import { TrainingError } from "#app/base/errors.ts";
import { type Bucket, bucketRows, pairLength } from "./buckets.ts";
import { fillMask } from "./pair-mask.kernel.ts";

export type TokenPair = {
  readonly promptIds: readonly number[];
  readonly chosenIds: readonly number[];
  readonly rejectedIds: readonly number[];
};

/** A pair with what some losses need beside its tokens. */
export type TrainablePair = TokenPair & {
  /** Expected win rates, in [0, 1]; absent where they are not known. */
  readonly winRates?: { readonly chosen: number; readonly rejected: number };
};

/** Inputs of a pair graph; names as in pair-graph.ts. */
export type PackedPairs = {
  readonly bucket: Bucket;
  /** [batch · length] */
  readonly ids: BigInt64Array;
  /** Restarted for the rejected response, [batch · length]. */
  readonly positions: Int32Array;
  /** 0 where seen, −1e9 where not, [batch, 1, 1, length, length]. */
  readonly mask: Float32Array;
  /** The position whose hidden state predicts each scored token, [rows]. */
  readonly rows: BigInt64Array;
  readonly targets: BigInt64Array;
  /** 1 where a scored token belongs to a response: chosen of each pair, then rejected of each, [2 · batch, rows]. */
  readonly sides: Float32Array;
};

/** Tokens a pair takes when packed. */
export function packedLength(pair: TokenPair): number {
  return pair.promptIds.length + pair.chosenIds.length + pair.rejectedIds.length;
}

/** The smallest bucket that holds the pairs in `batch` rows. */
export function bucketOf(pairs: readonly TokenPair[], batch: number): Bucket {
  const length = pairLength(Math.max(...pairs.map(packedLength)));
  const scored = pairs.reduce((sum, pair) => sum + pair.chosenIds.length + pair.rejectedIds.length, 0);
  return { length, rows: bucketRows(scored, batch * length) };
}

/** Rows without a pair hold token 0 and score nothing. Throws TrainingError where a pair does not fit or has an empty side. */
export function packPairs(pairs: readonly TokenPair[], batch: number, bucket: Bucket): PackedPairs {
  const { length, rows: rowCount } = bucket;
  if (pairs.length > batch) throw new TrainingError(`expected at most ${batch} pairs a run, got ${pairs.length}`);
  const packed: PackedPairs = {
    bucket,
    ids: new BigInt64Array(batch * length),
    positions: new Int32Array(batch * length),
    mask: new Float32Array(batch * length * length),
    rows: new BigInt64Array(rowCount),
    targets: new BigInt64Array(rowCount),
    sides: new Float32Array(2 * batch * rowCount),
  };
  let scored = 0;
  for (let row = 0; row < batch; row++) {
    const pair = pairs[row];
    const start = row * length;
    if (pair === undefined) {
      fillMask(packed.mask, row, length, length, 0);
      continue;
    }
    requireFitting(pair, length, rowCount - scored);
    const promptLength = pair.promptIds.length;
    const chosenEnd = promptLength + pair.chosenIds.length;
    [...pair.promptIds, ...pair.chosenIds, ...pair.rejectedIds].forEach((id, i) => {
      packed.ids[start + i] = BigInt(id);
      packed.positions[start + i] = i < chosenEnd ? i : i - pair.chosenIds.length;
    });
    fillMask(packed.mask, row, length, promptLength, pair.chosenIds.length);
    [pair.chosenIds, pair.rejectedIds].forEach((ids, side) => {
      const first = side === 0 ? promptLength : chosenEnd;
      ids.forEach((id, i) => {
        // The last token of the prompt predicts the first of either response.
        packed.rows[scored] = BigInt(start + (i === 0 ? promptLength - 1 : first + i - 1));
        packed.targets[scored] = BigInt(id);
        packed.sides[(side * batch + row) * rowCount + scored] = 1;
        scored += 1;
      });
    });
  }
  return packed;
}

function requireFitting(pair: TokenPair, length: number, rowsLeft: number): void {
  const scored = pair.chosenIds.length + pair.rejectedIds.length;
  if (pair.promptIds.length === 0) throw new TrainingError("expected a prompt of one token or more, got none");
  if (pair.chosenIds.length === 0) throw new TrainingError("expected a chosen response of one token or more, got none");
  if (packedLength(pair) > length || scored > rowsLeft) {
    throw new TrainingError(`expected a pair of at most ${length} tokens with ${rowsLeft} scored, got ${packedLength(pair)} with ${scored}`);
  }
}
