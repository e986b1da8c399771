/** Results in the terminal: the same figures as the lab's, files, and comparisons whose cost is said before they start. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import * as z from "zod";
import { resultTables, roundDuels, toCsv } from "#app/contract/result-tables.ts";
import { resultOverviewSchema } from "#app/contract/result-views.ts";
import { writeLines } from "../lab/support.ts";
import { createReadyBench } from "./support.ts";

const percent = (share: number): string => (100 * share).toFixed(1);

it("shows the lab's figures, writes them as files, and refuses to write over what is there", async () => {
  const bench = await createReadyBench();
  const dir = ["-C", bench.folder];
  expect((await bench.run("results", ...dir)).out).toBe("No round has been evaluated yet.\n");
  for (let round = 0; round < 2; round++) expect((await bench.run("round", ...dir)).code).toBe(0);
  const { overview } = z.object({ overview: resultOverviewSchema }).parse(await bench.json("results", ...dir));
  const { out } = await bench.run("results", ...dir);
  expect(out).toContain(overview.choice?.headline ?? "no headline");
  for (const { policy, duel } of roundDuels(overview)) {
    const rate = `${percent(duel.winRate)} (${percent(duel.low)}–${percent(duel.high)})`;
    expect(out.split("\n").some((line) => line.includes(policy) && line.includes(duel.second) && line.includes(rate))).toBe(true);
  }
  const written = await bench.run("results", "--html", "report.html", "--csv", "tables", ...dir);
  expect(written.out).toContain(`Wrote ${join(bench.cwd, "report.html")}.`);
  expect(readFileSync(join(bench.cwd, "report.html"), "utf8")).toContain("<!doctype html>");
  for (const table of resultTables(overview)) expect(readFileSync(join(bench.cwd, "tables", `${table.id}.csv`), "utf8")).toBe(toCsv(table));
  const again = await bench.run("results", "--html", "report.html", ...dir);
  expect([again.code === 0, /--html: expected a path where nothing is yet/u.test(again.err)]).toEqual([false, true]);
  expect((await bench.run("results", "--html", "report.html", "--force", ...dir)).code).toBe(0);
  expect((await bench.run("results", "--split", "test", ...dir)).out).toBe("No round has been evaluated yet.\n");
  const calibration = join(bench.cwd, "calibration.jsonl");
  writeFileSync(calibration, `${JSON.stringify({ prompt: "nobody's", difficulty: 1 })}\n`);
  expect((await bench.run("results", "--calibration", "calibration.jsonl", ...dir)).code).toBe(0);
  expect(existsSync(join(bench.cwd, "nothing.html"))).toBe(false);
});

it("says what a comparison would take, starts it with --yes, and has nothing left then", async () => {
  const bench = await createReadyBench();
  const dir = ["-C", bench.folder];
  for (let round = 0; round < 3; round++) expect((await bench.run("round", ...dir)).code).toBe(0);
  const plan = await bench.run("compare", ...dir);
  expect(plan.out).toMatch(
    /^1 pair to compare on validation prompts: r3-r1\.\n0 responses to sample, .*\n40 comparisons to judge at the most, .*, no cost\.\nnashlab compare --yes starts it\.$/mu,
  );
  expect((await bench.run("results", ...dir)).out).toContain("1 pair has not met; nashlab compare says what it would take.");
  const run = await bench.run("compare", "--yes", ...dir);
  expect([run.code, /Everyone against everyone/u.test(run.out)]).toEqual([0, true]);
  expect((await bench.run("compare", ...dir)).out).toBe("Everyone has met everyone.\n");
  expect((await bench.run("compare", "--give-up", ...dir)).out).toBe("No comparison is open.\n");
  expect((await bench.run("compare", "--policy", "r9", ...dir)).err).toMatch(/there is no policy "r9"/iu);
});

it("says how far a comparison is while it goes on", async () => {
  const told = Promise.withResolvers<undefined>();
  let sampled = -Infinity;
  const bench = await createReadyBench({
    beforeUnit: async ({ kind }) => {
      if (kind === "sample" && ++sampled > 3) await told.promise;
    },
  });
  const dir = ["-C", bench.folder];
  expect((await bench.run("round", ...dir)).code).toBe(0);
  const prompts = writeLines(
    bench.cwd,
    "files/test.jsonl",
    Array.from({ length: 4 }, (_, i) => ({ prompt: `Test prompt ${i}`, split: "test" })),
  );
  for (const command of [
    ["prompts", "import", prompts],
    ["configure", "--set", "evaluation.split=test"],
  ])
    expect((await bench.run(...command, ...dir)).code).toBe(0);
  sampled = 0;
  const comparing = bench.start("compare", "--yes", ...dir);
  await vi.waitFor(
    () => {
      expect(comparing.soFar().err).toMatch(/^Comparison: [1-3] of \d+ responses and comparisons/mu);
    },
    { timeout: 20_000 },
  );
  told.resolve(undefined);
  expect((await comparing.ended).code).toBe(0);
});
