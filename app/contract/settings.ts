/** Contract: the lab itself: where it runs, what it found, whether all is well, whom it asks and what that may cost. */
import * as z from "zod";
import { ownerMethod, readerMethod } from "./base.ts";
import { endpointMethods } from "./endpoints.ts";

const backupSchema = z.object({ name: z.string(), path: z.string(), sizeBytes: z.number(), madeAtMs: z.number() });

export const settingsContract = {
  about: readerMethod.output(
    z.object({
      version: z.string(),
      folder: z.string(),
      pid: z.int(),
      host: z.string(),
      startedAtMs: z.number(),
      /** Said aloud when a dead owner's folder was taken over. */
      takenOverFrom: z.int().nullable(),
    }),
  ),
  /** Looks at the machine, the engine, the database and the artefacts; changes nothing. */
  doctor: ownerMethod.output(z.array(z.object({ name: z.string(), ok: z.boolean(), found: z.string() }))),
  /** Copies of the experiment's database, newest first. */
  backups: readerMethod.output(z.array(backupSchema)),
  /** Makes one more, while the lab is at work. Large files (adapters, training checkpoints) are not in it. */
  backUp: ownerMethod.output(backupSchema),
  ...endpointMethods,
};
