/** docs/math.md names files that exist, and symbols that are in them. */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url);
const COLUMNS = ["equation", "symbol", "file", "test"];

function inCode(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/gu)].map((match) => match[1] ?? "");
}

function cellsOf(line: string): string[] {
  return line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function read(path: string): string {
  const url = new URL(path, root);
  return existsSync(url) ? readFileSync(url, "utf8") : "";
}

/** The rows of the tables that tie an equation to a symbol, a file and a test. */
function equationRows(markdown: string): string[][] {
  let isEquations = false;
  return markdown.split("\n").flatMap((line) => {
    if (!line.startsWith("|")) {
      isEquations = false;
      return [];
    }
    const cells = cellsOf(line);
    if (cells.join() === COLUMNS.join()) {
      isEquations = true;
      return [];
    }
    return isEquations && !/^[\s|:-]+$/u.test(line) ? [cells] : [];
  });
}

function problemsOf(markdown: string): string[] {
  const paths = inCode(markdown).filter((text) => /^[\w.-]+\/[\w./-]+$/u.test(text));
  const gone = paths.filter((path) => !existsSync(new URL(path, root))).map((path) => `no file ${path}`);
  const loose = equationRows(markdown).flatMap((cells) => {
    const [equation = "", symbols = "", files = "", tests = ""] = cells;
    if (cells.length !== COLUMNS.length) return [`expected ${COLUMNS.length} cells, got ${cells.length}: ${cells.join(" | ")}`];
    const source = inCode(files).map(read).join("\n");
    const missing = inCode(symbols).filter((symbol) => !new RegExp(`\\b${symbol}\\b`, "u").test(source));
    const hasTest = inCode(tests).some((path) => path.startsWith("tests/") && path.endsWith(".test.ts"));
    const isBare = inCode(symbols).length === 0 || inCode(files).length === 0;
    return [
      ...missing.map((symbol) => `no ${symbol} in ${files}`),
      ...(hasTest ? [] : [`no test for: ${equation}`]),
      ...(isBare ? [`no symbol or file for: ${equation}`] : []),
    ];
  });
  return [...gone, ...loose];
}

const doc = read("docs/math.md");

test("every file and every symbol that docs/math.md names is there", () => {
  expect(problemsOf(doc)).toEqual([]);
  expect(equationRows(doc).length).toBeGreaterThan(30);
});

test("a file that is gone, a symbol that moved, a row without a test and a cell too many are found", () => {
  const table = (row: string): string => `| equation | symbol | file | test |\n| --- | --- | --- | --- |\n${row}`;
  const good = "| q | `winRateOf` | `app/statistics/win-rate.ts` | `tests/app/statistics/win-rate.test.ts` |";
  expect(problemsOf(table(good))).toEqual([]);
  expect(problemsOf("see `app/nowhere.ts`")).toEqual(["no file app/nowhere.ts"]);
  expect(problemsOf(table(good.replace("winRateOf", "winRat")))).toEqual(["no winRat in `app/statistics/win-rate.ts`"]);
  expect(problemsOf(table(good.replace(/`tests[^|]*/u, "none ")))).toEqual(["no test for: q"]);
  expect(problemsOf(table(good.replace("| q |", "| q | r |")))).toHaveLength(1);
});
