/** The experiment's folder among the program's arguments. */
import { resolve } from "node:path";

/** `--experiment=FOLDER`, from the folder in which the command was given; null if none was. */
export function folderArgument(argv: readonly string[], workingDirectory: string): string | null {
  const prefix = "--experiment=";
  const given = argv.find((argument) => argument.startsWith(prefix));
  return given === undefined || given === prefix ? null : resolve(workingDirectory, given.slice(prefix.length));
}
