/** docs/models.md names the families, formats and pre-tokenizers that the code has, and no others. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { FAMILIES } from "#app/models/families.ts";
import { PRE_TOKENIZERS } from "#main/engine/checkpoints/gguf-pre-tokenizers.ts";
import { GGUF_FORMATS } from "#main/engine/checkpoints/weight-formats.ts";
import { GOLDEN_FAMILIES } from "#tests/support/golden-llama.ts";

const text = readFileSync(join(import.meta.dirname, "..", "..", "docs", "models.md"), "utf8");

it("the table of families has a row for each", () => {
  const rows = [...text.matchAll(/^\| [^|]+ \| `([a-z0-9_]+)` \| `([a-z0-9]+)` \|/gmu)].map(
    ([, modelType, architecture]) => `${modelType} ${architecture}`,
  );
  expect(rows).toEqual(FAMILIES.map(({ modelType, gguf }) => `${modelType} ${gguf.architectures.join(" ")}`));
});

it("each family but the first has a golden checkpoint of its own", () => {
  expect(FAMILIES.slice(1).map(({ modelType }) => modelType.replace("_text", ""))).toEqual([...GOLDEN_FAMILIES]);
});

it("all formats and pre-tokenizers are named", () => {
  for (const { name } of GGUF_FORMATS.values()) expect(text).toContain(name);
  for (const name of PRE_TOKENIZERS.keys()) expect(text).toContain(`\`${name}\``);
});
