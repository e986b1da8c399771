/** Adversarial lines of a megabyte, and the ids that Hugging Face's Rust tokenizers give them (make-long-lines.py). */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as z from "zod";

const fingerprint = z.object({ count: z.int(), sha256: z.string() });
const goldenSchema = z.object({
  lineBytes: z.int(),
  lines: z.array(z.object({ name: z.string(), unit: z.string(), tiny: fingerprint, smollm2: fingerprint })),
});
const golden = goldenSchema.parse(JSON.parse(readFileSync(new URL("../golden/checkpoints/long-lines.json", import.meta.url), "utf8")));

export const longLines = golden.lines.map(({ unit, ...line }) => ({
  ...line,
  text: unit.repeat(Math.ceil(golden.lineBytes / Buffer.byteLength(unit))),
}));

export function fingerprintOf(ids: readonly number[]): z.infer<typeof fingerprint> {
  const words = Buffer.alloc(4 * ids.length);
  ids.forEach((id, i) => words.writeUInt32LE(id, 4 * i));
  return { count: ids.length, sha256: createHash("sha256").update(words).digest("hex") };
}
