/** What an import came to, in the terminal: which preferences were lost, and why. */
import { expect, it } from "vitest";
import type { ImportReport } from "#app/contract/imports.ts";
import { importText } from "#main/cli/import-text.ts";

const report: ImportReport = {
  imported: 12,
  duplicates: 0,
  duplicatesInFile: 0,
  teacherResponses: 0,
  pairs: 0,
  unusablePairs: 0,
  unusable: [],
  leftOut: 0,
  rejected: [],
  rejectedCount: 0,
  splits: { training: 12, validation: 0, test: 0 },
  leaks: { equal: 0, near: 0, listed: [] },
  fromRound: { training: 1, heldOut: 1 },
};

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
