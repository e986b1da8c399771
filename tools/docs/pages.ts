/** The pages and drawings of docs that are made from data, by path; `npm run check` holds each equal to what is made. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../checks/root.ts";
import { readRecords } from "../results/record.ts";
import { renderLicencesPage } from "./licences-page.ts";
import { renderOpsPage } from "./ops-page.ts";
import { renderResultsPage } from "./results-page.ts";
import { renderWinRateFigure } from "./win-rate-figure.ts";

/** Contents by path. */
function madePages(): Readonly<Record<string, string>> {
  const records = readRecords();
  const figures = records.flatMap(({ name, record }) =>
    record.figure === undefined ? [] : [[`docs/results/${name}.svg`, renderWinRateFigure(record.figure)] as const],
  );
  return {
    "docs/licences.md": renderLicencesPage(),
    "docs/OPS.md": renderOpsPage(),
    "docs/results.md": renderResultsPage(records),
    ...Object.fromEntries(figures),
  };
}

/** Those that are not what would be made now. */
export function stalePages(folder = ROOT): string[] {
  return Object.entries(madePages()).flatMap(([path, content]) => {
    const file = join(folder, path);
    return existsSync(file) && readFileSync(file, "utf8") === content ? [] : [path];
  });
}

/** Makes all; the paths. */
export function makePages(): string[] {
  const pages = madePages();
  for (const [path, content] of Object.entries(pages)) writeFileSync(join(ROOT, path), content);
  return Object.keys(pages);
}
