/** Where the files lie that come with the lab: two folders up both from here and from where a build puts this. */
import { fileURLToPath } from "node:url";

const RESOURCES = fileURLToPath(new URL("../../resources/", import.meta.url));

/** The path of a shipped file or folder, named from `resources` on. */
export function resourcePath(name: string): string {
  return `${RESOURCES}${name}`;
}
