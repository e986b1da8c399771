/** A judge that gives no answer, on screen: while it is asked again, when it is given up, and once it answers. */
import { expect, it } from "vitest";
import { judged, PRICE } from "#tests/main/lab/judge-support.ts";
import { openReadyLab, violationsOf } from "#tests/main/lab/support.ts";
import { describeInChromium } from "#tests/support/in-chromium.ts";
import { shorterWins, testJudgeServer } from "#tests/support/judge-server.ts";

const ANSWERED = 3;
const TOLD_AFTER = 3;
const TIMEOUT_MS = 500;

describeInChromium("a judge that gives no answer", (pages) => {
  it("is said above the stages, is given up with the reason, and is asked for the rest once it answers", async () => {
    const server = await testJudgeServer((call) => (call.count <= ANSWERED ? shorterWins(call) : { kind: "silence" }));
    // The failure that is told is followed by a pause of a minute, in which the page stands still and can be looked at.
    let pauses = 0;
    let isLong = true;
    const random = (): number => {
      pauses += 1;
      return isLong && pauses >= TOLD_AFTER ? 1 : 0;
    };
    const lab = await openReadyLab({ config: judged(), training: 4, validation: 4 }, { chat: { backOffMs: 60_000, random } });
    await lab.client.settings.saveEndpoint({ name: "here", baseUrl: server.url, prices: [PRICE], parallel: 1, timeoutMs: TIMEOUT_MS });
    const { page } = await pages.serve(lab.lab.router);
    await page.getByRole("button", { name: "Start round 1" }).click();

    const note = page.getByRole("status").filter({ hasText: "The judge gives no answer." });
    await note.getByText(`after ${TOLD_AFTER} of 8 tries`).waitFor();
    const words = await note.innerText();
    expect(words).toContain(`The endpoint here does not answer: no reply in time. It is asked again, after ${TOLD_AFTER} of 8 tries.`);
    expect(words).toContain("What it has answered is kept.");
    const stage = page.locator(".stage.now");
    expect(await stage.locator(".stage-state").innerText()).toBe("no answer");
    // Said once, and nothing of a rate that no longer holds.
    expect(await stage.innerText()).not.toMatch(/does not answer|a second|a minute/u);
    await page.getByText("from r0 · judging, the judge gives no answer").waitFor();
    await pages.look(page, "rounds-silent-judge", { largeText: true });

    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await page.getByRole("button", { name: "Go on", exact: true }).waitFor();
    await note.waitFor({ state: "detached" });
    isLong = false;
    await page.getByRole("button", { name: "Go on", exact: true }).click();
    const failed = page.getByRole("alert").filter({ hasText: "Judge stopped." });
    await failed.waitFor();
    expect(await failed.innerText()).toContain("The endpoint here did not answer 8 times in a row; the last time: no reply in time.");
    await pages.look(page, "rounds-judge-given-up", { largeText: true });

    server.behave = shorterWins;
    await page.getByRole("button", { name: "Try again", exact: true }).click();
    await failed.waitFor({ state: "detached" });
    expect(await lab.client.rounds.settle()).toEqual({ state: "done", error: null });
    expect(violationsOf(lab.db)).toEqual([]);
  });
});
