/** The last lines of a test run, made by real runs: what passed, failed and was passed over, and why. */
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { ROOT } from "#tools/checks/root.ts";

type Ended = { readonly status: number | null; readonly lines: readonly string[] };

/** Runs Vitest with the reporter on files of tests, by name; `notes` are what is to be said before the counts. */
function run(files: Readonly<Record<string, string>>, notes: readonly string[] = []): Ended {
  const folder = tempFolder();
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  mkdirSync(join(folder, "tests"));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, "tests", `${name}.test.ts`), `import { describe, expect, it } from "vitest";\n${text}`);
  }
  const script = join(folder, "run.ts");
  writeFileSync(
    script,
    `import { startVitest } from "vitest/node";
import { SummaryReporter } from ${JSON.stringify(join(ROOT, "tools/testing/summary-reporter.ts"))};
const reporter = new SummaryReporter(() => ${JSON.stringify(notes)});
const vitest = await startVitest([], { root: ${JSON.stringify(folder)}, config: false, run: true, watch: false, reporters: [reporter] });
await vitest.close();`,
  );
  const { status, stdout } = spawnSync(process.execPath, [script], { encoding: "utf8", cwd: folder, env: { ...process.env, VITEST: undefined } });
  return { status, lines: stdout.trim().split("\n") };
}

test("counts what passed, and ends well", () => {
  const { status, lines } = run({ a: 'it("x", () => undefined);\nit("y", () => undefined);', b: 'it("z", () => undefined);' });
  expect([status, lines]).toEqual([0, ["3 passed, 0 failed"]]);
});

test("names each test that was passed over, with its reason, after the notes and before the counts", () => {
  const text = 'describe("browser", () => it("draws", (c) => c.skip("no Chromium")));\nit.skip("later", () => undefined);\nit("x", () => undefined);';
  const { status, lines } = run({ a: text }, ["1 of 2 results is old"]);
  expect(status).toBe(0);
  expect(lines).toEqual([
    "1 of 2 results is old",
    "2 skipped, NOT tested on this machine:",
    "  tests/a.test.ts > browser > draws: no Chromium",
    "  tests/a.test.ts > later",
    "1 passed, 0 failed",
  ]);
});

test("counts a failed test, a file that cannot be loaded and an error outside of any test as failures", () => {
  const files = {
    a: 'it("x", () => expect(1).toBe(2));\nit("y", () => undefined);',
    b: 'throw new Error("cannot be loaded");',
    c: 'it("z", () => { void Promise.reject(new Error("nobody waits")); });',
  };
  const { status, lines } = run(files);
  expect([status, lines.at(-1)]).toEqual([1, "2 passed, 3 failed"]);
});
