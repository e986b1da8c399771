/** What the lab ships of other people's work: the packages that its code imports and what those need, as the lock file has them. */
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import * as z from "zod";
import { importsOf } from "../checks/layers.ts";
import { ROOT } from "../checks/root.ts";
import { sourceFiles } from "../checks/source-files.ts";

const entrySchema = z.object({
  version: z.string().optional(),
  license: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
});
const lockSchema = z.object({ packages: z.record(z.string(), entrySchema) });
type Entry = z.infer<typeof entrySchema>;
export type LockedPackages = Readonly<Record<string, Entry>>;

export type ShippedPackage = { readonly name: string; readonly version: string; readonly licence: string };

/** Electron's own dependencies only download it; what ships is its binary. */
const WITHOUT_DEPENDENCIES: ReadonlySet<string> = new Set(["electron"]);

export function lockedPackages(): LockedPackages {
  return lockSchema.parse(JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"))).packages;
}

/** The packages that app, main and renderer import. */
export function importedPackages(): string[] {
  const specifiers = sourceFiles(["app", "main", "renderer"]).flatMap((file) =>
    importsOf(file, readFileSync(join(ROOT, file), "utf8")).map(({ specifier }) => specifier),
  );
  const outside = specifiers.filter((specifier) => !/^[.#/]/u.test(specifier) && !isBuiltin(specifier));
  return [...new Set(outside.map(packageName))].sort();
}

/** The named packages and all that they need, by name and version. Throws an Error for one that is not in the lock file. */
export function shippedPackages(roots: readonly string[], locked: LockedPackages): ShippedPackage[] {
  const found = new Map<string, ShippedPackage>();
  const waiting = roots.map((name) => ({ name, from: "" }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const path = resolvePackage(next.name, next.from, locked);
    const entry = path === undefined ? undefined : locked[path];
    if (path === undefined || entry === undefined)
      throw new Error(`expected ${next.name} (for ${next.from || "the lab"}) in the lock file, found none`);
    if (found.has(path)) continue;
    found.set(path, { name: next.name, version: entry.version ?? "", licence: entry.license ?? "UNKNOWN" });
    if (!WITHOUT_DEPENDENCIES.has(next.name)) {
      waiting.push(...Object.keys(entry.dependencies ?? {}).map((name) => ({ name, from: path })));
    }
  }
  return [...found.values()].sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
}

/** As Node resolves: the nearest node_modules that has it. */
function resolvePackage(name: string, from: string, locked: LockedPackages): string | undefined {
  const path = from === "" ? `node_modules/${name}` : `${from}/node_modules/${name}`;
  if (path in locked) return path;
  if (from === "") return undefined;
  const parent = from.lastIndexOf("/node_modules/");
  return resolvePackage(name, parent < 0 ? "" : from.slice(0, parent), locked);
}

function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
