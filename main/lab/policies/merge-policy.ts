/** Makes one checkpoint of a policy's checkpoint and adapter, and adds it as a policy of its own. */
import { ConflictError } from "#app/base/errors.ts";
import type { PolicyId } from "#app/base/ids.ts";
import type { Policy } from "#app/domain/policy.ts";
import { policyWords } from "#app/text/policies.ts";
import { insertPolicy, listPolicies, upsertCheckpoint } from "#main/store/queries/policies.ts";
import { type LabContext, requireWritable } from "../context.ts";
import { requireFreeName, requireNoTwin, uniqueName } from "./policy-names.ts";

/** Throws ConflictError for a policy without an adapter, a name that is taken, or weights that are there already. */
export async function mergePolicy(lab: LabContext, policy: Policy, name: string | undefined, signal: AbortSignal): Promise<Policy> {
  const { db } = lab.store;
  requireWritable(lab);
  if (policy.adapterHash === null) throw new ConflictError(policyWords.noAdapter(policy.name));
  if (name !== undefined) requireFreeName(listPolicies(db), name);
  const checkpoint = await lab.checkpoints.merged(policy, signal);
  return db.transaction(() => {
    const present = listPolicies(db);
    requireNoTwin(present, checkpoint.hash, null);
    const merged: Policy = {
      id: lab.ids.next() as PolicyId, // a fresh id of the lab's
      name: name ?? uniqueName(present, `${policy.name}-merged`),
      checkpointHash: checkpoint.hash,
      adapterHash: null,
      parentId: policy.id,
      attemptId: null,
      createdAtMs: lab.clock.nowMs(),
    };
    requireFreeName(present, merged.name);
    upsertCheckpoint(db, checkpoint);
    insertPolicy(db, merged);
    return merged;
  });
}
