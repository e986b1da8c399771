/** Checkpoints and policies. */
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { NotFoundError } from "#app/base/errors.ts";
import type { AttemptId, ContentHash, PolicyId } from "#app/base/ids.ts";
import type { CheckpointRecord, Policy } from "#app/domain/policy.ts";
import { storeWords } from "#app/text/store.ts";
import { flag, number, type PlacedDb, type ReadableDb, type Row, text, textOrNull, type WritableDb } from "../database.ts";

function toPolicy(row: Row): Policy {
  return {
    id: text(row, "id") as PolicyId,
    name: text(row, "name"),
    checkpointHash: text(row, "checkpoint_hash") as ContentHash,
    adapterHash: textOrNull(row, "adapter_hash") as ContentHash | null,
    parentId: textOrNull(row, "parent_id") as PolicyId | null,
    attemptId: textOrNull(row, "attempt_id") as AttemptId | null,
    createdAtMs: number(row, "created_at"),
  };
}

/** Policies that count: not those that a superseded run made. Oldest first. */
export function listPolicies(db: ReadableDb): Policy[] {
  return db.all("SELECT * FROM current_policy ORDER BY created_at, id").map(toPolicy);
}

export function policyById(db: ReadableDb, id: PolicyId): Policy {
  const row = db.get("SELECT * FROM policy WHERE id = $id", { id });
  if (row === undefined) throw new NotFoundError(storeWords.noPolicy(id));
  return toPolicy(row);
}

export function policyByName(db: ReadableDb, name: string): Policy {
  const row = db.get("SELECT * FROM current_policy WHERE name = $name", { name });
  if (row === undefined) {
    const names = listPolicies(db).map((policy) => policy.name);
    throw new NotFoundError(storeWords.noPolicyNamed(JSON.stringify(name), names));
  }
  return toPolicy(row);
}

export function insertPolicy(db: WritableDb, policy: Policy): void {
  db.run(
    `INSERT INTO policy (id, name, checkpoint_hash, adapter_hash, parent_id, attempt_id, created_at)
     VALUES ($id, $name, $checkpoint_hash, $adapter_hash, $parent_id, $attempt_id, $created_at)`,
    {
      id: policy.id,
      name: policy.name,
      checkpoint_hash: policy.checkpointHash,
      adapter_hash: policy.adapterHash,
      parent_id: policy.parentId,
      attempt_id: policy.attemptId,
      created_at: policy.createdAtMs,
    },
  );
}

function toCheckpoint(row: Row, folder: string): CheckpointRecord {
  return {
    hash: text(row, "hash") as ContentHash,
    path: flag(row, "is_inside") ? join(folder, ...text(row, "path").split("/")) : text(row, "path"),
    family: text(row, "family"),
    parameterCount: number(row, "parameter_count"),
    sizeBytes: number(row, "size_bytes"),
    modifiedAtMs: number(row, "modified_at"),
    headerHash: text(row, "header_hash") as ContentHash,
  };
}

/** With the path where it is now: one within the experiment's folder moves with it. */
export function checkpointByHash(db: PlacedDb, hash: ContentHash): CheckpointRecord {
  const row = db.get("SELECT * FROM checkpoint WHERE hash = $hash", { hash });
  if (row === undefined) throw new NotFoundError(storeWords.noCheckpoint(hash));
  return toCheckpoint(row, dirname(db.path));
}

/** Inserts a checkpoint, or notes where the same content lies now. */
export function upsertCheckpoint(db: WritableDb & PlacedDb, checkpoint: CheckpointRecord): void {
  const inside = pathWithin(dirname(db.path), checkpoint.path);
  db.run(
    `INSERT INTO checkpoint (hash, path, is_inside, family, parameter_count, size_bytes, modified_at, header_hash)
     VALUES ($hash, $path, $is_inside, $family, $parameter_count, $size_bytes, $modified_at, $header_hash)
     ON CONFLICT (hash) DO UPDATE SET path = excluded.path, is_inside = excluded.is_inside, size_bytes = excluded.size_bytes,
       modified_at = excluded.modified_at`,
    {
      hash: checkpoint.hash,
      path: inside ?? checkpoint.path,
      is_inside: inside === undefined ? 0 : 1,
      family: checkpoint.family,
      parameter_count: checkpoint.parameterCount,
      size_bytes: checkpoint.sizeBytes,
      modified_at: Math.floor(checkpoint.modifiedAtMs),
      header_hash: checkpoint.headerHash,
    },
  );
}

/** From the folder, with forward slashes; undefined for what lies elsewhere. */
function pathWithin(folder: string, path: string): string | undefined {
  const steps = relative(resolve(folder), resolve(path));
  return steps === "" || steps === ".." || steps.startsWith(`..${sep}`) || isAbsolute(steps) ? undefined : steps.split(sep).join("/");
}
