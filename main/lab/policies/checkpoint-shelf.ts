/** The checkpoints of an experiment: opened when they are added, and again, with a look at their files, before each use. */
import { mkdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "#app/base/errors.ts";
import type { ContentHash } from "#app/base/ids.ts";
import type { CheckpointRecord, Policy } from "#app/domain/policy.ts";
import type { ArtefactStore, PolicyWeights } from "#app/rounds/ports.ts";
import { policyWords } from "#app/text/policies.ts";
import type { Connection } from "#main/store/database.ts";
import { checkpointByHash, upsertCheckpoint } from "#main/store/queries/policies.ts";
import type { Engine, OpeningProgress } from "../context.ts";

/** Within the experiment's folder. */
const MERGED_FOLDER = "checkpoints";

export type CheckpointShelf = {
  /** Opens a Hugging Face folder or a GGUF file. What is not F32 is converted once, which takes time and disk. */
  open(path: string, signal: AbortSignal): Promise<CheckpointRecord>;
  /** The weights of a policy, ready for the engine. Throws DataError if its files are gone or no longer what they were. */
  prepare(policy: WeighedPolicy, signal: AbortSignal): Promise<PolicyWeights>;
  /**
   * The policy's weights as one checkpoint: its own where it has no adapter, else one of float32 in the experiment's folder,
   * written once.
   */
  merged(policy: WeighedPolicy, signal: AbortSignal): Promise<CheckpointRecord>;
  /** Tells how far something slow is that has to do with checkpoints. */
  readonly tell: (progress: OpeningProgress) => void;
};

type WeighedPolicy = Pick<Policy, "name" | "checkpointHash" | "adapterHash">;

export type ShelfParts = {
  /** The experiment's. */
  readonly folder: string;
  readonly db: Connection;
  readonly engine: Engine;
  readonly artefacts: ArtefactStore;
  readonly tell: (progress: OpeningProgress) => void;
};

export function createCheckpointShelf({ folder, db, engine, artefacts, tell }: ShelfParts): CheckpointShelf {
  const open = (path: string, signal: AbortSignal): Promise<CheckpointRecord> => engine.openCheckpoint(path, tell, signal);
  /** Silent unless it takes more than a look: a conversion whose result is gone, files that changed. */
  const openAgain = (path: string, signal: AbortSignal): Promise<CheckpointRecord> => {
    let isSlow = false;
    const tellIfSlow = (progress: OpeningProgress): void => {
      isSlow ||= progress.share < 1;
      if (isSlow) tell(progress);
    };
    return engine.openCheckpoint(path, tellIfSlow, signal);
  };
  const check = async (hash: ContentHash, name: string, signal: AbortSignal): Promise<void> => {
    const kept = checkpointByHash(db, hash);
    // The engine looks at size, time and header, and reads the tensors again only where these differ.
    const found = await openAgain(kept.path, signal);
    if (found.hash !== hash) {
      throw new DataError(policyWords.replaced(name, kept.path, short(hash), short(found.hash)), {
        path: kept.path,
      });
    }
    if (db.isReadOnly) return;
    if (found.sizeBytes !== kept.sizeBytes || Math.floor(found.modifiedAtMs) !== kept.modifiedAtMs) upsertCheckpoint(db, found);
  };
  const prepare: CheckpointShelf["prepare"] = async ({ name, checkpointHash, adapterHash }, signal) => {
    await check(checkpointHash, name, signal);
    if (adapterHash !== null) await artefacts.pathOf(adapterHash);
    return { checkpointHash, adapterHash };
  };
  return {
    open,
    prepare,
    merged: async (policy, signal) => {
      const weights = await prepare(policy, signal);
      if (weights.adapterHash === null) return checkpointByHash(db, weights.checkpointHash);
      // Named by what it is made of, so that it is made once; moved there whole.
      const path = join(folder, MERGED_FOLDER, `${short(weights.checkpointHash)}-${short(weights.adapterHash)}`);
      if ((await stat(path).catch(() => undefined)) === undefined) {
        const scratch = join(await artefacts.scratch(), "merged");
        await engine.writePolicy(weights, { path: scratch, layout: "hf", precision: "f32" }, tell, signal);
        await mkdir(join(folder, MERGED_FOLDER), { recursive: true });
        await rename(scratch, path);
      }
      return await open(path, signal);
    },
    tell,
  };
}

function short(hash: ContentHash): string {
  return hash.slice(0, 12);
}
