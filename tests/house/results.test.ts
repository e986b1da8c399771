/** Records of results: written whole, read back, made into a page, and known to be old when their sources change. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { renderResultsPage } from "#tools/docs/results-page.ts";
import { renderWinRateFigure } from "#tools/docs/win-rate-figure.ts";
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

test("records come in the order of their names, one before those whose names go on from its own", () => {
  const folder = tempFolder();
  for (const name of ["speed-of-two", "speed", "speed-of-one"]) writeRecord(name, draft, folder);
  expect(readRecords(folder).map(({ name }) => name)).toEqual(["speed", "speed-of-one", "speed-of-two"]);
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

test("a long table is folded up and says how long it is; a short one stays open", () => {
  const folder = tempFolder();
  const rows = (count: number) => ({ columns: ["row"], rows: Array.from({ length: count }, (_, i) => [i]) });
  writeRecord("long", { ...draft, tables: [rows(25), rows(26)] }, folder);
  const page = renderResultsPage(readRecords(folder));
  expect(page.match(/<details>/gu)).toHaveLength(1);
  expect(page).toContain("<details>\n<summary>26 rows</summary>\n\n| row |\n| --- |\n| 0 |\n");
  expect(page).toContain("| 25 |\n\n</details>");
});

test("a figure stands before the tables, says in words what it draws, and puts each rate where it belongs", () => {
  const folder = tempFolder();
  const figure = { title: "Win rates", rows: [{ name: "r1 & r2 <new>", winRate: 0.7, low: 0.6, high: 0.8 }] };
  writeRecord("rates", { ...draft, figure }, folder);
  expect(renderResultsPage(readRecords(folder))).toContain("![Win rates: r1 & r2 <new> 70.0 % (60.0–80.0)](results/rates.svg)\n\n| rows |");
  const svg = renderWinRateFigure(figure);
  expect(svg).toContain("<title>Win rates: r1 &amp; r2 &lt;new&gt; 70.0 % (60.0–80.0)</title>");
  const numbersOf = (pattern: RegExp): number[] => [...svg.matchAll(pattern)].map(([, found]) => Number(found));
  const ticks = numbersOf(/class="(?:grid|even)" x1="([\d.]+)"/gu);
  const [left, right] = [Math.min(...ticks), Math.max(...ticks)];
  const placed = [...numbersOf(/class="interval" x1="([\d.]+)"/gu), ...numbersOf(/cx="([\d.]+)"/gu), ...numbersOf(/interval".* x2="([\d.]+)"/gu)];
  expect(placed).toHaveLength(3);
  for (const [i, rate] of [0.6, 0.7, 0.8].entries()) expect(((placed[i] ?? 0) - left) / (right - left)).toBeCloseTo(rate, 3);
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
  const wild = { title: "Win rates", rows: [{ name: "r1", winRate: 70, low: 0.6, high: 0.8 }] };
  expect(() => writeRecord("a", { ...draft, figure: wild }, folder)).toThrow("winRate");
  expect(() => writeRecord("a", { ...draft, sources: ["app/nowhere.ts"] }, folder)).toThrow('got "app/nowhere.ts"');
  writeFileSync(join(folder, "a.json"), JSON.stringify({ ...draft, extra: 1 }));
  expect(() => readRecords(folder)).toThrow("a.json is no record");
});
