/** Checks every import against the plan of the house. */
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";
import { LAB_AREAS, type Room, ROOMS } from "./layer-table.ts";
import { ROOT } from "./root.ts";
import { sourceFiles } from "./source-files.ts";

/** Every import of `app`, `main` and `renderer` that the table does not allow, one a string (`file:line message`). */
export function checkLayers(): string[] {
  return sourceFiles(["app", "main", "renderer"]).flatMap((file) => layerFindings(file, readFileSync(join(ROOT, file), "utf8")));
}

/**
 * The findings of one file.
 * @param file its path from the root of the repository, with forward slashes
 */
export function layerFindings(file: string, text: string): string[] {
  const room = roomOf(file);
  if (room === undefined) return [`${file}:1 lies in no room of tools/checks/layer-table.ts`];
  return importsOf(file, text).flatMap(({ specifier, line }) => {
    const problem = problemOf(file, room, specifier);
    return problem === undefined ? [] : [`${file}:${line} ${problem}`];
  });
}

function problemOf(file: string, room: Room, specifier: string): string | undefined {
  if (specifier.startsWith("#")) return problemOfRoom(file, room, specifier.slice(1));
  if (specifier.startsWith(".")) {
    const target = join(dirname(file), specifier);
    const isWithin = roomFolder(target) === roomFolder(file) || room.path === file;
    return isWithin ? problemOfRoom(file, room, target) : `reaches into ${target} with a relative path; other rooms are imported by #`;
  }
  if (isBuiltin(specifier)) return room.mayUseNode ? undefined : `${room.path} may not use Node (${specifier})`;
  const name = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  const isAllowed = room.packages.some((allowed) => (allowed.endsWith("/*") ? name.startsWith(allowed.slice(0, -1)) : name === allowed));
  return isAllowed ? undefined : `${room.path} may not use the package ${name}; it may use ${list(room.packages)}`;
}

function problemOfRoom(file: string, room: Room, target: string): string | undefined {
  if (!isBelow(target, room.path) && !room.uses.some((allowed) => isBelow(target, allowed))) {
    return `${room.path} may not use ${target}; it may use ${list(room.uses)}`;
  }
  const [from, to] = [labArea(file), labArea(target)];
  return from !== undefined && to !== undefined && from !== to ? `the lab's area ${from} may not use the area ${to}` : undefined;
}

function roomOf(file: string): Room | undefined {
  const candidates = ROOMS.filter((room) => isBelow(file, room.path));
  return candidates.reduce<Room | undefined>((best, room) => (best === undefined || room.path.length > best.path.length ? room : best), undefined);
}

/** The folder within which imports are relative: `app/x`, `main/x` or `renderer`. */
function roomFolder(file: string): string {
  const [top = "", second = ""] = file.split("/");
  return top === "renderer" ? top : `${top}/${second}`;
}

function labArea(file: string): string | undefined {
  const area = /^main\/lab\/([^/]+)\//.exec(file)?.[1];
  return area !== undefined && LAB_AREAS.includes(area) ? area : undefined;
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ");
}

/** Static and dynamic imports, re-exports, imports of types, and `require`. */
export function importsOf(file: string, text: string): readonly { readonly specifier: string; readonly line: number }[] {
  const { importedFiles } = ts.preProcessFile(text, true, file.endsWith("js"));
  return importedFiles.map(({ fileName, pos }) => ({ specifier: fileName, line: text.slice(0, pos).split("\n").length }));
}
