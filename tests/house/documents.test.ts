/** What the pages name is there: files, links, commands with their options, scripts and tasks. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { buildProgram } from "#main/cli/program.ts";
import { documentedCommands, documentPaths, readDocument, shellLines, words } from "#tests/support/documents.ts";
import { ROOT } from "#tools/checks/root.ts";

const program = buildProgram(async () => undefined, "0.0.0");
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { readonly scripts: Readonly<Record<string, string>> };
const tasks = readdirSync(join(ROOT, "tools", "tasks")).map((name) => name.replace(/\.ts$/u, ""));

function missingFiles(path: string, markdown: string): string[] {
  const prose = markdown.replaceAll(/^```.*?^```$/gmsu, "");
  const links = [...prose.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/gu)].map((match) => match[1] ?? "");
  const local = links.filter((link) => !/^[a-z]+:/u.test(link)).map((link) => join(dirname(path), link));
  const named = [...prose.matchAll(/`((?:app|main|renderer|tests|tools|docs|resources)\/[\w./-]+)`/gu)].map((match) => match[1] ?? "");
  return [...new Set([...local, ...named])].filter((file) => !existsSync(join(ROOT, file)));
}

/** What is wrong with a command of ours; undefined for a sound one, and for commands of others. */
function problemOf(line: string): string | undefined {
  const [first = "", second = "", ...rest] = words(line);
  if (first === "npx" && second === "nashlab") return problemOfArguments(program, rest);
  if (first === "nashlab") return problemOfArguments(program, words(line).slice(1));
  if (first === "npm" && second === "run") return rest[0] !== undefined && rest[0] in scripts ? undefined : `no script ${String(rest[0])}`;
  if (first === "npm" && ["test", "start"].includes(second)) return second in scripts ? undefined : `no script ${second}`;
  if (first === "node" && second === "tools/run.cjs")
    return tasks.includes(rest[0] ?? "") || rest[0] === "TASK" ? undefined : `no task ${String(rest[0])}`;
  return undefined;
}

function problemOfArguments(command: Command, args: readonly string[]): string | undefined {
  const [next, ...rest] = args;
  const child = command.commands.find((one) => one.name() === next);
  if (child !== undefined) return problemOfArguments(child, rest);
  let given = 0;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    if (!arg.startsWith("-")) {
      given += 1;
      continue;
    }
    const option = [...command.options, ...program.options].find(({ long, short }) => arg === long || arg === short);
    if (option === undefined && arg !== "--help" && arg !== "--version") return `${command.name()} has no option ${arg}`;
    if (option?.required === true) i += 1;
  }
  const { registeredArguments: taken } = command;
  const needed = taken.filter((argument) => argument.required).length;
  if (given > taken.length && !(command.commands.length === 0 && taken.some((argument) => argument.variadic))) {
    return `${command.name()} takes ${taken.length} arguments, not ${given}`;
  }
  // In a sentence a command is named without what it needs; in an example it is whole.
  return given > 0 && given < needed ? `${command.name()} needs ${needed} arguments, not ${given}` : undefined;
}

test.each(documentPaths())("%s names files and commands that are there", (path) => {
  const markdown = readDocument(path);
  expect(missingFiles(path, markdown)).toEqual([]);
  const problems = documentedCommands(markdown).map((line) => [line, problemOf(line)] as const);
  expect(problems.filter(([, problem]) => problem !== undefined)).toEqual([]);
});

test("a link that leads nowhere, a command, an option, a script and a task that are not there are found", () => {
  expect(missingFiles("docs/x.md", "[a](math.md) [b](nowhere.md) `app/nowhere.ts` [c](https://example.org)")).toEqual([
    "docs/nowhere.md",
    "app/nowhere.ts",
  ]);
  const wrong = [
    "npx nashlab frobnicate",
    "nashlab round --fast",
    "nashlab export pairs --to x",
    "npm run dmo",
    "node tools/run.cjs dcos",
    "nashlab prompts import a b",
  ];
  expect(wrong.filter((line) => problemOf(line) === undefined)).toEqual([]);
  const right = ["npx nashlab round --set a.b=1 --json", "nashlab policy add x.gguf --name start -C haiku", "npm test -- tests/app", "git status"];
  expect(right.map(problemOf)).toEqual([undefined, undefined, undefined, undefined]);
  expect(shellLines("```sh\n# one\nnpm test   # all\n$ cd x\n```\n```ts\nno\n```")).toEqual(["npm test", "cd x"]);
});

test("README and CONTRIBUTING explain every script of package.json", () => {
  const text = readDocument("README.md") + readDocument("CONTRIBUTING.md");
  for (const name of Object.keys(scripts)) expect(text).toMatch(new RegExp(`npm (run )?${name}\\b`, "u"));
});
