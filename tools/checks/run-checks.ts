/** What is checked beside the tests: lint, types, format, unused code, layers and made docs, two at a time. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./root.ts";

type Check = { readonly name: string; readonly args: readonly string[] };
type Outcome = { readonly name: string; readonly isWell: boolean; readonly output: string; readonly seconds: number };

/** Longest first, so that the two lanes end together. */
const CHECKS: readonly Check[] = [
  { name: "lint", args: ["node_modules/eslint/bin/eslint.js", ".", ...lintCache()] },
  { name: "types", args: ["tools/checks/types-cli.ts"] },
  { name: "format", args: ["node_modules/prettier/bin/prettier.cjs", "--check", "--cache", "--log-level", "warn", "."] },
  { name: "unused", args: ["node_modules/knip/bin/knip.js", "--no-progress"] },
  { name: "layers", args: ["tools/checks/layers-cli.ts"] },
  { name: "docs", args: ["tools/checks/docs-cli.ts"] },
];
const LANES = 2;

/** Says of each check how it went; false where one is not well. */
export async function runChecks(): Promise<boolean> {
  const waiting = [...CHECKS];
  const failed: string[] = [];
  const runLane = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const { name, isWell, output, seconds } = await run(check);
      if (!isWell) failed.push(name);
      process.stdout.write(`${name.padEnd(16)}${isWell ? "well" : "NOT WELL"} (${seconds.toFixed(0)} s)\n${isWell ? "" : output}`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, runLane));
  process.stdout.write(failed.length === 0 ? "All is well.\n" : `Not well: ${failed.join(", ")}.\n`);
  return failed.length === 0;
}

function run(check: Check): Promise<Outcome> {
  const startedAtMs = performance.now();
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const child = spawn(process.execPath, check.args, {
    cwd: ROOT,
    env: { ...process.env, PATH: pathWithBinaries() },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.on("error", (error) => (output += `${error.message}\n`));
  child.on("close", (code) => {
    resolve({ name: check.name, isWell: code === 0, output, seconds: (performance.now() - startedAtMs) / 1000 });
  });
  return promise;
}

/**
 * A file that was sound is linted again when it changes, or the rules do. That a change elsewhere makes it unsound (a
 * function that has become asynchronous, say) is seen by CI, which lints everything.
 */
function lintCache(): string[] {
  if (process.env["CI"] === "true") return [];
  const rules = createHash("sha256");
  for (const file of ["eslint.config.js", "tools/checks/lint-rules.js", "package-lock.json"]) rules.update(readFileSync(join(ROOT, file)));
  return ["--cache", "--cache-strategy", "content", "--cache-location", join(".cache", "eslint", rules.digest("hex").slice(0, 16))];
}

function pathWithBinaries(): string {
  return [join(ROOT, "node_modules/.bin"), process.env["PATH"] ?? ""].join(process.platform === "win32" ? ";" : ":");
}
