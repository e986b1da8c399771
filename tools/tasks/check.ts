/** `npm run check`: all that is checked beside the tests. */
import { runChecks } from "../checks/run-checks.ts";

process.exitCode = (await runChecks()) ? 0 : 1;
