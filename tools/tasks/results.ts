/** `node tools/run.cjs results`: makes docs/results.md from the records in docs/results. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../checks/root.ts";
import { renderPage } from "../results/page.ts";
import { readRecords } from "../results/record.ts";
import { staleLines } from "../results/sources.ts";

const records = readRecords();
writeFileSync(join(ROOT, "docs", "results.md"), renderPage(records));
process.stdout.write([`docs/results.md has ${records.length} results.`, ...staleLines(records)].map((line) => `${line}\n`).join(""));
