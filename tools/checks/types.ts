/**
 * Type-checks every project, each file under its own project's rules only. `tsc -p` would check what a file imports
 * under the importer's rules as well: kernels under those of the pure rooms, pure rooms with Node's types.
 */
import { basename, dirname, join, relative, resolve } from "node:path";
import ts from "typescript";
import * as z from "zod";
import { ROOT } from "./root.ts";

/** What was found in files that have not changed since is remembered here, beside the project's config. */
const MEMORY = join(".cache", "types");

/** What is wrong in a project (its config by path from the root), one finding a string (`file:line:column TScode message`); empty if all is well. */
export function checkTypes(configName: string): string[] {
  const { options, fileNames, errors } = readProject(configName);
  if (errors.length > 0) return errors.map(describe);
  const remembering = {
    ...options,
    incremental: true,
    tsBuildInfoFile: join(dirname(resolve(ROOT, configName)), MEMORY, `${basename(configName, ".json")}.tsbuildinfo`),
  };
  const host = ts.createIncrementalCompilerHost(remembering);
  const program = ts.createIncrementalProgram({ rootNames: fileNames, options: remembering, host });
  const own = new Set(fileNames);
  // Asked file by file the builder would forget what it found.
  const found = [...program.getSyntacticDiagnostics(), ...program.getSemanticDiagnostics()].filter(
    ({ file }) => file !== undefined && own.has(file.fileName),
  );
  // With `noEmit` this writes the memory alone.
  program.emit();
  return [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics(), ...found].map(describe);
}

/** The projects that tsconfig.json names. */
export function projectNames(): string[] {
  const read: { readonly config?: unknown } = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
  return solution.parse(read.config).references.map((reference) => reference.path);
}

const solution = z.object({ references: z.array(z.object({ path: z.string() })) });

function readProject(configName: string): ts.ParsedCommandLine {
  const path = resolve(ROOT, configName);
  const read: { readonly config?: unknown; readonly error?: ts.Diagnostic } = ts.readConfigFile(path, ts.sys.readFile);
  if (read.error !== undefined) return { options: {}, fileNames: [], errors: [read.error] };
  return ts.parseJsonConfigFileContent(read.config, ts.sys, dirname(path), undefined, path);
}

function describe(diagnostic: ts.Diagnostic): string {
  const text = `TS${diagnostic.code} ${ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n")}`;
  if (diagnostic.file === undefined || diagnostic.start === undefined) return text;
  const { line, character } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start);
  return `${relative(ROOT, diagnostic.file.fileName)}:${line + 1}:${character + 1} ${text}`;
}
