/** What of a judged experiment leaves the machine, and where its key is never found. */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { shorterWins, testJudgeServer } from "#tests/support/judge-server.ts";
import { configure, judged, openJudged, PRICE } from "./judge-support.ts";
import { runRound } from "./support.ts";

describe("what leaves the machine", () => {
  it("is confirmed once for the experiment, by host", async () => {
    const server = await testJudgeServer();
    const { client } = await openJudged(server);
    await client.settings.saveEndpoint({ name: "here", baseUrl: "https://judge.example/v1", prices: [PRICE] });
    await expect(client.rounds.start({})).rejects.toThrow(
      /8 prompts and the responses to them would go to judge\.example, and this experiment has not been allowed that yet/u,
    );
    expect(await client.rounds.judgeForecast()).toMatchObject({ hosts: [{ host: "judge.example", prompts: 8, isAllowed: false }] });
    await client.settings.allowHost({ host: "judge.example" });
    expect((await client.rounds.judgeForecast())?.hosts).toMatchObject([{ isAllowed: true }]);
    // Its key is looked for only then; there is none.
    expect((await runRound(client, "judge")).error).toMatch(
      /there is no key for judge\.example; nashlab judge key here keeps one, or set NASHLAB_KEY_JUDGE_EXAMPLE/u,
    );
  });

  it("is nothing while the lab is offline: no name is looked up and no socket opened; this machine still judges", async () => {
    const tried: string[] = [];
    const note = (message: unknown): void => {
      const { socket } = message as { socket?: { _host?: string; remoteAddress?: string } };
      tried.push(JSON.stringify(socket?._host ?? "a socket"));
    };
    const server = await testJudgeServer();
    const { client } = await openJudged(server);
    await client.settings.allowHost({ host: "203.0.113.7" });
    await client.settings.saveEndpoint({ name: "away", baseUrl: "https://203.0.113.7/v1", prices: [PRICE] });
    await client.settings.setOffline({ isOffline: true });
    subscribe("net.client.socket", note);
    onTestFinished(() => void unsubscribe("net.client.socket", note));
    await configure(client, judged({ endpoint: "away" }));
    await expect(client.rounds.start({})).rejects.toThrow(/the lab is offline, so 203\.0\.113\.7 cannot be reached/u);
    expect(await client.settings.testEndpoint({ name: "away", model: "judge" })).toMatchObject({
      ok: false,
      found: expect.stringMatching(/the lab is offline/u) as unknown,
    });
    expect(tried).toEqual([]);
    await configure(client, judged());
    expect((await runRound(client, "judge")).state).toBe("done");
    expect(server.calls.length).toBeGreaterThan(0);
  });

  it("never holds the key but in the request itself: not the folder, nor replies, events or errors", async () => {
    const key = "sk-canary-5d1c7a9e";
    let isAngry = false;
    const server = await testJudgeServer((call) =>
      isAngry ? { kind: "status", status: 400, message: `who are you, ${call.authorization ?? ""}?` } : shorterWins(call),
    );
    const { client, folder } = await openJudged(server);
    const heard: unknown[] = [];
    const watching = new AbortController();
    const events = await client.rounds.watch(undefined, { signal: watching.signal });
    const listening = (async () => {
      for await (const event of events) heard.push(event);
    })();
    heard.push(await client.settings.setKey({ name: "here", key }));
    heard.push(
      await runRound(client),
      await client.settings.doctor(),
      await client.settings.endpoints(),
      await client.rounds.list(),
      await client.experiments.get(),
    );
    isAngry = true;
    heard.push(await client.settings.testEndpoint({ name: "here", model: "judge" }));
    await configure(client, judged({ temperature: 1 }));
    await client.rounds.redo({ stage: "judge" });
    const failed = await client.rounds.settle();
    expect(failed.state).toBe("failed");
    heard.push(failed, await client.rounds.list(), await client.judgments.list({}), await client.settings.budget());
    heard.push(await client.results.exportPairs({ path: join(folder, "pairs.jsonl") }).catch((thrown: unknown) => String(thrown)));
    watching.abort();
    await listening;
    expect(heard.length).toBeGreaterThan(20);
    expect(server.calls[0]?.authorization).toBe(`Bearer ${key}`);
    expect(JSON.stringify(heard)).not.toContain(key);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) expect(readFileSync(join(file.parentPath, file.name)).includes(key), file.name).toBe(false);
  });
});
