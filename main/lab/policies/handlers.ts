/** The contract's area "policies": checkpoints and adapters in, policies listed, and out. */
import type { HubView, PolicySource } from "#app/contract/policies.ts";
import type { PolicyView } from "#app/contract/views.ts";
import { parseHubSource } from "#app/domain/hub-source.ts";
import type { Policy } from "#app/domain/policy.ts";
import type { LabContext } from "../context.ts";
import { policyByName } from "#main/store/queries/policies.ts";
import { api } from "../roles.ts";
import { policyView, policyViews } from "../views/policy-view.ts";
import { addPolicy } from "./add-policy.ts";
import { exportPolicy } from "./export-policy.ts";
import { lookAtHub } from "./hub-source.ts";
import { mergePolicy } from "./merge-policy.ts";
import { deletePolicy, policyDetails, restorePolicy } from "./policy-details.ts";
import { tryPrompt } from "./try-prompt.ts";

/** `isRunning`: whether a round or a comparison runs now. */
export function policyHandlers(lab: LabContext, isRunning: () => boolean) {
  const { policies } = api;
  const { db } = lab.store;
  const endedWith = (signal: AbortSignal | undefined): AbortSignal => (signal === undefined ? lab.closing : AbortSignal.any([signal, lab.closing]));
  const added = (policy: Policy): PolicyView => {
    lab.events.publish({ type: "experiment.changed" });
    return policyView(db, policy);
  };
  const hub = async (): Promise<HubView> => ({
    host: new URL(lab.hub.origin).host,
    tokenPlace: (await lab.secrets.placeOf(lab.hub.origin)) ?? null,
    tokenVariable: lab.secrets.variableOf(lab.hub.origin),
  });
  return {
    list: policies.list.handler(() => policyViews(db)),
    look: policies.look.handler(async ({ input, signal }): Promise<PolicySource> => {
      const source = parseHubSource(input.path);
      if (source === undefined) return { kind: "local", path: input.path };
      const { path: _path, files, ...listing } = await lookAtHub(lab, source, endedWith(signal));
      return { kind: "hub", ...listing, files: files.map((file) => ({ ...file })) };
    }),
    add: policies.add.handler(async ({ input, signal }) => added(await addPolicy(lab, input, endedWith(signal)))),
    hub: policies.hub.handler(hub),
    setHubToken: policies.setHubToken.handler(async ({ input }) => {
      if (input.token === null) await lab.secrets.delete(lab.hub.origin);
      else await lab.secrets.set(lab.hub.origin, input.token);
      lab.events.publish({ type: "settings.changed" });
      return await hub();
    }),
    describe: policies.describe.handler(({ input }) => policyDetails(lab, policyByName(db, input.policy))),
    try: policies.try.handler(({ input, signal }) => tryPrompt(lab, input, endedWith(signal))),
    remove: policies.remove.handler(({ input }) => {
      const policy = policyByName(db, input.policy);
      deletePolicy(lab, policy, isRunning());
      return { policy: policy.name };
    }),
    restore: policies.restore.handler(({ input }) => policyView(db, restorePolicy(lab, input.policy))),
    export: policies.export.handler(({ input, signal }) =>
      exportPolicy(lab, policyByName(db, input.policy), { path: input.path, as: input.as, precision: input.precision }, endedWith(signal)),
    ),
    merge: policies.merge.handler(async ({ input, signal }) =>
      added(await mergePolicy(lab, policyByName(db, input.policy), input.name, endedWith(signal))),
    ),
  };
}
