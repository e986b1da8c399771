/** What an import comes to of which there is nothing to tell, for tests of how one is told. */
import type { ImportReport } from "#app/contract/imports.ts";

export const QUIET_IMPORT: Omit<ImportReport, "imported"> = {
  duplicates: 0,
  duplicatesInFile: 0,
  teacherResponses: 0,
  pairs: 0,
  unusablePairs: 0,
  unusable: [],
  leftOut: 0,
  rejected: [],
  rejectedCount: 0,
  splits: { training: 3, validation: 0, test: 0 },
  leaks: { equal: 0, near: 0, listed: [] },
  fromRound: { training: 1, heldOut: 1 },
};
