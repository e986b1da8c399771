/** The code files of the repository. */
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT } from "./root.ts";

const CODE = /\.(ts|tsx|js|jsx|mjs|cjs)$/;

/** Paths from the root, with forward slashes, of all code below the given folders. */
export function sourceFiles(folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && CODE.test(entry.name))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
      .filter((file) => !file.includes("node_modules/")),
  );
}
