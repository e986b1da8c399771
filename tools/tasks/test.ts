/** `npm test`: all tests that need neither hours nor a real model; arguments are Vitest's. */
import { parseCLI, startVitest } from "vitest/node";
import { readRecords } from "../results/record.ts";
import { staleLines } from "../results/sources.ts";
import { ensureChromium } from "../testing/ensure-chromium.ts";
import { SummaryReporter } from "../testing/summary-reporter.ts";

ensureChromium((sentence) => process.stderr.write(`nashlab: ${sentence}\n`));
const { filter, options } = parseCLI(["vitest", "run", ...process.argv.slice(2)]);
const vitest = await startVitest(filter, {
  ...options,
  run: true,
  watch: false,
  reporters: ["default", new SummaryReporter(() => staleLines(readRecords()))],
});
await vitest.close();
