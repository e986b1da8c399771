/** Tensors of the reference interpreter: float64 numbers in row-major order, and walks over them. */
import { GraphError } from "#app/base/errors.ts";
import { elementCount, shapeText } from "../shapes.ts";
import type { Shape } from "../types.ts";

export type Tensor = { readonly shape: Shape; readonly numbers: Float64Array };

export function tensor(shape: Shape, numbers: ArrayLike<number>): Tensor {
  if (numbers.length !== elementCount(shape))
    throw new GraphError(`expected ${elementCount(shape)} numbers for ${shapeText(shape)}, got ${numbers.length}`);
  return { shape: [...shape], numbers: Float64Array.from(numbers) };
}

/** Row-major strides. */
export function stridesOf(shape: Shape): number[] {
  const strides: number[] = [];
  let stride = 1;
  for (const dim of shape.toReversed()) {
    strides.unshift(stride);
    stride *= dim;
  }
  return strides;
}

/** The coordinates of a flat position. */
export function coordinatesOf(position: number, shape: Shape): number[] {
  let rest = position;
  return stridesOf(shape).map((stride) => {
    const coordinate = Math.floor(rest / stride);
    rest -= coordinate * stride;
    return coordinate;
  });
}

/** The number at coordinates; those of broadcast axes (size 1) count as 0, leading axes that are missing are skipped. */
export function at(x: Tensor, coordinates: readonly number[]): number {
  const offset = coordinates.length - x.shape.length;
  const strides = stridesOf(x.shape);
  let position = 0;
  x.shape.forEach((dim, i) => {
    position += dim === 1 ? 0 : (coordinates[offset + i] ?? 0) * (strides[i] ?? 0);
  });
  return x.numbers[position] ?? Number.NaN;
}

/** A tensor whose every number follows from its coordinates. */
export function generate(shape: Shape, numberAt: (coordinates: readonly number[], position: number) => number): Tensor {
  return {
    shape: [...shape],
    numbers: Float64Array.from({ length: elementCount(shape) }, (_, position) => numberAt(coordinatesOf(position, shape), position)),
  };
}
