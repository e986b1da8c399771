/** Contract: the lab itself: where it runs, what it found, whether all is well, whom it asks and what that may cost. */
import * as z from "zod";
import { deviceFindingSchema, engineChangesSchema, engineOptionsSchema } from "#app/domain/device.ts";
import { ownerMethod, readerMethod } from "./base.ts";
import { endpointMethods } from "./endpoints.ts";

const backupSchema = z.object({ name: z.string(), path: z.string(), sizeBytes: z.number(), madeAtMs: z.number() });

const engineViewSchema = engineOptionsSchema.extend({ processorThreads: z.int() });

const garbageItemSchema = z.object({
  kind: z.enum(["trainingCheckpoint", "mergedCheckpoint", "stray"]),
  name: z.string(),
  /** Why it can go. */
  why: z.string(),
  sizeBytes: z.number(),
});
export type GarbageItem = Readonly<z.infer<typeof garbageItemSchema>>;

const garbageReportSchema = z.object({
  items: z.array(garbageItemSchema),
  sizeBytes: z.number(),
  /** What stays, and why. */
  kept: z.array(z.object({ what: z.string(), count: z.int(), sizeBytes: z.number() })),
  isRemoved: z.boolean(),
});
export type GarbageReport = Readonly<z.infer<typeof garbageReportSchema>>;

/** `keep`: of each training run that is done, so many checkpoints stay, the best first; without it what `training.keepCheckpoints` says. */
const retention = z.object({ keep: z.int().min(0).optional() });

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
      /** Set where a newer version of the lab wrote the experiment: all of it can be looked at, nothing changed. */
      newer: z.object({ schema: z.int(), known: z.int(), sentence: z.string() }).nullable(),
    }),
  ),
  /** Looks at the machine, the engine, the database and the artefacts; changes nothing. */
  doctor: ownerMethod.output(
    z.array(
      z.object({
        name: z.string(),
        ok: z.boolean(),
        /** Not to be had here, which is no fault: nothing was to use it. */
        isAbsent: z.literal(true).optional(),
        found: z.string(),
      }),
    ),
  ),
  /** Copies of the experiment's database, newest first. */
  backups: readerMethod.output(z.array(backupSchema)),
  /** Makes one more, while the lab is at work. Large files (adapters, training checkpoints) are not in it. */
  backUp: ownerMethod.output(backupSchema),
  /** On which device the engine runs jobs that begin from now on, with how many threads, and how many the processor has. */
  engine: readerMethod.output(engineViewSchema),
  /** Refuses a device that is not ready. */
  setEngine: ownerMethod.input(engineChangesSchema).output(engineViewSchema),
  /** Every device, tried with a tiny model the first time: that may take seconds. */
  devices: readerMethod.output(z.array(deviceFindingSchema)),
  /** What no live record needs on the disk, how large it is, and why the rest stays. Changes nothing. */
  garbage: readerMethod.input(retention).output(garbageReportSchema),
  /** Removes it. Refused while something runs. Exports, adapters, and what a run goes on from are never removed. */
  collectGarbage: ownerMethod.input(retention).output(garbageReportSchema),
  /**
   * Writes a redacted report for support as one gzipped JSON file: no prompt, no response, no key, no path of the user's.
   * `withErrors` adds what stages and the doctor's complaints said, without what stands between quotes: they may still hold words of a text.
   */
  writeReport: ownerMethod
    .input(z.object({ path: z.string().min(1), withErrors: z.boolean().default(false) }))
    .output(z.object({ path: z.string(), parts: z.array(z.string()) })),
  ...endpointMethods,
};
