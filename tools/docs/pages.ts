/** The pages of docs that are made from data, by path; `npm run check` holds each equal to what is made. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../checks/root.ts";
import { readRecords } from "../results/record.ts";
import { renderLicencesPage } from "./licences-page.ts";
import { renderOpsPage } from "./ops-page.ts";
import { renderResultsPage } from "./results-page.ts";

const MADE_PAGES: Readonly<Record<string, () => string>> = {
  "docs/licences.md": renderLicencesPage,
  "docs/OPS.md": renderOpsPage,
  "docs/results.md": () => renderResultsPage(readRecords()),
};

/** Those that are not what would be made now. */
export function stalePages(folder = ROOT): string[] {
  return Object.entries(MADE_PAGES).flatMap(([path, render]) => {
    const file = join(folder, path);
    return existsSync(file) && readFileSync(file, "utf8") === render() ? [] : [path];
  });
}

/** Makes all; the paths. */
export function makePages(): string[] {
  for (const [path, render] of Object.entries(MADE_PAGES)) writeFileSync(join(ROOT, path), render());
  return Object.keys(MADE_PAGES);
}
