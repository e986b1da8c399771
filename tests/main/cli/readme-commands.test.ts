/** The commands of README's example, run one after the other as they stand there. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { readDocument, shellLines, words } from "#tests/support/documents.ts";
import { makeCheckpoint, writeLines } from "../lab/support.ts";
import { createBench } from "./support.ts";

it("runs README's example from an empty folder to results", async () => {
  const lines = shellLines(readDocument("README.md")).filter((line) => /^(npx nashlab|cd) /u.test(line));
  expect(lines.length).toBeGreaterThan(4);
  const bench = createBench();
  const checkpoint = makeCheckpoint(bench.cwd, "base");
  const prompts = writeLines(
    bench.cwd,
    "prompts.jsonl",
    Array.from({ length: 40 }, (_, i) => ({ prompt: `Prompt ${i}` })),
  );
  const folder = join(bench.cwd, "haiku");
  let inFolder: readonly string[] = [];
  for (const line of lines) {
    const [command, ...args] = words(line);
    if (command === "cd") {
      expect(join(bench.cwd, args[0] ?? "")).toBe(folder);
      inFolder = ["-C", folder];
      continue;
    }
    // What the reader has at hand: a model in the home folder, a file with prompts.
    const given = args.slice(1).map((arg) => (arg.startsWith("~/models/") ? checkpoint : arg === "prompts.jsonl" ? prompts : arg));
    const { code, err } = await bench.run(...given, ...inFolder);
    expect([line, code, code === 0 ? "" : err]).toEqual([line, 0, ""]);
  }
  const { rounds } = await bench.json("status", "-C", folder);
  expect(rounds).toMatchObject([{ number: 1, isDone: true }]);
});
