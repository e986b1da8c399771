/** `npm run test:long`: soaks, many seeds, real models and peers (tests/long); writes docs/results.md. Arguments are Vitest's. */
import { parseCLI, startVitest } from "vitest/node";
import { ensureChromium } from "../testing/ensure-chromium.ts";
import { SummaryReporter } from "../testing/summary-reporter.ts";

ensureChromium((sentence) => process.stderr.write(`nashlab: ${sentence}\n`));
const { filter, options } = parseCLI(["vitest", "run", ...process.argv.slice(2)]);
const vitest = await startVitest(filter, {
  ...options,
  config: "vitest.long.config.ts",
  run: true,
  watch: false,
  reporters: ["default", new SummaryReporter()],
});
await vitest.close();
await import("./docs.ts");
