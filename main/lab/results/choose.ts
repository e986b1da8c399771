/** A person says which policy is to be used, and why; the lab's own advice stays beside it. */
import type { AuthorId } from "#app/base/ids.ts";
import { insertChoice } from "#main/store/queries/choices.ts";
import { policyByName } from "#main/store/queries/policies.ts";
import type { LabContext } from "../context.ts";

/** Null takes the choice back. Throws NotFoundError for a policy that is not there. */
export function choosePolicy(lab: LabContext, authorId: AuthorId, policy: string | null, reason: string): void {
  const { db } = lab.store;
  const policyId = policy === null ? null : policyByName(db, policy).id;
  insertChoice(db, { id: lab.ids.next(), policyId, reason, authorId, deviceId: lab.deviceId, madeAtMs: lab.clock.nowMs() });
  lab.events.publish({ type: "results.changed" });
}
