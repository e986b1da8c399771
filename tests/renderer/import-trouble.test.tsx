/** What is wrong with a data file, on screen: rows that are rejected and preferences that are lost, each with the reason. */
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import type { ImportLook } from "#app/contract/imports.ts";
import { ImportTrouble } from "#renderer/set-up/import-trouble.tsx";
import { QUIET_IMPORT } from "#tests/support/quiet-import.ts";

const look: ImportLook = {
  name: "a.jsonl",
  format: "jsonl",
  contentHash: "0",
  sizeBytes: 1,
  rows: 3,
  shapes: [],
  isCertain: true,
  proposedPrompt: null,
  columns: [],
  samples: [],
  fresh: 3,
  ...QUIET_IMPORT,
};

it("lists both, and neither where there is none", () => {
  const lost = { row: 2, column: "rejected", expected: "an answer", got: "null", reason: "" };
  const refused = { row: 3, column: null, expected: "a prompt", got: "an empty one", reason: "" };
  const drawn = renderToStaticMarkup(
    <ImportTrouble look={{ ...look, unusablePairs: 25, unusable: [lost], rejectedCount: 1, rejected: [refused] }} />,
  );
  expect(drawn).toContain("1 row cannot be used.");
  expect(drawn).toContain("<td>the row</td><td>a prompt</td><td>an empty one</td>");
  expect(drawn).toContain("25 rows with a preference that cannot be used, and a prompt that can.");
  expect(drawn).toContain("<td>rejected</td><td>an answer</td><td>null</td>");
  expect(drawn).toContain("and 5 rows more");
  expect(renderToStaticMarkup(<ImportTrouble look={look} />)).toBe("");
});
