/** Data files of this machine as the lab uses them. */
import type { DataFiles } from "#app/rounds/data-ports.ts";
import { openData } from "./read-data.ts";
import { hashBytes, openBytes } from "./source.ts";
import { writeData } from "./write-data.ts";

export const dataFiles: DataFiles = {
  open: openData,
  write: writeData,
  hash: async (path) => await hashBytes(await openBytes({ path })),
};
