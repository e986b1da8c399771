/** Where a command may write: a path where nothing is yet, unless --force is given. */
import { access } from "node:fs/promises";
import { Option } from "commander";
import { ConfigError } from "#app/base/errors.ts";
import { absolute, type CommandContext } from "./command.ts";

export const forceOption = (): Option => new Option("--force", "replace what is there");

/** The absolute path to write to. Throws ConfigError if something is there and --force is not given. */
export async function freePath(context: CommandContext, out: string, force: boolean, option = "--out"): Promise<string> {
  const path = absolute(context, out);
  if (force) return path;
  try {
    await access(path);
  } catch {
    return path;
  }
  throw new ConfigError(`${option}: expected a path where nothing is yet, got ${path}; --force replaces what is there.`, { path });
}
