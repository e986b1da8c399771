/** Writes a file whole or not at all. */
import { open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { ConfigError } from "#app/base/errors.ts";
import { fileWords } from "#app/text/files.ts";

/** Beside the place, synced, then renamed over what was there. Throws ConfigError if it cannot be written there. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const parent = await stat(dirname(path)).catch(() => undefined);
  if (parent?.isDirectory() !== true) throw new ConfigError(fileWords.noFolder(dirname(path)), { path });
  const present = await stat(path).catch(() => undefined);
  if (present?.isDirectory() === true) throw new ConfigError(fileWords.isFolder(path), { path });
  const beside = `${path}.${process.pid}.new`;
  try {
    const handle = await open(beside, "w");
    try {
      await handle.writeFile(text, "utf8");
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    throw new ConfigError(fileWords.cannotWrite(path, cause instanceof Error ? cause.message : String(cause)), { path }, { cause });
  }
}
