/** Arithmetic on shapes and attributes, with errors that name the op. */
import { GraphError } from "#app/base/errors.ts";
import type { Attributes, Shape, Value } from "./types.ts";

export function elementCount(shape: Shape): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

export function shapeText(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

/** The dimension of an axis; negative axes count from the end. */
export function dimOf(shape: Shape, axis: number): number {
  const dim = shape[axis < 0 ? shape.length + axis : axis];
  if (dim === undefined) throw new GraphError(`expected an axis of ${shapeText(shape)}, got ${axis}`);
  return dim;
}

/** NumPy's broadcasting of two shapes. */
export function broadcastShape(op: string, a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x !== y && x !== 1 && y !== 1) throw new GraphError(`${op}: expected shapes that broadcast, got ${shapeText(a)} and ${shapeText(b)}`);
    return x === 1 ? y : x;
  });
}

export function intAttribute(op: string, attributes: Attributes, name: string, fallback?: number): number {
  const value = attributes[name] ?? fallback;
  if (typeof value !== "number") throw new GraphError(`${op}: expected a number for ${name}, got ${String(value)}`);
  return value;
}

export function intsAttribute(op: string, attributes: Attributes, name: string): readonly number[] {
  const value = attributes[name];
  if (!Array.isArray(value)) throw new GraphError(`${op}: expected a list of numbers for ${name}, got ${String(value)}`);
  return value as readonly number[]; // Array.isArray forgets the element type of a readonly array.
}

/** Axis and ends of a Slice; `end` is not included. */
export function sliceBounds(attributes: Attributes): { readonly axis: number; readonly start: number; readonly end: number } {
  return {
    axis: intAttribute("Slice", attributes, "axis"),
    start: intAttribute("Slice", attributes, "start"),
    end: intAttribute("Slice", attributes, "end"),
  };
}

/** The sizes of a value with four axes. */
export function fourDims(shape: Shape): readonly [number, number, number, number] {
  const [a, b, c, d] = shape;
  if (a === undefined || b === undefined || c === undefined || d === undefined || shape.length !== 4)
    throw new GraphError(`expected four axes, got ${shapeText(shape)}`);
  return [a, b, c, d];
}

export function inputAt(op: string, inputs: readonly Value[], index: number): Value {
  const value = inputs[index];
  if (value === undefined) throw new GraphError(`${op}: expected an input number ${index}, got ${inputs.length} inputs`);
  return value;
}

export function requireRank(op: string, value: Value, rank: number): void {
  if (value.shape.length !== rank) throw new GraphError(`${op}: expected rank ${rank} for ${value.name}, got ${shapeText(value.shape)}`);
}

export function requireShape(op: string, value: Value, shape: Shape): void {
  if (!sameShape(value.shape, shape))
    throw new GraphError(`${op}: expected shape ${shapeText(shape)} for ${value.name}, got ${shapeText(value.shape)}`);
}
