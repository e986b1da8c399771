/** The numbers of the charts beside the database: win rates, lengths and flips counted once more, in SQL, from judgments and responses. */
import { expect, it } from "vitest";
import { openReadyLab, runRound } from "#tests/main/lab/support.ts";
import { describeInChromium } from "#tests/support/in-chromium.ts";

/** By prompt the mean over its judgments, one half where nothing was asked because the texts are equal. */
const WIN_RATES = `
WITH held_out AS (SELECT count(*) AS n FROM prompt WHERE split = 'validation'),
points AS (
  SELECT y.name AS policy, o.name AS opponent, k.prompt_id,
    avg(CASE j.verdict WHEN 'first' THEN a.policy_id = y.id WHEN 'second' THEN b.policy_id = y.id ELSE 0.5 END) AS score
  FROM current_judgment j JOIN current_ask k ON k.id = j.ask_id
    JOIN response a ON a.id = j.first_id JOIN response b ON b.id = j.second_id
    JOIN current_policy y ON y.id IN (a.policy_id, b.policy_id)
    JOIN current_policy o ON o.id IN (a.policy_id, b.policy_id) AND o.id <> y.id
  WHERE k.purpose = 'evaluation' GROUP BY y.id, o.id, k.prompt_id)
SELECT policy, opponent, 100.0 * (sum(score) + 0.5 * (held_out.n - count(*))) / held_out.n AS rate, held_out.n AS n
FROM points, held_out GROUP BY policy, opponent`;

/** Of comparisons judged in both orders, how many named different sides. */
const FLIPS = `
SELECT round, sum(firsts = 1 AND seconds = 1) AS flips, count(*) AS both_orders FROM (
  SELECT r.number AS round, sum(j.verdict = 'first') AS firsts, sum(j.verdict = 'second') AS seconds
  FROM current_judgment j JOIN current_ask k ON k.id = j.ask_id JOIN stage_attempt t ON t.id = k.attempt_id JOIN round r ON r.id = t.round_id
  WHERE k.purpose = 'training' GROUP BY k.attempt_id, j.first_id, j.second_id HAVING count(*) = 2)
GROUP BY round ORDER BY round`;

describeInChromium("the charts and the database", (pages) => {
  it("say the same: win rates, lengths and flips", async () => {
    const { lab, client, db } = await openReadyLab({ training: 8, validation: 24 });
    for (let round = 0; round < 2; round++) expect((await runRound(client)).state).toBe("done");
    const rates = db.all(WIN_RATES);
    const rateOf = (policy: string, opponent: string): string =>
      Number(rates.find((row) => row["policy"] === policy && row["opponent"] === opponent)?.["rate"]).toFixed(1);

    const { page } = await pages.serve(lab.router);
    const result = page.getByRole("region", { name: "Result of round 2" });
    await result.waitFor();
    const onRounds = await result.locator(".estimate .strong").allTextContents();
    expect(onRounds).toEqual([`${rateOf("r2", "r1")} %`, `${rateOf("r2", "r0")} %`]);

    await page.getByRole("link", { name: "Results" }).click();
    const chart = await page.getByRole("img", { name: /^Raw win rates by round\./u }).getAttribute("aria-label");
    const points = [...(chart ?? "").matchAll(/(\S+) wins (\S+) % against (\S+),/gu)].map(([, policy, rate, opponent]) => [policy, opponent, rate]);
    expect(points.length).toBeGreaterThanOrEqual(3);
    expect(points).toEqual(points.map(([policy = "", opponent = ""]) => [policy, opponent, rateOf(policy, opponent)]));
    // No line of the grid stands outside the drawing.
    const isWithin = await page.locator(".win-rates svg").evaluateAll((drawings) =>
      drawings.flatMap((drawing) => {
        const { top, bottom, width } = drawing.getBoundingClientRect();
        const across = [...drawing.querySelectorAll("line")].map((line) => line.getBoundingClientRect()).filter((line) => line.width > width / 2);
        return across.map(({ y }) => y > top && y < bottom);
      }),
    );
    expect(isWithin.length).toBeGreaterThanOrEqual(3);
    expect(isWithin).not.toContain(false);
    const cells = await page.locator(".matrix a").evaluateAll((all) => all.map((cell) => cell.getAttribute("aria-label") ?? ""));
    expect(cells).toHaveLength(rates.length);
    for (const cell of cells) {
      const [, row = "", column = "", rate = "", n = ""] = /^\d+\. (\S+) beats (\S+): (\S+) %, .* n (\d+)/u.exec(cell) ?? [];
      expect([row, column, rate, n]).toEqual([row, column, rateOf(row, column), "24"]);
    }

    const lengths = await page.getByRole("img", { name: /^Mean length in characters\./u }).getAttribute("aria-label");
    const newest = db.get(
      `SELECT avg(length(r.text)) AS mean FROM current_response r JOIN prompt p ON p.id = r.prompt_id JOIN current_policy y ON y.id = r.policy_id
       WHERE p.split = 'validation' AND y.name = 'r2'`,
    );
    expect(lengths).toMatch(new RegExp(`r2: ${Number(newest?.["mean"]).toFixed(0)}\\.$`, "u"));

    await page.getByRole("region", { name: "Orders that disagree" }).waitFor();
    const flips = await page.getByRole("region", { name: "Orders that disagree" }).locator("tbody tr td:nth-child(2) a").allTextContents();
    expect(flips.map((words) => words.split(":")[0])).toEqual(
      db.all(FLIPS).map((row) => {
        const [some, all] = [Number(row["flips"]), Number(row["both_orders"])];
        return `${((100 * some) / all).toFixed(1)} % (${some} of ${all})`;
      }),
    );
  });
});
