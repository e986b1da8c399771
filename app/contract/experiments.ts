/** Contract: the experiment of this folder, its configuration and its prompts. */
import * as z from "zod";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { splitSchema } from "#app/domain/prompt.ts";
import { nameSchema, ownerMethod, readerMethod } from "./base.ts";
import { experimentViewSchema } from "./views.ts";

export const importReportSchema = z.object({
  imported: z.int(),
  /** Prompts that the experiment has already, by their normalised text. */
  duplicates: z.int(),
  teacherResponses: z.int(),
  rejected: z.array(z.object({ row: z.int(), reason: z.string() })),
  splits: z.record(splitSchema, z.int()),
});
export type ImportReport = Readonly<z.infer<typeof importReportSchema>>;

export const experimentsContract = {
  /** The experiment; null for a folder that has none yet. */
  get: readerMethod.output(experimentViewSchema.nullable()),
  create: ownerMethod.input(z.object({ name: nameSchema, config: experimentConfigSchema })).output(experimentViewSchema),
  /** Replaces the configuration; runs that have been started keep the one they resolved. */
  configure: ownerMethod.input(z.object({ config: experimentConfigSchema })).output(experimentViewSchema),
  /**
   * Reads prompts from a file on the lab's machine, or takes them as text. All rows are checked before the first is
   * stored.
   */
  importPrompts: ownerMethod
    .input(
      z.object({
        /** A file; or, with `text`, only the name that the prompts are remembered by. */
        path: z.string().min(1),
        /** What was pasted or dropped, in place of the file's content. */
        text: z.string().optional(),
        /** Puts all of them there, instead of by hash. */
        split: splitSchema.optional(),
        limit: z.int().min(1).optional(),
        offset: z.int().min(0).optional(),
        /** Store the good rows although some are rejected; else one rejected row refuses the file. */
        skipRejected: z.boolean().default(false),
      }),
    )
    .output(importReportSchema),
};
