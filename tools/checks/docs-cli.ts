/** Prints each page of docs that is not what its data make; exit code 1 if there is one. */
import { stalePages } from "../docs/pages.ts";

const stale = stalePages();
process.stdout.write(stale.map((path) => `${path} is old; node tools/run.cjs docs makes it anew\n`).join(""));
process.exitCode = stale.length > 0 ? 1 : 0;
