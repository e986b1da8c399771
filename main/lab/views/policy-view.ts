/** Policies as they are shown: with names for ids, and the round that made them. */
import type { PolicyView } from "#app/contract/views.ts";
import type { Policy } from "#app/domain/policy.ts";
import type { PlacedDb } from "#main/store/database.ts";
import { checkpointByHash, listPolicies, policyById } from "#main/store/queries/policies.ts";
import { listRounds } from "#main/store/queries/rounds.ts";

/** Policies that count, oldest first. */
export function policyViews(db: PlacedDb): PolicyView[] {
  const roundByPolicy = new Map(listRounds(db).map((round) => [round.newPolicyId, round.number]));
  return listPolicies(db).map((policy) => toView(db, policy, roundByPolicy.get(policy.id) ?? null));
}

export function policyView(db: PlacedDb, policy: Policy): PolicyView {
  const round = listRounds(db).find((one) => one.newPolicyId === policy.id);
  return toView(db, policy, round?.number ?? null);
}

function toView(db: PlacedDb, policy: Policy, roundNumber: number | null): PolicyView {
  const checkpoint = checkpointByHash(db, policy.checkpointHash);
  return {
    id: policy.id,
    name: policy.name,
    parent: policy.parentId === null ? null : policyById(db, policy.parentId).name,
    checkpointPath: checkpoint.path,
    checkpointHash: checkpoint.hash,
    adapterHash: policy.adapterHash,
    family: checkpoint.family,
    parameterCount: checkpoint.parameterCount,
    roundNumber,
    createdAtMs: policy.createdAtMs,
  };
}
