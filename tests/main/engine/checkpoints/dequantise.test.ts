/** Stored weight formats against the values that the Python package gguf gives for the same bytes. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeBf16, decodeF16, separateRotaryHalves } from "#main/engine/checkpoints/dequantise.kernel.ts";
import { GGUF_FORMATS } from "#main/engine/checkpoints/weight-formats.ts";
import { fc } from "#tests/support/properties.ts";

type Golden = { readonly cases: readonly { readonly type: number; readonly name: string; readonly bytes: string; readonly float32: string }[] };
const golden = JSON.parse(readFileSync(new URL("../../../golden/checkpoints/dequantise.json", import.meta.url), "utf8")) as Golden;

describe("stored weight formats", () => {
  it.each(golden.cases)("$name gives the bits of the reference", ({ type, name, bytes, float32 }) => {
    const format = GGUF_FORMATS.get(type);
    const stored = new Uint8Array(Buffer.from(bytes, "base64"));
    const out = new Float32Array((stored.length / (format?.blockBytes ?? 1)) * (format?.blockWeights ?? 1));
    format?.decode(stored, out);
    expect(format?.name).toBe(name);
    expect(Buffer.from(out.buffer).toString("base64")).toBe(float32);
  });

  it("every half float is what DataView reads", () => {
    const words = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits);
    const out = new Float32Array(words.length);
    decodeF16(new Uint8Array(words.buffer), out);
    // Not yet in the compiler's library; Node 24 has it.
    const view = new DataView(words.buffer) as DataView & { getFloat16(at: number, littleEndian: boolean): number };
    expect([...out]).toEqual(Array.from(words, (_, i) => view.getFloat16(2 * i, true)));
  });

  it("a bfloat16 is a float32 without its lower half", () => {
    const numbers = Float32Array.of(0, -0, 1, -2.5, 3e38, 1e-40, Infinity);
    const words = Uint16Array.from(new Uint32Array(numbers.buffer), (bits) => bits >>> 16);
    const out = new Float32Array(numbers.length);
    decodeBf16(new Uint8Array(words.buffer), out);
    expect([...new Uint32Array(out.buffer)]).toEqual(Array.from(new Uint32Array(numbers.buffer), (bits) => (bits & 0xffff0000) >>> 0));
  });

  it("rotary rows return to their places after llama.cpp's interleaving", () => {
    const size = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(size, size, size, (headCount, half, columns) => {
        const rows = Float32Array.from({ length: headCount * 2 * half * columns }, (_, i) => i);
        const interleaved = new Float32Array(rows.length);
        for (let row = 0; row < headCount * 2 * half; row++) {
          const [head, within] = [Math.floor(row / (2 * half)), row % (2 * half)];
          const to = head * 2 * half + (within < half ? 2 * within : 2 * (within - half) + 1);
          interleaved.set(rows.subarray(row * columns, (row + 1) * columns), to * columns);
        }
        const out = new Float32Array(rows.length);
        separateRotaryHalves(interleaved, out, headCount, columns);
        expect(out).toEqual(rows);
      }),
    );
  });
});
