/** `npm test`: all tests that need neither hours nor a real model; arguments are handed to Vitest. */
import { startVitest } from "vitest/node";
import { SummaryReporter } from "../testing/summary-reporter.ts";

const filters = process.argv.slice(2);
const vitest = await startVitest(filters, { run: true, watch: false, reporters: ["default", new SummaryReporter()] });
await vitest.close();
