/** Endpoints, keys, caps and the offline switch, through the contract. */
import { describe, expect, it } from "vitest";
import { endpointSchema } from "#app/domain/endpoint.ts";
import { isHostAllowed } from "#main/store/queries/endpoints.ts";
import { openReadyLab } from "./support.ts";

const OPENAI = endpointSchema.parse({
  name: "openai",
  baseUrl: "https://api.openai.com/v1",
  prices: [{ model: "m", inputUsdPerMillion: 2, outputUsdPerMillion: 8 }],
});

describe("endpoints", () => {
  it("are kept, replaced by name, and removed", async () => {
    const { client } = await openReadyLab();
    expect(await client.settings.saveEndpoint(OPENAI)).toMatchObject({
      ...OPENAI,
      host: "api.openai.com",
      isLocal: false,
      keyPlace: null,
      keySetAtMs: null,
      keyVariable: "NASHLAB_KEY_API_OPENAI_COM",
    });
    await client.settings.saveEndpoint({ ...OPENAI, parallel: 3 });
    expect((await client.settings.endpoints()).map(({ name, parallel }) => [name, parallel])).toEqual([["openai", 3]]);
    expect(await client.settings.removeEndpoint({ name: "openai" })).toEqual({ wasThere: true });
    expect(await client.settings.endpoints()).toEqual([]);
    await expect(client.settings.setKey({ name: "openai", key: "k" })).rejects.toThrow(
      /there is no endpoint "openai"; this experiment knows none yet/u,
    );
  });

  it("say that a key is there and never which; another address has no key", async () => {
    const { client, db } = await openReadyLab();
    await client.settings.saveEndpoint(OPENAI);
    const view = await client.settings.setKey({ name: "openai", key: "sk-secret" });
    expect(view).toMatchObject({ keyPlace: "memory", keySetAtMs: expect.any(Number) as unknown });
    expect(JSON.stringify(await client.settings.endpoints())).not.toContain("sk-secret");
    expect(await client.settings.saveEndpoint({ ...OPENAI, baseUrl: "https://elsewhere.org/v1" })).toMatchObject({
      keyPlace: null,
      keySetAtMs: null,
    });
    await client.settings.saveEndpoint(OPENAI);
    expect(await client.settings.removeKey({ name: "openai" })).toMatchObject({ keyPlace: null });
    expect(JSON.stringify(db.all("SELECT * FROM endpoint, setting"))).not.toContain("sk-secret");
  });
});

describe("money and network", () => {
  it("begins with caps, nothing spent, online, and no host allowed", async () => {
    const { client } = await openReadyLab();
    const budget = await client.settings.budget();
    expect(budget).toMatchObject({ caps: { roundUsd: 10, totalUsd: 50 }, rounds: [], total: { paidUsd: 0, openUsd: 0, unsureUsd: 0, calls: 0 } });
    expect(await client.settings.network()).toEqual({ isOffline: false, isForced: false, allowedHosts: [] });
  });

  it("remembers caps, the switch and the hosts, and tells watchers", async () => {
    const { client, db } = await openReadyLab();
    const events = await client.rounds.watch();
    expect((await client.settings.setCaps({ roundUsd: null, totalUsd: 3.5 })).caps).toEqual({ roundUsd: null, totalUsd: 3.5 });
    expect((await events.next()).value).toEqual({ type: "settings.changed" });
    expect((await client.settings.setOffline({ isOffline: true })).isOffline).toBe(true);
    expect((await client.settings.setOffline({ isOffline: false })).isOffline).toBe(false);
    const { allowedHosts } = await client.settings.allowHost({ host: "API.openai.com" });
    expect(allowedHosts).toMatchObject([{ host: "api.openai.com", prompts: 32 }]);
    expect(isHostAllowed(db, "api.openai.com")).toBe(true);
    expect((await client.settings.forbidHost({ host: "api.openai.com" })).allowedHosts).toEqual([]);
    expect(isHostAllowed(db, "api.openai.com")).toBe(false);
    await events.return(undefined);
  });
});
