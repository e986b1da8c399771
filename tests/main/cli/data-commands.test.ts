/** The commands of docs/data.md, run one after the other as they stand there. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readDocument, shellLines } from "#tests/support/documents.ts";
import { makeCheckpoint, writeLines } from "../lab/support.ts";
import { createBench } from "./support.ts";

it("runs the commands of docs/data.md on files as it describes them", async () => {
  const lines = shellLines(readDocument("docs/data.md"));
  expect(lines.length).toBeGreaterThan(8);
  const bench = createBench();
  const folder = join(bench.cwd, "haiku");
  const run = async (...args: string[]): Promise<void> => {
    const { code, err } = await bench.run(...args);
    expect([args, code, code === 0 ? "" : err]).toEqual([args, 0, ""]);
  };
  await run("init", folder, "--set", "oracle.kind=targetLength", "--set", "oracle.target=10");
  await run("policy", "add", makeCheckpoint(bench.cwd, "base"), "-C", folder);
  const held = Array.from({ length: 6 }, (_, i) => ({ prompt: `Held-out prompt ${i}`, split: "validation" }));
  await run("prompts", "import", writeLines(bench.cwd, "held.jsonl", held), "-C", folder);
  writeLines(bench.cwd, "pairs.jsonl", [
    { prompt: "Hi", chosen: "a", rejected: "b" },
    { prompt: "Ho", chosen: "c", rejected: "d" },
  ]);
  writeFileSync(join(bench.cwd, "questions.csv"), "question,answer\nWhat is a quay?,A landing place\nWhat is a weir?,A low dam\n");
  for (const line of lines) {
    // Between what goes in and what comes out there is a round.
    if (line.includes("export pairs") && !line.includes("--round")) await run("round", "-C", folder);
    const [npx, nashlab, ...args] = line.split(" ");
    expect([npx, nashlab]).toEqual(["npx", "nashlab"]);
    await run(...args, "-C", folder);
  }
  expect(readFileSync(join(bench.cwd, "haiku-pairs", "README.md"), "utf8")).toContain("pretty_name");
  expect(readFileSync(join(bench.cwd, "judgments.csv"), "utf8")).toMatch(/^judgment_id,/u);
});
