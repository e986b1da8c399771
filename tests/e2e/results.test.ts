/** The results in a browser on a whole lab: every number is the lab's, every number opens its answers, every file is what is shown. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { expect, it } from "vitest";
import { lengthBars, ratePoints } from "#app/contract/result-points.ts";
import { duelBetween, isUnclear, resultTables, roundDuels, toCsv } from "#app/contract/result-tables.ts";
import type { ResultOverview } from "#app/contract/result-views.ts";
import type { TestLab } from "#tests/main/lab/support.ts";
import { openReadyLab, runRound, violationsOf } from "#tests/main/lab/support.ts";
import { nonBreaking } from "#renderer/design/format.ts";
import { claimParts } from "#renderer/results/claim-parts.ts";
import { describeInChromium, NARROW, SMALL, USUAL } from "#tests/support/in-chromium.ts";
import { openCyclicLab, ROUND_GOING } from "#tests/support/cyclic-lab.ts";

const SIZES = [USUAL, SMALL, NARROW];

const percent = (share: number): string => (100 * share).toFixed(1);

describeInChromium("the results in a browser", (pages) => {
  it("shows the lab's figures, marks the ring, compares everyone, and opens the answers behind each number", async () => {
    const lab = await openCyclicLab();
    const { page } = await open(lab, "light");
    await page.getByRole("link", { name: "Results" }).click();
    await page.getByText("18 pairs have not met.").waitFor();

    // What it takes is said before it starts.
    const plan = await lab.client.results.comparisonPlan({});
    await page.getByRole("button", { name: "Compare everyone" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(`${plan.asks.toLocaleString("en-US")} at the most`).waitFor();
    await dialog
      .getByRole("row", { name: /^Responses to sample/u })
      .getByText(plan.samples.toLocaleString("en-US"), { exact: true })
      .waitFor();
    await dialog.getByRole("button", { name: "Compare them" }).click();
    await lab.client.rounds.settle();
    await page.getByText("Preferences go round.").first().waitFor();

    const results = await overviewOf(lab);
    expect(results.unmetPairs).toBe(0);
    expect(results.cycles.clear[0]?.players.toSorted()).toEqual(["plain", "terse", "wordy"]);
    expect(results.choice?.verdict).not.toBe("improved");
    await page.getByText(results.choice?.headline ?? "no headline", { exact: true }).waitFor();
    expect(await page.locator(".claim-reason").textContent()).toBe(nonBreaking(results.choice?.reason ?? ""));
    await expectMatrix(page, results);
    await expectWinRateTable(page, results);
    await expectPolicies(page, results);
    await expectClaim(page, results);
    await expectBars(page, results);

    // Any number leads to its answers.
    for (const [first, second] of [
      ["terse", "plain"],
      ["teacher", "wordy"],
    ] as const) {
      await page.locator(`.matrix a[aria-label*=" ${first} beats ${second}:"]`).click();
      const examples = page.getByRole("region", { name: `${first} against ${second}, read the answers` });
      await examples.waitFor();
      const { counts, rows } = await lab.client.results.examples({ first, second, limit: 10 });
      await examples.getByText(`won ${counts.won} · lost ${counts.lost} · tie ${counts.tied}`).waitFor();
      expect(await examples.locator("tbody tr").count()).toBe(rows.length);
      expect(await examples.locator("tbody tr td:nth-child(3)").allInnerTexts()).toEqual(rows.map((row) => row.response));
      await examples.getByRole("button", { name: "Lost" }).click();
      const lost = await lab.client.results.examples({ first, second, filter: "lost", limit: 10 });
      await page.waitForFunction((count) => document.querySelectorAll(".example-table tbody tr").length === count, lost.rows.length);
      expect(new Set(await examples.locator(".outcome").allInnerTexts())).toEqual(new Set(lost.rows.length === 0 ? [] : ["lost"]));
    }

    await walkChart(page, results);

    await page.getByRole("link", { name: "What this means" }).click();
    await page.getByRole("heading", { name: "When preferences go round" }).waitFor();
    await page.getByText("Each interval stays above 50.").waitFor();
    await page.getByRole("link", { name: "Back to the results" }).click();
    await page.getByRole("heading", { name: "Results", exact: true }).waitFor();

    await expectFiles(page, lab, results);
    expect(violationsOf(lab.db)).toEqual([]);
  });

  for (const colorScheme of ["light", "dark"] as const) {
    it(`passes axe in the ${colorScheme}, with a ring, without one, and empty`, async () => {
      const lab = await openCyclicLab();
      const { page } = await open(lab, colorScheme);
      await page.getByRole("link", { name: "Results" }).click();
      await page.getByText("18 pairs have not met.").waitFor();
      await pages.look(page, "results-unmet", { schemes: [colorScheme], sizes: SIZES });
      await page.getByRole("button", { name: "Compare everyone" }).click();
      await page.getByRole("dialog").getByText("at the most").waitFor();
      await pages.look(page, "results-compare", { schemes: [colorScheme], sizes: SIZES });
      await page.keyboard.press("Escape");
      await lab.client.results.compare({});
      await lab.client.rounds.settle();
      await page.getByText("Preferences go round.").first().waitFor();
      await pages.look(page, "results", { schemes: [colorScheme], sizes: SIZES });
      await page.getByRole("button", { name: "Show as table" }).click();
      await page.getByRole("button", { name: "Open both responses" }).first().click();
      await page.getByRole("button", { name: "Count it" }).click();
      await page.getByText("No comparison has been judged by two raters.").waitFor();
      await pages.look(page, "results-table", { schemes: [colorScheme], sizes: SIZES });
      await page.getByRole("link", { name: "What this means" }).click();
      await page.getByRole("heading", { name: "Here and now" }).waitFor();
      await pages.look(page, "results-cycles", { schemes: [colorScheme], sizes: SIZES });
      await page.getByRole("link", { name: "Back to the results" }).click();
      await page.getByRole("button", { name: "Test", exact: true }).click();
      await page.getByText("Nothing has been measured yet").waitFor();
      await pages.look(page, "results-empty", { schemes: [colorScheme], sizes: SIZES });
    });
  }

  it("says where verdicts on answers run in circles, and claims no progress then", async () => {
    const lab = await openReadyLab({ config: ROUND_GOING, training: 30 });
    for (let round = 0; round < 2; round++) await runRound(lab.client);
    const { circles, choice } = await overviewOf(lab);
    expect(circles.verdict).toBe("noScore");
    const { page } = await open(lab, "light");
    await page.getByRole("link", { name: "Results" }).click();
    await page.getByText(choice?.headline ?? "no headline", { exact: true }).waitFor();
    expect(await page.locator(".claim-reason").textContent()).toContain(nonBreaking(circles.sentence));
    const figures = page.locator(".claim-reason a", { hasText: " run in a circle (" });
    expect(await figures.count()).toBe(1);
    await pages.look(page, "results-circles", { sizes: SIZES });
    await page.getByRole("link", { name: "What this means" }).click();
    await page.getByRole("region", { name: "When preferences go round" }).getByText(nonBreaking(circles.sentence)).waitFor();
    await pages.look(page, "results-about-circles", { sizes: SIZES });
  });

  it("says how two raters agree with the way to what they said, and how far a comparison has come", async () => {
    const lab = await openReadyLab({ training: 8, validation: 24 });
    for (let round = 0; round < 3; round++) await runRound(lab.client);
    await agreeWithScript(lab);
    await lab.client.results.compare({});
    await lab.client.rounds.pause();
    const { page } = await open(lab, "light");
    await page.getByRole("link", { name: "Results" }).click();
    const open_ = page.getByRole("region", { name: "The comparison is paused" });
    await open_.waitFor();
    await open_.getByRole("button", { name: "Go on" }).click();
    await lab.client.rounds.settle();
    await open_.waitFor({ state: "detached" });
    const results = await overviewOf(lab);
    expect(results.unmetPairs).toBe(0);
    await page.getByText(results.choice?.headline ?? "no headline", { exact: true }).waitFor();
    await expectMatrix(page, results);

    await page.getByRole("button", { name: "Count it" }).click();
    const { pairs } = await lab.client.results.agreement();
    const [both] = pairs;
    expect(pairs).toHaveLength(1);
    await page.getByRole("link", { name: new RegExp(`^${percent(both?.share ?? 2)} % .*: open the judgments of`, "u") }).click();
    const chip = page.getByRole("button", { name: `Judged by ${both?.first ?? ""} and ${both?.second ?? ""}` });
    await chip.waitFor();
    const shared = await lab.client.judgments.page({ filter: { raters: [both?.first ?? "", both?.second ?? ""] }, from: 0, count: 10 });
    expect(new Set(shared.rows.map(({ author }) => author))).toEqual(new Set([both?.first, both?.second]));
    await page.getByText(new RegExp(`^${shared.total} of `, "u")).waitFor();
    await chip.click();
    await chip.waitFor({ state: "detached" });
  });

  /** Every point of a chart by arrow keys, its answers by Enter; the nearest one by pointer. */
  async function walkChart(page: Page, results: ResultOverview): Promise<void> {
    const { raw } = ratePoints(results);
    const points = page.getByRole("list", { name: /^Raw, point by point/u }).getByRole("link");
    expect(await points.count()).toBe(raw.length);
    await page.locator('.spots a[tabindex="0"]').first().focus();
    const focused = async (): Promise<string> => await page.evaluate(() => document.activeElement?.textContent ?? "");
    const newest = raw.findLast(({ role }) => role === "previous");
    expect(await focused()).toContain(`${newest?.policy ?? ""} wins ${newest?.rate.toFixed(1) ?? ""} % against ${newest?.opponent ?? ""},`);
    const reached = new Set([await focused()]);
    for (const key of ["ArrowUp", "ArrowUp", "ArrowUp", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowLeft", "ArrowUp", "ArrowUp", "ArrowUp"]) {
      await page.keyboard.press(key);
      reached.add(await focused());
    }
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press("ArrowDown");
      reached.add(await focused());
    }
    expect(reached).toEqual(new Set(await points.allTextContents()));
    const words = await focused();
    const last = raw.find(({ policy, rate, opponent }) => words.startsWith(`${policy} wins ${rate.toFixed(1)} % against ${opponent},`));
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: `${last?.policy ?? ""} against ${last?.opponent ?? ""}, read the answers` }).waitFor();

    await points.first().scrollIntoViewIfNeeded();
    const box = await points.first().boundingBox();
    await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2);
    await page.getByRole("region", { name: `${raw[0]?.policy ?? ""} against ${raw[0]?.opponent ?? ""}, read the answers` }).waitFor();
  }

  /** Every rate of the sentences that open the page is a link, and so is each step of the ring. */
  async function expectClaim(page: Page, results: ResultOverview): Promise<void> {
    const parts = claimParts(results);
    const linked = parts.filter(({ leadsTo }) => leadsTo !== null);
    const links = page.locator(".claim-reason a");
    expect(linked.length).toBeGreaterThan(1);
    expect(await links.allTextContents()).toEqual(linked.map(({ words }) => nonBreaking(words)));
    const rest = parts.filter(({ leadsTo }) => leadsTo === null).map(({ words }) => words);
    expect(rest.join(" ")).not.toMatch(/\d %/u);
    const ring = results.cycles.clear[0]?.players ?? [];
    expect(await page.locator(".cycle a", { hasText: " beats " }).count()).toBe(ring.length);
    const last = linked.at(-1)?.leadsTo;
    if (last == null || last === "verdicts") throw new Error("expected the reason to end with a rate");
    await links.last().click();
    await page.getByRole("region", { name: `${last.first} against ${last.second}, read the answers` }).waitFor();
  }

  /** Each bar of length by arrow keys and by pointer, wherever in its column. */
  async function expectBars(page: Page, results: ResultOverview): Promise<void> {
    const bars = page.getByRole("list", { name: /^Mean lengths, bar by bar/u }).getByRole("link");
    const expected = lengthBars(results).map(({ policy, characters }) => {
      const duel = roundDuels(results).find((row) => row.policy === policy)?.duel;
      return {
        words: `${policy} writes ${Math.round(characters).toLocaleString("en-US")} characters on average.`,
        policy,
        beside: duel?.second ?? "",
      };
    });
    expect(await bars.allTextContents()).toEqual(expected.map(({ words }) => words));
    await bars.last().focus();
    await page.keyboard.press("ArrowLeft");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(expected.at(-2)?.words);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    const newest = expected.at(-1);
    await page.getByRole("region", { name: `${newest?.policy ?? ""} against ${newest?.beside ?? ""}, read the answers` }).waitFor();
    const [first] = expected;
    await bars.first().scrollIntoViewIfNeeded();
    const box = await bars.first().boundingBox();
    await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) - 6);
    await page.getByRole("region", { name: `${first?.policy ?? ""} against ${first?.beside ?? ""}, read the answers` }).waitFor();
  }

  async function expectMatrix(page: Page, results: ResultOverview): Promise<void> {
    const names = results.players.map((player) => player.name);
    const cells = await page
      .locator(".matrix tbody tr")
      .evaluateAll((rows) =>
        rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.querySelector("a")?.getAttribute("aria-label") ?? "")),
      );
    const ring = results.cycles.clear[0]?.players ?? [];
    const expected = names.map((row) =>
      names.map((column) => {
        const duel = duelBetween(results, row, column);
        if (duel === undefined) return "";
        const place = ring.indexOf(row);
        const step = place !== -1 && ring[(place + 1) % ring.length] === column ? `, step ${place + 1} of the ring` : "";
        return `${Math.round(100 * duel.winRate)}. ${row} beats ${column}: ${percent(duel.winRate)} %, ${percent(duel.low)} to ${percent(duel.high)}, n ${duel.n}${step}`;
      }),
    );
    expect(cells).toEqual(expected);
    const hollow = await page.locator(".matrix a.hollow").count();
    expect(hollow).toBe(2 * results.duels.filter(isUnclear).length);
  }

  async function expectWinRateTable(page: Page, results: ResultOverview): Promise<void> {
    const rows = await page
      .locator(".win-rate-table tbody tr")
      .evaluateAll((all) => all.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent)));
    const expected = roundDuels(results).map(({ round, policy, duel }) => [
      String(round),
      policy,
      `${percent(duel.winRate)} % ${percent(duel.low)}–${percent(duel.high)}: read answers of ${policy} against ${duel.second}`,
      `${duel.n}: read answers of ${policy} against ${duel.second}`,
    ]);
    expect(rows.map((row) => [row[0], row[1], row[3], row[5]])).toEqual(expected);
    const controlled = roundDuels(results).map(({ duel: { lengthControlled } }) =>
      lengthControlled?.kind === "estimated"
        ? `${percent(lengthControlled.winRate)} % ${percent(lengthControlled.low)}–${percent(lengthControlled.high)}`
        : "",
    );
    rows.forEach((row, i) => {
      expect(row[4]).toContain(controlled[i]);
    });
    // The chart's own sentence holds the same numbers.
    const label = await page.getByRole("img", { name: /^Raw win rates by round\./u }).getAttribute("aria-label");
    for (const { policy, duel } of roundDuels(results)) {
      expect(label).toContain(`${policy} wins ${percent(duel.winRate)} % against ${duel.second}, ${percent(duel.low)} to ${percent(duel.high)}.`);
    }
  }

  async function expectPolicies(page: Page, results: ResultOverview): Promise<void> {
    const rows = await page
      .locator(".policy-figures tbody tr")
      .evaluateAll((all) => all.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent)));
    results.players.forEach(({ name, worstCase, mixtureShare, traits, kind }, i) => {
      const row = rows[i] ?? [];
      expect(row[0]).toContain(name);
      if (worstCase !== null)
        expect(row[1]).toContain(
          `${percent(worstCase.winRate)} % ${percent(worstCase.low)}–${percent(worstCase.high)} against ${worstCase.opponent}`,
        );
      // Each leads to the player's responses, beside those of the opponent of its worst case.
      const link = `: read answers of ${name} against `;
      const figure = (column: number): string => (row[column]?.includes(link) === true ? (row[column].split(link)[0] ?? "") : "");
      expect(figure(2)).toBe(mixtureShare === null ? "" : `${percent(mixtureShare)} %`);
      expect(figure(4)).toBe(kind === "teacher" ? "" : traits.meanTokens.toFixed(1));
      expect(figure(7)).toBe(traits.distinctPairs?.toFixed(3));
    });
  }

  async function expectFiles(page: Page, lab: TestLab, results: ResultOverview): Promise<void> {
    // Circles among answers are in the menu of the whole page alone.
    const tables = resultTables(results).filter(({ id, rows }) => id !== "circles" && rows.length > 0);
    expect(tables.map(({ id }) => id)).toEqual(expect.arrayContaining(["win-rates", "head-to-head", "policies", "flips", "collapse-watch"]));
    for (const table of tables) {
      expect((await saved(page, table.title, "CSV")).toString("utf8")).toBe(toCsv(table));
    }
    for (const title of ["Win rate by round", "Everyone against everyone"]) {
      const svg = (await saved(page, title, "SVG")).toString("utf8");
      expect(svg).toMatch(/^<svg[^>]+xmlns="http:\/\/www.w3.org\/2000\/svg"/u);
      expect(svg).not.toContain("var(--");
      const png = await saved(page, title, "PNG");
      expect(png.subarray(1, 4).toString("latin1")).toBe("PNG");
      // Two pixels a point.
      expect(png.readUInt32BE(16)).toBe(2 * Number(/ width="(\d+)"/u.exec(svg)?.[1]));
    }
    await page.getByRole("button", { name: "Export", exact: true }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: "Report as one HTML file" }).click();
    const report = readFileSync(await (await download).path(), "utf8");
    expect(report).toBe((await lab.client.results.report({})).html);
    expect(report).toContain(results.choice?.headline ?? "no headline");
    await page.getByRole("button", { name: "Export", exact: true }).click();
    await page.getByRole("menuitem", { name: "Data for other tools" }).click();
    await page.getByLabel("What", { exact: true }).selectOption("judgments");
    await page.getByLabel("Where, on the lab’s machine").fill(join(lab.folder, "judgments.csv"));
    await page.getByRole("button", { name: "Write", exact: true }).click();
    await page.getByText(/^Wrote .* rows to .*judgments\.csv\.$/u).waitFor();
    expect(readFileSync(join(lab.folder, "judgments.csv"), "utf8")).toMatch(/^judgment_id,/u);
    await page.getByRole("button", { name: "Close", exact: true }).click();
  }

  async function saved(page: Page, title: string, kind: "SVG" | "PNG" | "CSV"): Promise<Buffer> {
    await page.getByRole("button", { name: `Save ${title}`, exact: true }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: kind, exact: true }).click();
    return readFileSync(await (await download).path());
  }

  async function open(lab: TestLab, colorScheme: "light" | "dark"): Promise<{ page: Page; context: BrowserContext }> {
    return await pages.serve(lab.lab.router, { colorScheme });
  }
});

/** Ada says the same as the script of one of its comparisons. */
async function agreeWithScript({ client, db }: TestLab): Promise<void> {
  const judged = (await client.judgments.list({ limit: 50 })).rows.find(({ verdict }) => verdict.kind === "prefers");
  if (judged?.verdict.kind !== "prefers") throw new Error("expected a preference of the script");
  const { [judged.verdict.winner]: preferred } = await client.judgments.open({ id: judged.id });
  const { askId } = await client.judgments.askAgain({ id: judged.id, author: "Ada" });
  const leftId = db.get("SELECT response_id FROM ask_response WHERE ask_id = $id AND position = 0", { id: askId })?.["response_id"];
  const verdict = { kind: "prefers", side: leftId === preferred.id ? "left" : "right", strength: judged.verdict.strength } as const;
  await client.queue.judge({ author: "Ada", askId, verdict, durationMs: 1, requestId: randomUUID() });
}

async function overviewOf(lab: TestLab): Promise<ResultOverview> {
  const results = await lab.client.results.overview({});
  if (results === null) throw new Error("expected results");
  return results;
}
