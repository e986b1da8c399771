/** Judges and models brought in on screen: an endpoint with its price, tried and chosen; a jury; a model of the hub, said before it is fetched; merging; the engine. */
import { expect, it } from "vitest";
import type { Page } from "playwright-core";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { openReadyLab, openTestLab, runRound, SCRIPTED, type TestLab, violationsOf } from "#tests/main/lab/support.ts";
import { startHub } from "#tests/support/hub-server.ts";
import { describeInChromium, SMALL, USUAL } from "#tests/support/in-chromium.ts";
import { testJudgeServer } from "#tests/support/judge-server.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

const EVERY_SIZE = { sizes: [USUAL, SMALL], largeText: true };

describeInChromium("judges and models on screen", (pages) => {
  it("takes an endpoint with its price, tries it, makes it the judge, and says what a round would cost", async () => {
    const server = await testJudgeServer();
    const lab = await openReadyLab({ training: 4, validation: 4 });
    const page = await open(lab, "/settings");
    await page.getByText("No judge behind an endpoint yet.").waitFor();
    await page.getByRole("button", { name: "Add an endpoint" }).click();
    const form = page.getByRole("form", { name: "A new endpoint" });
    await form.getByLabel("Name").fill("here");
    await form.getByLabel("Address").fill("ftp://nowhere");
    await form.getByRole("button", { name: "Add a price" }).click();
    await form.getByLabel("Model", { exact: true }).fill("judge");
    await form.getByLabel("in, $").fill("10");
    await form.getByLabel("out, $").fill("100");
    await form.getByRole("button", { name: "Keep it" }).click();
    await page.getByRole("alert").getByText("Address: expected an address such as").waitFor();
    await pages.look(page, "settings-endpoint", EVERY_SIZE);
    await form.getByLabel("Address").fill(server.url);
    await form.getByRole("button", { name: "Keep it" }).click();
    await page.getByRole("cell", { name: "here", exact: true }).waitFor();
    expect(await lab.client.settings.endpoints()).toMatchObject([
      { name: "here", baseUrl: server.url, prices: [{ model: "judge", inputUsdPerMillion: 10, outputUsdPerMillion: 100 }] },
    ]);

    // What was added or changed can be taken back.
    await page.getByText("here is added.").waitFor();
    await page.getByRole("button", { name: "Change", exact: true }).click();
    const change = page.getByRole("form", { name: "The endpoint here" });
    await change.getByLabel("Requests a minute").fill("7");
    await change.getByRole("button", { name: "Keep it" }).click();
    await page.getByText("here is changed.").waitFor();
    expect((await lab.client.settings.endpoints())[0]?.requestsPerMinute).toBe(7);
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await page.getByText("here is changed.").waitFor({ state: "detached" });
    expect((await lab.client.settings.endpoints())[0]?.requestsPerMinute).toBeNull();

    await page.getByRole("button", { name: "Try it" }).click();
    await page.getByRole("form", { name: "Try here" }).getByRole("button", { name: "Ask it" }).click();
    await page.getByText("It answers as judge-2026-01-01.").waitFor();
    expect(server.calls).toHaveLength(1);
    await pages.look(page, "settings-tried", EVERY_SIZE);
    await page.getByRole("button", { name: "Close" }).click();

    await goTo(page, "/set-up");
    await page.getByRole("button", { name: "Change" }).click();
    await page.getByLabel("AI judge").check();
    await page.getByLabel("Endpoint", { exact: true }).selectOption("here");
    await page.getByLabel("Model", { exact: true }).fill("judge");
    await page.getByText("$10 in and $100 out a million tokens").waitFor();
    await page.getByLabel("Template").selectOption("pairwise-letter");
    await page.getByLabel("Ask in both orders").uncheck();
    await pages.look(page, "set-up-judge", EVERY_SIZE);
    await page.getByRole("button", { name: "Keep this" }).click();
    const money = page.getByRole("region", { name: "What the judges take" });
    // 4 prompts of three responses make 12 comparisons, 4 held-out prompts 4 more, in one order each.
    await money.getByText("Round 1: about 16 calls").waitFor();
    await money.getByText("The round pauses at $10").waitFor();
    await pages.look(page, "set-up-money", EVERY_SIZE);
    const { config } = (await lab.client.experiments.get()) ?? {};
    expect(config?.oracle).toMatchObject({ kind: "judge", endpoint: "here", model: "judge", template: "pairwise-letter" });
    expect(config?.judging.bothOrders).toBe(false);
    expect(server.calls).toHaveLength(1);
    await page.keyboard.press("Control+z");
    await money.waitFor({ state: "detached" });
    const back = (await lab.client.experiments.get())?.config;
    expect([back?.oracle.kind, back?.judging.bothOrders]).toEqual(["targetLength", true]);
  });

  it("changes an endpoint, and accepts a snapshot that stopped a run, which then goes on", async () => {
    const server = await testJudgeServer();
    const oracle = { kind: "judge", endpoint: "here", model: "judge", template: "pairwise" };
    const lab = await openReadyLab({ config: { ...SCRIPTED, oracle, judging: { bothOrders: false } }, training: 4, validation: 4 });
    await lab.client.settings.saveEndpoint({ name: "here", baseUrl: "http://127.0.0.1:9/v1", requestsPerMinute: 60, prices: [] });
    const page = await open(lab, "/settings");
    await page.getByRole("button", { name: "Change", exact: true }).click();
    const form = page.getByRole("form", { name: "The endpoint here" });
    // Its name is what experiments know it by: it stays.
    expect(await form.getByLabel("Name").getAttribute("readonly")).not.toBeNull();
    expect(await form.getByLabel("Requests a minute").inputValue()).toBe("60");
    await form.getByLabel("Address").fill(server.url);
    await form.getByLabel("Requests a minute").fill("");
    await form.getByRole("button", { name: "Add a price" }).click();
    await form.getByLabel("Model", { exact: true }).fill("judge");
    await form.getByLabel("in, $").fill("2");
    await form.getByLabel("out, $").fill("8");
    await form.getByRole("button", { name: "Keep it" }).click();
    await form.waitFor({ state: "detached" });
    await page.getByRole("row", { name: /^here/u }).getByText("no limit of ours").waitFor();
    expect(await lab.client.settings.endpoints()).toMatchObject([
      { name: "here", baseUrl: server.url, requestsPerMinute: null, prices: [{ model: "judge", inputUsdPerMillion: 2, outputUsdPerMillion: 8 }] },
    ]);

    // From the fifth call on the model calls itself something else.
    const usual = server.behave;
    server.behave = (call) => {
      const answer = usual(call);
      return answer.kind === "answer" && call.count > 4 ? { ...answer, more: { ...answer.more, model: "judge-2026-02-02" } } : answer;
    };
    expect((await runRound(lab.client, "judge")).state).not.toBe("done");
    await page.reload();
    const row = page.getByRole("row", { name: /judge-2026-02-02/u });
    await row.waitFor();
    await page
      .getByRole("row", { name: /judge-2026-01-01/u })
      .getByText("accepted")
      .waitFor();
    await pages.look(page, "settings-snapshots", { schemes: ["light"] });
    const accept = row.getByRole("button", { name: "Accept it" });
    await accept.click();
    await row.getByText("accepted").waitFor();
    // Taken back it is refused as before, by the button and by the key of undo.
    const said = page.getByText("judge-2026-02-02 may judge as judge from now on.");
    await said.waitFor();
    await pages.look(page, "settings-snapshot-accepted", { schemes: ["light"], largeText: true });
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await accept.waitFor();
    await said.waitFor({ state: "detached" });
    await accept.click();
    await said.waitFor();
    await page.keyboard.press("Control+z");
    await accept.waitFor();
    expect((await lab.client.settings.snapshots()).map(({ isAccepted }) => isAccepted)).toEqual([true, false]);
    await lab.client.rounds.resume();
    expect((await lab.client.rounds.settle()).state).toBe("failed");
    await accept.click();
    await said.waitFor();
    await lab.client.rounds.resume();
    expect(await lab.client.rounds.settle()).toEqual({ state: "done", error: null });
    expect(violationsOf(lab.db)).toEqual([]);
  });

  it("makes a jury of several, and asks before prompts go to another machine", async () => {
    const lab = await openReadyLab({ training: 4, validation: 4 });
    await lab.client.settings.saveEndpoint({ name: "away", baseUrl: "https://judge.example/v1", prices: [] });
    const page = await open(lab, "/set-up");
    await page.getByRole("button", { name: "Change" }).click();
    await page.getByLabel("Jury").check();
    await page.getByLabel("Endpoint", { exact: true }).first().selectOption("away");
    await page.getByLabel("Member 2").selectOption("localJudge");
    await page.getByLabel("Policy", { exact: true }).selectOption("r0");
    await page.getByRole("button", { name: "Add a member" }).click();
    await page.getByLabel("Member 3").selectOption("targetLength");
    await page.getByLabel("Their verdict").selectOption("unanimous");
    await pages.look(page, "set-up-jury", EVERY_SIZE);
    await page.getByRole("button", { name: "Keep this" }).click();
    await page.getByText("8 prompts go to judge.example, with their responses.").waitFor();
    await page.getByText("What that costs is not known").waitFor();
    await page.getByRole("button", { name: "Let them go to judge.example" }).click();
    await page.getByText("Prompts may go to judge.example.").waitFor();
    expect((await lab.client.experiments.get())?.config.oracle).toMatchObject({
      kind: "jury",
      rule: "unanimous",
      members: [{ kind: "judge", endpoint: "away" }, { kind: "localJudge", policy: "r0" }, { kind: "targetLength" }],
    });
    expect((await lab.client.settings.network()).allowedHosts).toMatchObject([{ host: "judge.example", prompts: 8 }]);
  });

  it("says size and licence of a model on the hub before it fetches, and what a failed one lacks", async () => {
    const weights = Uint8Array.from({ length: 50_000 }, (_, i) => i);
    const files = { "config.json": Buffer.from("{}"), "model.safetensors": weights };
    const server = await startHub({ name: "someone/tiny", license: "apache-2.0", files });
    const lab = await openTestLab(tempFolder(), { hubEnv: { HF_ENDPOINT: server.url, HF_HOME: tempFolder() } });
    await lab.client.experiments.create({ name: "Hub", config: experimentConfigSchema.parse({}) });
    const page = await open(lab, "/policies");
    await page.getByRole("button", { name: "Add policy" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("or hf:owner/name").fill("hf:nobody");
    await page.keyboard.press("Enter");
    await dialog.getByText("expected hf:owner/name", { exact: false }).first().waitFor();
    await dialog.getByLabel("or hf:owner/name").fill("hf:someone/tiny");
    await page.keyboard.press("Enter");
    const found = dialog.getByRole("region", { name: "On the hub" });
    await found.getByText("apache-2.0").waitFor();
    expect(server.requests.some(({ path }) => path.includes("/resolve/"))).toBe(false);
    await pages.look(page, "policies-hub", EVERY_SIZE);
    // Taken back: nothing was fetched, and the form is there again.
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await found.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Add it" }).click();
    await dialog.getByRole("button", { name: /^Fetch .* and add it$/u }).click();
    await page.getByRole("complementary", { name: "r0" }).waitFor();
    expect(await lab.client.policies.list()).toHaveLength(1);
  });

  it("merges a policy, and says why one that a round starts from cannot be deleted", async () => {
    const lab = await openReadyLab({ config: SCRIPTED });
    await runRound(lab.client);
    await runRound(lab.client);
    const page = await open(lab, "/policies?policy=r1");
    await page.getByText("Round 2 starts from r1, so it cannot be deleted").waitFor();
    await page.getByRole("button", { name: "Merge r1" }).click();
    await page.getByRole("complementary", { name: "r1-merged" }).waitFor();
    expect((await lab.client.policies.list()).map((policy) => [policy.name, policy.adapterHash === null])).toContainEqual(["r1-merged", true]);
  });

  it("keeps the number of threads, and offers no device that was not found ready", async () => {
    const lab = await openReadyLab();
    const page = await open(lab, "/settings");
    const threads = page.getByLabel("Threads");
    await threads.fill("999");
    await page.getByText("A whole number from 0 to 256.").waitFor();
    await threads.fill("3");
    await threads.press("Enter");
    await expect.poll(async () => (await lab.client.settings.engine()).threads).toBe(3);
    expect(await page.getByLabel("CPU").isChecked()).toBe(true);
    for (const { device, isReady } of await lab.client.settings.devices()) {
      if (device === "cuda") expect(await page.getByLabel("CUDA").isDisabled()).toBe(!isReady);
    }
  });

  async function open(lab: TestLab, path: string): Promise<Page> {
    const { page } = await pages.serve(lab.lab.router);
    await page.getByRole("navigation", { name: "Screens" }).waitFor();
    await goTo(page, path);
    return page;
  }
});

/** As a link of the page leads there: the address behind the hash. */
async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, path);
}
