/** The contract's area "policies": checkpoints and adapters in, policies listed, and out. */
import type { PolicyView } from "#app/contract/views.ts";
import type { Policy } from "#app/domain/policy.ts";
import type { LabContext } from "../context.ts";
import { policyByName } from "#main/store/queries/policies.ts";
import { api } from "../roles.ts";
import { policyView, policyViews } from "../views/policy-view.ts";
import { addPolicy } from "./add-policy.ts";
import { exportPolicy } from "./export-policy.ts";
import { mergePolicy } from "./merge-policy.ts";

export function policyHandlers(lab: LabContext) {
  const { policies } = api;
  const { db } = lab.store;
  const endedWith = (signal: AbortSignal | undefined): AbortSignal => (signal === undefined ? lab.closing : AbortSignal.any([signal, lab.closing]));
  const added = (policy: Policy): PolicyView => {
    lab.events.publish({ type: "experiment.changed" });
    return policyView(db, policy);
  };
  return {
    list: policies.list.handler(() => policyViews(db)),
    add: policies.add.handler(async ({ input, signal }) => added(await addPolicy(lab, input.path, input.name, endedWith(signal)))),
    export: policies.export.handler(({ input, signal }) =>
      exportPolicy(lab, policyByName(db, input.policy), { path: input.path, as: input.as, precision: input.precision }, endedWith(signal)),
    ),
    merge: policies.merge.handler(async ({ input, signal }) =>
      added(await mergePolicy(lab, policyByName(db, input.policy), input.name, endedWith(signal))),
    ),
  };
}
