/** Reads an experiment's configuration from `--config FILE` and `--set path=value`, whole before anything is done. */
import { readFile } from "node:fs/promises";
import type * as z from "zod";
import { ConfigError, fileReason } from "#app/base/errors.ts";
import { type ExperimentConfig, experimentConfigSchema } from "#app/domain/experiment.ts";
import { describeIssues, isRecord, type Issue } from "./issues.ts";

export type SettingOptions = {
  /** A JSON file, absolute; its settings are laid over the base. */
  readonly configPath?: string | undefined;
  /** `path=value`, in order, laid over the file's. */
  readonly assignments: readonly string[];
};

type Tree = { readonly [key: string]: unknown };

type Assignment = { readonly path: readonly string[]; readonly raw: string; readonly value: unknown };

/** The base with file and assignments over it. Throws ConfigError that names the setting, what was expected and what came. */
export async function resolveConfig(base: unknown, options: SettingOptions): Promise<ExperimentConfig> {
  let tree: Tree = isRecord(base) ? base : {};
  const sources: string[] = [];
  if (options.configPath !== undefined) {
    tree = overlay(tree, await readConfigFile(options.configPath));
    sources.push(options.configPath);
  }
  const assignments = options.assignments.map(parseAssignment);
  for (const assignment of assignments) {
    tree = assign(tree, assignment.path, assignment.value);
    sources.push(`--set ${assignment.path.join(".")}=${assignment.raw}`);
  }
  return parseConfig(tree, assignments, sources);
}

function parseConfig(tree: Tree, assignments: readonly Assignment[], sources: readonly string[]): ExperimentConfig {
  const first = experimentConfigSchema.safeParse(tree);
  if (first.success) return first.data;
  // `--set oracle.pattern=7` means the text "7": where a text is expected, the value is taken as it was written.
  const asTexts = assignments
    .filter((assignment) => plainIssues(first.error).some((issue) => wantsText(issue, assignment)))
    .reduce((inner, assignment) => assign(inner, assignment.path, assignment.raw), tree);
  const second = experimentConfigSchema.safeParse(asTexts);
  if (second.success) return second.data;
  const sentence = describeIssues(plainIssues(second.error), asTexts, "the configuration", knownSettings(asTexts));
  throw new ConfigError(`${sentence.replace(/\.$/u, "")}, from ${sources.join(", ")}.`);
}

function plainIssues(error: z.ZodError): Issue[] {
  return error.issues.map((issue) => ({ ...issue }));
}

function wantsText(issue: Issue, assignment: Assignment): boolean {
  return issue.code === "invalid_type" && issue["expected"] === "string" && issue.path?.join(".") === assignment.path.join(".");
}

async function readConfigFile(path: string): Promise<Tree> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new ConfigError(`--config: expected a JSON file that can be read, got ${path} (${fileReason(cause)}).`, { path }, { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(`--config: expected JSON in ${path}, got something else (${fileReason(cause)}).`, { path }, { cause });
  }
  if (!isRecord(value)) {
    throw new ConfigError(`--config: expected an object with settings in ${path}, got ${JSON.stringify(value).slice(0, 40)}.`, { path });
  }
  return value;
}

function parseAssignment(text: string): Assignment {
  const equals = text.indexOf("=");
  const path = text.slice(0, Math.max(equals, 0)).trim().split(".");
  if (equals < 1 || path.includes("")) {
    throw new ConfigError(`--set: expected path=value (such as sampling.temperature=0.8), got "${text}".`);
  }
  const raw = text.slice(equals + 1);
  return { path, raw, value: parseValue(raw) };
}

/** JSON where it is JSON, else the text itself: 0.8, true, ["a"], targetLength. */
function parseValue(raw: string): unknown {
  try {
    const value: unknown = JSON.parse(raw);
    return value;
  } catch {
    return raw;
  }
}

/** Objects are merged, all else is replaced; another `kind` begins its object anew, as its settings are others. */
function overlay(base: Tree, over: Tree): Tree {
  const start = "kind" in over && over["kind"] !== base["kind"] ? {} : base;
  const merged = Object.entries(over).map(([key, value]) => {
    const inner = start[key];
    return [key, isRecord(inner) && isRecord(value) ? overlay(inner, value) : value] as const;
  });
  return { ...start, ...Object.fromEntries(merged) };
}

function assign(tree: Tree, path: readonly string[], value: unknown): Tree {
  const nested = path.reduceRight<unknown>((inner, step) => ({ [step]: inner }), value);
  return isRecord(nested) ? overlay(tree, nested) : tree;
}

/** A whole configuration with the names of all settings, for oracle and pair rule those of the kinds that were asked for. */
function knownSettings(tree: Tree): unknown {
  const defaults: unknown = experimentConfigSchema.parse({});
  if (!isRecord(defaults)) return undefined;
  const kinds = Object.fromEntries(
    ["oracle", "pairs"].map((area) => {
      const own = tree[area];
      const usual = defaults[area];
      const isUsual = isRecord(own) && isRecord(usual) && own["kind"] === usual["kind"];
      return [area, isUsual ? usual : undefined];
    }),
  );
  return { ...defaults, ...kinds };
}
