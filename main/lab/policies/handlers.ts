/** The contract's area "policies": checkpoints and adapters in, policies listed, and out. */
import type { LabContext } from "../context.ts";
import { policyByName } from "#main/store/queries/policies.ts";
import { api } from "../roles.ts";
import { policyView, policyViews } from "../views/policy-view.ts";
import { addPolicy } from "./add-policy.ts";
import { exportPolicy } from "./export-policy.ts";

export function policyHandlers(lab: LabContext) {
  const { policies } = api;
  const { db } = lab.store;
  return {
    list: policies.list.handler(() => policyViews(db)),
    add: policies.add.handler(async ({ input, signal }) => {
      const ended = signal === undefined ? lab.closing : AbortSignal.any([signal, lab.closing]);
      const policy = await addPolicy(lab, input.path, input.name, ended);
      lab.events.publish({ type: "experiment.changed" });
      return policyView(db, policy);
    }),
    export: policies.export.handler(({ input }) => exportPolicy(lab, policyByName(db, input.policy), input.path)),
  };
}
