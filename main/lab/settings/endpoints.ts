/** The contract's area "settings", part two: endpoints and their keys, caps on money, the offline switch, hosts that are allowed. */
import { ConflictError, NotFoundError } from "#app/base/errors.ts";
import type { EndpointView } from "#app/contract/endpoints.ts";
import { hostOf, isLoopback, originOf } from "#app/domain/endpoint.ts";
import { endpointWords } from "#app/text/endpoints.ts";
import * as endpoints from "#main/store/queries/endpoints.ts";
import { promptCounts } from "#main/store/queries/experiments.ts";
import { spendingByRound, totalSpending } from "#main/store/queries/spending.ts";
import { acceptSnapshot, listSnapshots, withdrawSnapshot } from "#main/store/queries/judge-requests.ts";
import { getCaps, setCaps } from "../caps.ts";
import type { LabContext } from "../context.ts";
import { listTemplates } from "../judges/templates.ts";
import { testEndpoint } from "../judges/test-endpoint.ts";
import { api } from "../roles.ts";

export function endpointHandlers(lab: LabContext) {
  const { settings } = api;
  const { db } = lab.store;
  const budget = () => ({ caps: getCaps(db), total: totalSpending(db), rounds: spendingByRound(db) });
  const network = () => ({ isOffline: lab.network.isOffline(), isForced: lab.network.isForced, allowedHosts: endpoints.listAllowedHosts(db) });
  const changed = () => {
    lab.events.publish({ type: "settings.changed" });
  };
  const snapshots = () => {
    const nameByUrl = new Map(endpoints.listEndpoints(db).map(({ name, baseUrl }) => [baseUrl, name]));
    return listSnapshots(db).map(({ baseUrl, model, snapshot, firstSeenAtMs, acceptedAtMs }) => ({
      endpoint: nameByUrl.get(baseUrl) ?? baseUrl,
      model,
      snapshot,
      firstSeenAtMs,
      isAccepted: acceptedAtMs !== null,
    }));
  };
  const view = async (name: string) => await endpointView(lab, endpoints.endpointByName(db, name));
  return {
    endpoints: settings.endpoints.handler(async () => await Promise.all(endpoints.listEndpoints(db).map((endpoint) => endpointView(lab, endpoint)))),
    saveEndpoint: settings.saveEndpoint.handler(async ({ input }) => {
      endpoints.upsertEndpoint(db, input);
      changed();
      return await view(input.name);
    }),
    removeEndpoint: settings.removeEndpoint.handler(({ input }) => {
      const wasThere = endpoints.deleteEndpoint(db, input.name);
      changed();
      return { wasThere };
    }),
    setKey: settings.setKey.handler(async ({ input }) => {
      const { baseUrl } = endpoints.endpointByName(db, input.name);
      await lab.secrets.set(originOf(baseUrl), input.key);
      endpoints.noteKey(db, input.name, lab.clock.nowMs());
      changed();
      return await view(input.name);
    }),
    removeKey: settings.removeKey.handler(async ({ input }) => {
      await removeKey(lab, input.name);
      changed();
      return await view(input.name);
    }),
    testEndpoint: settings.testEndpoint.handler(async ({ input }) => await testEndpoint(lab, input)),
    snapshots: settings.snapshots.handler(snapshots),
    acceptSnapshot: settings.acceptSnapshot.handler(({ input }) => {
      const { baseUrl } = endpoints.endpointByName(db, input.endpoint);
      if (!acceptSnapshot(db, { ...input, baseUrl }, lab.clock.nowMs())) {
        throw new NotFoundError(endpointWords.noSnapshot(input.endpoint, input.model, input.snapshot));
      }
      changed();
      return snapshots();
    }),
    withdrawSnapshot: settings.withdrawSnapshot.handler(({ input }) => {
      const { endpoint, model, snapshot } = input;
      const { baseUrl } = endpoints.endpointByName(db, endpoint);
      const done = withdrawSnapshot(db, { ...input, baseUrl });
      if (done === "notAccepted") throw new NotFoundError(endpointWords.notAccepted(endpoint, model, snapshot));
      if (done === "onlyOne") throw new ConflictError(endpointWords.onlySnapshot(model, snapshot));
      changed();
      return snapshots();
    }),
    templates: settings.templates.handler(() => listTemplates(lab)),
    budget: settings.budget.handler(budget),
    setCaps: settings.setCaps.handler(({ input }) => {
      setCaps(db, input);
      changed();
      return budget();
    }),
    network: settings.network.handler(network),
    setOffline: settings.setOffline.handler(({ input }) => {
      if (!input.isOffline && lab.network.isForced) throw new ConflictError(endpointWords.offlineForced);
      lab.network.setOffline(input.isOffline);
      changed();
      return network();
    }),
    allowHost: settings.allowHost.handler(({ input }) => {
      const prompts = Object.values(promptCounts(db)).reduce((sum, count) => sum + count, 0);
      endpoints.allowHost(db, input.host.toLowerCase(), prompts, lab.clock.nowMs());
      changed();
      return network();
    }),
    forbidHost: settings.forbidHost.handler(({ input }) => {
      endpoints.forbidHost(db, input.host.toLowerCase());
      changed();
      return network();
    }),
  };
}

async function endpointView(lab: LabContext, stored: endpoints.StoredEndpoint): Promise<EndpointView> {
  const origin = originOf(stored.baseUrl);
  const host = hostOf(stored.baseUrl);
  return {
    ...stored,
    prices: stored.prices.map((price) => ({ ...price })),
    host,
    isLocal: isLoopback(host),
    keyPlace: (await lab.secrets.placeOf(origin)) ?? null,
    keyVariable: lab.secrets.variableOf(origin),
  };
}

async function removeKey(lab: LabContext, name: string): Promise<void> {
  const origin = originOf(endpoints.endpointByName(lab.store.db, name).baseUrl);
  await lab.secrets.delete(origin);
  endpoints.noteKey(lab.store.db, name, null);
  if ((await lab.secrets.placeOf(origin)) !== "environment") return;
  throw new ConflictError(endpointWords.keyOfEnvironment(lab.secrets.variableOf(origin)));
}
