/** The contract's area "settings": the lab itself: where it runs, and whether all is well. */
import { InternalError } from "#app/base/errors.ts";
import { listCopies, makeCopy } from "#main/store/copies.ts";
import { newerSchemaSentence } from "#main/store/migrate.ts";
import { type LabContext, requireWritable } from "../context.ts";
import { api } from "../roles.ts";
import { collectGarbage, lookForGarbage } from "./collect-garbage.ts";
import { examine } from "./doctor.ts";
import { writeSupportReport } from "./support-report.ts";
import { endpointHandlers } from "./endpoints.ts";
import { engineHandlers } from "./engine.ts";

/** What a host knows of the lab that it opened. */
export type About = {
  readonly version: string;
  readonly host: "cli" | "http" | "electron";
  readonly startedAtMs: number;
  readonly takenOverFrom: number | null;
};

function newerView({ store: { newer } }: LabContext): { schema: number; known: number; sentence: string } | null {
  return newer === null ? null : { ...newer, sentence: newerSchemaSentence(newer) };
}

/** `isRunning`: whether a round or a comparison runs now. */
export function settingHandlers(lab: LabContext, about: About, isRunning: () => boolean) {
  const { settings } = api;
  return {
    about: settings.about.handler(() => ({ ...about, folder: lab.folder, pid: process.pid, newer: newerView(lab) })),
    doctor: settings.doctor.handler(() => examine(lab)),
    backups: settings.backups.handler(() => listCopies(lab.store.db)),
    backUp: settings.backUp.handler(async () => {
      requireWritable(lab);
      const copy = await makeCopy(lab.store.db, lab.clock.nowMs());
      if (copy === undefined) throw new InternalError("a copy of the database was made but is not there");
      lab.events.publish({ type: "settings.changed" });
      return copy;
    }),
    ...engineHandlers(lab),
    garbage: settings.garbage.handler(({ input }) => lookForGarbage(lab, input)),
    collectGarbage: settings.collectGarbage.handler(({ input }) => collectGarbage(lab, input, isRunning())),
    writeReport: settings.writeReport.handler(async ({ input: { path, withErrors } }) => ({
      path,
      parts: [...(await writeSupportReport(lab, { path, withErrors, version: about.version }))],
    })),
    ...endpointHandlers(lab),
  };
}
