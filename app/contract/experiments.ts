/** Contract: the experiment of this folder, its configuration and its prompts. */
import * as z from "zod";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { nameSchema, ownerMethod, readerMethod } from "./base.ts";
import { importLookSchema, importReportSchema, importRequestSchema } from "./imports.ts";
import { experimentViewSchema } from "./views.ts";

export const experimentsContract = {
  /** The experiment; null for a folder that has none yet. */
  get: readerMethod.output(experimentViewSchema.nullable()),
  create: ownerMethod.input(z.object({ name: nameSchema, config: experimentConfigSchema })).output(experimentViewSchema),
  /** Replaces the configuration; runs that have been started keep the one they resolved. */
  configure: ownerMethod.input(z.object({ config: experimentConfigSchema })).output(experimentViewSchema),
  /** Reads a data file without storing anything: what it was taken for and why, samples, what is wrong with it. */
  lookAtImport: ownerMethod.input(importRequestSchema).output(importLookSchema),
  /**
   * Stores prompts and what came with them from a file on the lab's machine, or from text, at any time: a run that has
   * been begun works on with what it began with. All rows are checked before the first is stored.
   */
  importPrompts: ownerMethod
    .input(
      importRequestSchema.extend({
        /** Store the good rows although some are rejected; else one rejected row refuses the file. */
        skipRejected: z.boolean().default(false),
        /** Of the file that was looked at; another content is refused. */
        contentHash: z.string().optional(),
      }),
    )
    .output(importReportSchema),
};
