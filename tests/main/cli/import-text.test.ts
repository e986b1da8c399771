/** What an import came to, in the terminal: which preferences were lost, and why. */
import { expect, it } from "vitest";
import type { ImportReport } from "#app/contract/imports.ts";
import { importText } from "#main/cli/import-text.ts";
import { QUIET_IMPORT } from "#tests/support/quiet-import.ts";

const report: ImportReport = { imported: 12, ...QUIET_IMPORT };

it("says of the first rows why their preference cannot be used, and how many more there are", () => {
  const unusable = Array.from({ length: 12 }, (_, i) => ({
    row: i + 1,
    column: "rejected",
    expected: "an answer",
    got: "null",
    reason: '"rejected": expected an answer, got null',
  }));
  const lines = importText({ ...report, unusable, unusablePairs: 12 }).split("\n");
  expect(lines[1]).toBe("12 rows with a preference that cannot be used, and a prompt that can.");
  expect(lines[2]).toBe('The preference of row 1 cannot be used: "rejected": expected an answer, got null');
  expect(lines.slice(11)).toEqual([
    'The preference of row 10 cannot be used: "rejected": expected an answer, got null',
    "2 more of them; --json lists the first 12.",
  ]);
  expect(importText(report)).not.toContain("cannot be used");
});
