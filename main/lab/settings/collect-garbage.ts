/** Frees the disk of what no live record needs: what would go, how large it is, and why the rest stays. */
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { ConflictError } from "#app/base/errors.ts";
import type { GarbageItem, GarbageReport } from "#app/contract/settings.ts";
import { upkeepWords } from "#app/text/upkeep.ts";
import { insideCheckpoints, keptArtefacts, type TrainingRunFiles, trainingRuns } from "#main/store/queries/garbage.ts";
import { type LabContext, requireWritable } from "../context.ts";
import { oldCheckpoints } from "../retention.ts";

/** Merged checkpoints lie there, in a folder each. */
const MERGED_FOLDER = "checkpoints";

export type Retention = {
  /** Of each training run that is done, so many checkpoints stay, the best first, then the newest; undefined for what the run was set to. */
  readonly keep?: number | undefined;
};

type Removal = GarbageItem & { readonly remove: () => Promise<void> };

/** What would go; nothing is changed. */
export async function lookForGarbage(lab: LabContext, retention: Retention): Promise<GarbageReport> {
  return report(lab, await removals(lab, retention), false);
}

/** Removes it. Throws ConflictError while something runs, which may be about to read what goes; waiting for people is no running. */
export async function collectGarbage(lab: LabContext, retention: Retention, isRunning: boolean): Promise<GarbageReport> {
  requireWritable(lab);
  if (isRunning) throw new ConflictError(upkeepWords.roundRuns);
  const found = await removals(lab, retention);
  const done = report(lab, found, true);
  for (const { remove } of found) await remove();
  lab.events.publish({ type: "settings.changed" });
  return done;
}

async function removals(lab: LabContext, retention: Retention): Promise<Removal[]> {
  return [...checkpointsToRemove(lab, retention), ...(await mergedCheckpoints(lab)), ...(await strays(lab))];
}

function checkpointsToRemove(lab: LabContext, { keep }: Retention): Removal[] {
  return oldCheckpoints(lab, keep).map(({ run, step, artefact, sizeBytes }) => ({
    kind: "trainingCheckpoint",
    name: upkeepWords.trainingCheckpoint(run.round, step),
    why: whyOld(run),
    sizeBytes,
    remove: () => lab.store.artefacts.remove(artefact),
  }));
}

function whyOld({ state }: TrainingRunFiles): string {
  if (state === "superseded") return upkeepWords.why.runAgain;
  return state === "done" ? upkeepWords.why.done : upkeepWords.why.older;
}

/** Merged weights on which no policy rests: they are merged again where they are wanted. A run that is not done may start from one. */
async function mergedCheckpoints(lab: LabContext): Promise<Removal[]> {
  const { db } = lab.store;
  if (trainingRuns(db).some(({ state }) => state !== "done" && state !== "superseded")) return [];
  const needed = new Set(insideCheckpoints(db).flatMap(({ path, isNeeded }) => (isNeeded ? [path] : [])));
  const names = await readdir(join(lab.folder, MERGED_FOLDER)).catch(() => []);
  const unneeded = names.filter((name) => !needed.has(`${MERGED_FOLDER}/${name}`));
  return await Promise.all(
    unneeded.map(async (name): Promise<Removal> => {
      const path = join(lab.folder, MERGED_FOLDER, name);
      const remove = async (): Promise<void> => await rm(path, { recursive: true, force: true });
      return {
        kind: "mergedCheckpoint",
        name: `${MERGED_FOLDER}/${name}`,
        why: upkeepWords.why.merged,
        sizeBytes: await bytesUnder(path),
        remove,
      };
    }),
  );
}

async function strays(lab: LabContext): Promise<Removal[]> {
  return (await lab.store.artefacts.strays()).map(({ path, sizeBytes }) => ({
    kind: "stray",
    name: path.slice(lab.folder.length + 1),
    why: upkeepWords.why.stray,
    sizeBytes,
    remove: async () => {
      await rm(path, { recursive: true, force: true });
    },
  }));
}

async function bytesUnder(path: string): Promise<number> {
  const files = (await readdir(path, { withFileTypes: true, recursive: true })).filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

const KEPT = {
  adapter: upkeepWords.kept.adapters,
  export: upkeepWords.kept.exports,
  trainingCheckpoint: upkeepWords.kept.checkpoints,
} as const;

function report(lab: LabContext, found: readonly Removal[], isRemoved: boolean): GarbageReport {
  const going = found.filter(({ kind }) => kind === "trainingCheckpoint").reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const goingCount = found.filter(({ kind }) => kind === "trainingCheckpoint").length;
  const all = keptArtefacts(lab.store.db);
  const kept = (["adapter", "export", "trainingCheckpoint"] as const).map((kind) => {
    const ofKind = all.filter((one) => one.kind === kind);
    const bytes = ofKind.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const isGoing = kind === "trainingCheckpoint";
    return { what: KEPT[kind], count: ofKind.length - (isGoing ? goingCount : 0), sizeBytes: bytes - (isGoing ? going : 0) };
  });
  return {
    items: found.map(({ kind, name, why, sizeBytes }) => ({ kind, name, why, sizeBytes })),
    sizeBytes: found.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    kept: kept.filter(({ count }) => count > 0),
    isRemoved,
  };
}
