/** The checkpoints of an experiment: opened when they are added, and again, with a look at their files, before each use. */
import { DataError } from "#app/base/errors.ts";
import type { ContentHash } from "#app/base/ids.ts";
import type { CheckpointRecord, Policy } from "#app/domain/policy.ts";
import type { ArtefactStore, PolicyWeights } from "#app/rounds/ports.ts";
import type { WritableDb } from "#main/store/database.ts";
import { checkpointByHash, upsertCheckpoint } from "#main/store/queries/policies.ts";
import type { Engine, OpeningProgress } from "../context.ts";

export type CheckpointShelf = {
  /** Opens a Hugging Face folder or a GGUF file. What is not F32 is converted once, which takes time and disk. */
  open(path: string, signal: AbortSignal): Promise<CheckpointRecord>;
  /** The weights of a policy, ready for the engine. Throws DataError if its files are gone or no longer what they were. */
  prepare(policy: Pick<Policy, "name" | "checkpointHash" | "adapterHash">, signal: AbortSignal): Promise<PolicyWeights>;
};

export type ShelfParts = {
  readonly db: WritableDb;
  readonly engine: Engine;
  readonly artefacts: ArtefactStore;
  readonly tell: (progress: OpeningProgress) => void;
};

export function createCheckpointShelf({ db, engine, artefacts, tell }: ShelfParts): CheckpointShelf {
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
      throw new DataError(
        `the checkpoint of policy ${name} in ${kept.path} is no longer the one that was added: expected content ${short(hash)}, found ${short(found.hash)}`,
        {
          path: kept.path,
        },
      );
    }
    if (found.sizeBytes !== kept.sizeBytes || Math.floor(found.modifiedAtMs) !== kept.modifiedAtMs) upsertCheckpoint(db, found);
  };
  return {
    open,
    prepare: async ({ name, checkpointHash, adapterHash }, signal) => {
      await check(checkpointHash, name, signal);
      if (adapterHash !== null) await artefacts.pathOf(adapterHash);
      return { checkpointHash, adapterHash };
    },
  };
}

function short(hash: ContentHash): string {
  return hash.slice(0, 12);
}
