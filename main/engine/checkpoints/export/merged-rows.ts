/** The weights of a policy as one checkpoint would hold them: the adapter's product added to its base, a few rows at a time. */
import { elementCount } from "#app/graph/shapes.ts";
import type { Shape, TensorLocation } from "#app/graph/types.ts";
import { type AdapterFactors, type AdapterShape, adapterTensorName } from "#app/models/adapter.ts";
import { InternalError } from "#app/base/errors.ts";
import { openToRead, readExactly } from "../safetensors.ts";
import { addLowRank } from "./encode-weights.kernel.ts";

/** Weights held in memory at a time. */
const CHUNK_WEIGHTS = 4 << 20;

export type PolicyWeightFiles = {
  /** Float32, by Hugging Face names. */
  readonly tensors: ReadonlyMap<string, TensorLocation>;
  readonly adapter: { readonly shape: AdapterShape; readonly factors: AdapterFactors } | undefined;
};

/** Whole rows of a tensor, from its first to its last; W + (alpha / rank) B A where the adapter has factors for it. */
export async function* mergedRows(policy: PolicyWeightFiles, name: string): AsyncGenerator<Float32Array> {
  const location = policy.tensors.get(name);
  if (location === undefined) throw new InternalError(`expected ${name} among the checkpoint's tensors`);
  const { path, offset, shape } = location;
  const columns = columnsOf(shape);
  const rowCount = elementCount(shape) / columns;
  const product = productOf(policy.adapter, name);
  const rowsAtOnce = Math.max(1, Math.floor(CHUNK_WEIGHTS / columns));
  const file = await openToRead(path);
  try {
    for (let row = 0; row < rowCount; row += rowsAtOnce) {
      const count = Math.min(rowsAtOnce, rowCount - row);
      const bytes = await readExactly(file, path, offset + row * columns * 4, count * columns * 4);
      const rows = new Float32Array(bytes.buffer);
      if (product !== undefined) addLowRank(rows, row, columns, product.a, product.b, product.rank, product.scale);
      yield rows;
    }
  } finally {
    await file.close();
  }
}

/** The size of a tensor's last axis; a list is one row. */
export function columnsOf(shape: Shape): number {
  return shape.at(-1) ?? 1;
}

type Product = { readonly a: Float32Array; readonly b: Float32Array; readonly rank: number; readonly scale: number };

function productOf(adapter: PolicyWeightFiles["adapter"], name: string): Product | undefined {
  if (adapter === undefined || !name.endsWith(".weight")) return undefined;
  const module = name.slice(0, -".weight".length);
  const [a, b] = (["A", "B"] as const).map((side) => adapter.factors.get(adapterTensorName(module, side)));
  if (a === undefined || b === undefined) return undefined;
  const { rank, alpha } = adapter.shape;
  return { a, b, rank, scale: alpha / rank };
}
