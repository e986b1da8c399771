/** The version of this program, from its manifest. */
import { readFileSync } from "node:fs";
import * as z from "zod";

const manifestSchema = z.object({ version: z.string() });

export function readVersion(): string {
  return manifestSchema.parse(JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))).version;
}
