/** A dataset's card: YAML and tables that no name can break, whatever it holds. */
import { expect, test } from "vitest";
import { type CardFacts, datasetCard } from "#app/preferences/dataset-card.ts";
import { hostileText } from "#tests/support/hostile-text.ts";
import { fc } from "#tests/support/properties.ts";

function factsOf(name: string): CardFacts {
  return {
    name,
    version: "0.1.0",
    madeAt: "2026-01-02",
    seed: 7,
    pairs: 12,
    shape: "of TRL",
    sets: [{ name: "pairs", splits: { train: "pairs/train.parquet" } }],
    sections: [{ title: "Files", sentence: "What there is.", table: { columns: ["file", "rows"], rows: [[name, 3]] } }],
  };
}

test("holds every name in its place", () => {
  fc.assert(
    fc.property(hostileText, (name) => {
      const card = datasetCard(factsOf(name));
      const lines = card.split("\n");
      expect(lines[0]).toBe("---");
      // The head ends where it should, and its name is a text of YAML as JSON spells it.
      expect(lines.indexOf("---", 1)).toBe(lines.indexOf('    path: "pairs/train.parquet"') + 1);
      expect(JSON.parse((lines[1] ?? "").replace("pretty_name: ", ""))).toBe(name);
      const table = lines.slice(lines.indexOf("What there is.") + 2).filter((line) => line !== "");
      expect(table).toHaveLength(3);
      // Two cells: three bars that are no part of a text.
      expect((table[2] ?? "").replaceAll(/\\./gu, "").match(/\|/gu)).toHaveLength(3);
      expect((table[2] ?? "").replaceAll(/\\./gu, "")).not.toMatch(/[<`]/u);
    }),
    { numRuns: 500 },
  );
});

test("says what there is of each set, and that there is nothing where there is none", () => {
  const facts = factsOf("Haiku");
  const card = datasetCard({ ...facts, pairs: 20_000, sections: [{ title: "Policies", sentence: "None.", table: { columns: ["a"], rows: [] } }] });
  expect(card).toContain(
    'configs:\n- config_name: "pairs"\n  default: true\n  data_files:\n  - split: "train"\n    path: "pairs/train.parquet"\n---',
  );
  expect(card).toContain('size_categories:\n- "10K<n<100K"');
  expect(card).toContain("## Policies\n\nNone.\n\nNone.\n");
});
