/** `npm test`: the checks, then all tests that need neither hours nor a real model; with arguments, which are Vitest's, the tests alone. */
import { parseCLI, startVitest } from "vitest/node";
import { runChecks } from "../checks/run-checks.ts";
import { readRecords } from "../results/record.ts";
import { staleLines } from "../results/sources.ts";
import { ensureChromium } from "../testing/ensure-chromium.ts";
import { SummaryReporter } from "../testing/summary-reporter.ts";

ensureChromium((sentence) => process.stderr.write(`nashlab: ${sentence}\n`));
const args = process.argv.slice(2);
const isWell = args.length > 0 || (await runChecks());
const { filter, options } = parseCLI(["vitest", "run", ...args]);
const vitest = await startVitest(filter, {
  ...options,
  run: true,
  watch: false,
  reporters: ["default", new SummaryReporter(() => staleLines(readRecords()))],
});
await vitest.close();
// Said after the tests, so that one run tells of both.
if (!isWell) process.exitCode = 1;
