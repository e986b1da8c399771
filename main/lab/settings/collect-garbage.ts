/** Frees the disk of what no live record needs: what would go, how large it is, and why the rest stays. */
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { ConflictError } from "#app/base/errors.ts";
import type { ContentHash } from "#app/base/ids.ts";
import type { GarbageItem, GarbageReport } from "#app/contract/settings.ts";
import { bestCheckpoint } from "#app/training/best-checkpoint.ts";
import { insideCheckpoints, keptArtefacts, type TrainingRunFiles, trainingRuns } from "#main/store/queries/garbage.ts";
import { isAnyRunning } from "#main/store/queries/policy-use.ts";
import { metricsOf } from "#main/store/queries/results.ts";
import { type KeptCheckpoint, trainingCheckpoints } from "#main/store/queries/training.ts";
import { type LabContext, requireWritable } from "../context.ts";

/** Merged checkpoints lie there, in a folder each. */
const MERGED_FOLDER = "checkpoints";

export type Retention = {
  /** Of each training run that is done, so many of its newest checkpoints stay. Of one that is not, the newest and the best always do. */
  readonly keep: number;
};

type Removal = GarbageItem & { readonly remove: () => Promise<void> };

/** What would go; nothing is changed. */
export async function lookForGarbage(lab: LabContext, retention: Retention): Promise<GarbageReport> {
  return report(lab, await removals(lab, retention), false);
}

/** Removes it. Throws ConflictError while something runs, which may be about to read what goes. */
export async function collectGarbage(lab: LabContext, retention: Retention): Promise<GarbageReport> {
  requireWritable(lab);
  if (isAnyRunning(lab.store.db))
    throw new ConflictError("a round is running, and may be using what would go; pause it first, or only look (--dry-run)");
  const found = await removals(lab, retention);
  const done = report(lab, found, true);
  for (const { remove } of found) await remove();
  lab.events.publish({ type: "settings.changed" });
  return done;
}

async function removals(lab: LabContext, retention: Retention): Promise<Removal[]> {
  return [...oldCheckpoints(lab, retention), ...(await mergedCheckpoints(lab)), ...(await strays(lab))];
}

/** Training checkpoints that no run goes on from. One that two runs share stays as long as one of them needs it. */
function oldCheckpoints(lab: LabContext, retention: Retention): Removal[] {
  const { db, artefacts } = lab.store;
  const runs = trainingRuns(db).map((run) => ({ run, checkpoints: trainingCheckpoints(db, run.attemptId) }));
  const needed = new Set<ContentHash>(
    runs.flatMap(({ run, checkpoints }) => neededOf(lab, run, checkpoints, retention).map(({ artefact }) => artefact)),
  );
  const seen = new Set<ContentHash>();
  return runs.flatMap(({ run, checkpoints }) =>
    checkpoints.flatMap(({ step, artefact, sizeBytes }): Removal[] => {
      if (needed.has(artefact) || seen.has(artefact)) return [];
      seen.add(artefact);
      const why =
        run.state === "superseded"
          ? "of a training run that was run again"
          : run.state === "done"
            ? "of a training run that is done"
            : "older than the newest, and not the best";
      const name = `round ${run.round}, training checkpoint of step ${step}`;
      return [{ kind: "trainingCheckpoint", name, why, sizeBytes, remove: () => artefacts.remove(artefact) }];
    }),
  );
}

function neededOf(lab: LabContext, run: TrainingRunFiles, checkpoints: readonly KeptCheckpoint[], { keep }: Retention): KeptCheckpoint[] {
  if (run.state === "superseded") return [];
  if (run.state === "done") return keep === 0 ? [] : checkpoints.slice(-keep);
  const losses = metricsOf(lab.store.db, run.attemptId).map(({ step, values }) => ({ step, loss: values["loss"] ?? Number.NaN }));
  const best = bestCheckpoint(
    checkpoints.map(({ step }) => step),
    losses,
  );
  const newest = checkpoints.slice(-Math.max(1, keep));
  return [...newest, ...checkpoints.filter(({ step }) => step === best?.step)];
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
        why: "no policy rests on it; it can be merged again",
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
    why: "left by a process that ended in the middle; no record names it",
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
  adapter: "adapters of policies",
  export: "checkpoints that rounds trained: never removed",
  trainingCheckpoint: "training checkpoints: needed to go on, or kept by the rule",
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
