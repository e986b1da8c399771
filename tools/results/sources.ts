/** Whether the sources of a record are still those that were measured: by content, so that no rebase matters. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT } from "../checks/root.ts";
import type { NamedRecord } from "./record.ts";

/** SHA-256 over paths and contents of files and of all files in folders. Throws an Error that names a source that is not there. */
export function hashSources(sources: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of [...new Set(sources.flatMap(filesOf))].sort()) {
    const content = readFileSync(join(ROOT, file));
    hash.update(`${file}\n${content.length}\n`).update(content);
  }
  return hash.digest("hex");
}

function filesOf(source: string): string[] {
  const path = join(ROOT, source);
  if (!existsSync(path)) throw new Error(`expected a file or folder of the repository as a source, got "${source}"`);
  if (statSync(path).isFile()) return [source];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
}

export function isStale({ record }: NamedRecord): boolean {
  try {
    return hashSources(record.sources) !== record.sourcesHash;
  } catch {
    // A source that is gone has changed.
    return true;
  }
}

/** What the end of `npm test` says of records whose sources have changed; empty if there are none. */
export function staleLines(records: readonly NamedRecord[]): string[] {
  const stale = records.filter(isStale);
  if (stale.length === 0) return [];
  return [
    `${stale.length} of ${records.length} results in docs/results.md were measured on other sources:`,
    ...stale.map(({ name, record }) => `  ${name} (${record.date}, ${record.commit}): ${record.commands.join("; ")}`),
  ];
}
