/** `npm run demo` with the network cut: two rounds to the page at the end, and no process tries to get out. */
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { tempFolder } from "#tests/support/temp-folder.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const HOOK = pathToFileURL(join(ROOT, "tests", "support", "no-network.ts")).href;
/** Prompts of the demo: enough for pairs in both rounds, and few enough for a test. */
const ROWS = "30";
const PATIENCE_MS = 600_000;

/** Where Linux lets a user have a network of its own, without any way out, the kernel cuts it as well. */
function cut(command: readonly string[]): readonly string[] {
  const canCut = spawnSync("unshare", ["-rn", "true"]).status === 0;
  return canCut ? ["unshare", "-rn", ...command] : command;
}

type Ended = { readonly status: number | null; readonly output: string; readonly log: readonly string[] };

async function runCut(home: string, args: readonly string[]): Promise<Ended> {
  const logPath = join(home, "network.log");
  const [command = "", ...rest] = cut([process.execPath, ...args]);
  const child = spawn(command, rest, {
    cwd: ROOT,
    env: {
      ...process.env,
      NODE_OPTIONS: `--import=${HOOK}`,
      NETWORK_LOG: logPath,
      NASHLAB_CACHE_DIR: join(home, "cache"),
      NASHLAB_CONFIG_DIR: join(home, "config"),
      NASHLAB_DATA_DIR: join(home, "data"),
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (part: string) => (output += part));
  const status = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { status, output, log: readFileSync(logPath, "utf8").trim().split("\n") };
}

it("makes the demo without any network", { timeout: PATIENCE_MS }, async () => {
  const home = tempFolder();
  const { status, output, log } = await runCut(home, ["tools/tasks/demo.ts", join(home, "demo"), ROWS]);
  expect([status, status === 0 ? "" : output]).toEqual([0, ""]);
  const page = readFileSync(join(home, "demo", "page.txt"), "utf8");
  expect(output).toContain(page.trim());
  for (const heading of ["Three prompts, before and after", "Did it get better?", "Where everything lies", "What to try next"]) {
    expect(page).toContain(heading);
  }
  expect(page).toMatch(/r2 against r0 +\d+\.\d +\d+\.\d to \d+\.\d/u);
  expect(page.match(/^\d\. .+\n {3}r0 .+\n(?: {6}.+\n)* {3}r2 /gmu)).toHaveLength(3);
  // The command line, and the engine that it starts, in each of the steps.
  expect(log.filter((line) => line.endsWith("engine-process.ts")).length).toBeGreaterThanOrEqual(2);
  expect(log.filter((line) => line.startsWith("attempt"))).toEqual([]);
});

it.each([
  ["a request", "await fetch('http://192.0.2.1/').catch(() => 0)"],
  ["a name", "await (await import('node:dns/promises')).lookup('example.org')"],
  ["a socket", "(await import('node:net')).connect(80, '192.0.2.1').on('error', () => 0)"],
])("sees %s that wants out", async (_, code) => {
  const { log } = await runCut(tempFolder(), ["--input-type=module", "--eval", code]);
  expect(log.filter((line) => line.startsWith("attempt")).length).toBeGreaterThan(0);
});
