/** Records of results: written whole, read back, made into a page, and known to be old when their sources change. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { renderResultsPage } from "#tools/docs/results-page.ts";
import { readRecords, type ResultDraft, writeRecord } from "#tools/results/record.ts";
import { hashSources, staleLines } from "#tools/results/sources.ts";

const draft: ResultDraft = {
  section: "Speed",
  title: "Tokens a second",
  summary: "Greedy decoding of one prompt.",
  commands: ["npm run test:long -- tests/long/decoding.test.ts"],
  sources: ["app/decoding/draw.ts", "app/base"],
  tables: [
    {
      columns: ["rows", "tokens/s"],
      rows: [
        [1, 8.5],
        ["2 | 3", 15],
      ],
    },
  ],
  notes: ["Only greedy."],
};

test("a record says when, where and on which sources it was measured, and is read back as it was written", () => {
  const folder = tempFolder();
  const record = writeRecord("decoding-speed", draft, folder);
  expect(record.date).toMatch(/^\d{4}-\d{2}-\d{2}$/u);
  expect(record.commit).toMatch(/^[0-9a-f]{10}\+?$/u);
  expect(record.sourcesHash).toBe(hashSources(draft.sources));
  expect(record.machine).toContain(`Node ${process.versions.node}`);
  expect(readRecords(folder)).toEqual([{ name: "decoding-speed", record }]);
});

test("the page shows title, table, notes, commands and origin, with bars in cells escaped", () => {
  const folder = tempFolder();
  const record = writeRecord("decoding-speed", draft, folder);
  const page = renderResultsPage(readRecords(folder));
  expect(page).toContain("## Speed\n\n### Tokens a second\n\nGreedy decoding of one prompt.\n\n| rows | tokens/s |\n| --- | --- |\n| 1 | 8.5 |\n");
  expect(page).toContain("| 2 \\| 3 | 15 |");
  expect(page).toContain("- Only greedy.\n\n```sh\nnpm run test:long -- tests/long/decoding.test.ts\n```");
  expect(page).toContain(`commit ${record.commit}`);
  expect(page).not.toContain("## Learning");
});

test("a record whose sources changed, or are gone, is listed with what measures it again; others are not", () => {
  const folder = tempFolder();
  writeRecord("fresh", draft, folder);
  expect(staleLines(readRecords(folder))).toEqual([]);
  const old = writeRecord("old", draft, folder);
  writeFileSync(join(folder, "old.json"), JSON.stringify({ ...old, sourcesHash: "0".repeat(64) }));
  writeFileSync(join(folder, "gone.json"), JSON.stringify({ ...old, sources: ["app/nowhere.ts"] }));
  const lines = staleLines(readRecords(folder));
  expect(lines[0]).toContain("2 of 3 results");
  expect(lines.slice(1).map((line) => line.trim().split(" ")[0])).toEqual(["gone", "old"]);
  expect(lines[1]).toContain("npm run test:long -- tests/long/decoding.test.ts");
});

test("records with a wrong name, an unknown field, a short row or a source that is not there are refused", () => {
  const folder = tempFolder();
  expect(() => writeRecord("Decoding Speed", draft, folder)).toThrow("kebab-case");
  expect(() => writeRecord("a", { ...draft, tables: [{ columns: ["a", "b"], rows: [[1]] }] }, folder)).toThrow("a cell for each column");
  expect(() => writeRecord("a", { ...draft, sources: ["app/nowhere.ts"] }, folder)).toThrow('got "app/nowhere.ts"');
  writeFileSync(join(folder, "a.json"), JSON.stringify({ ...draft, extra: 1 }));
  expect(() => readRecords(folder)).toThrow("a.json is no record");
});
