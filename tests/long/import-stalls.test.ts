/** How long an import of a hundred thousand preferences holds up a lab that is asked for other things meanwhile. */
import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { type Rng, rngFor } from "#app/base/random.ts";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import type { DataCell, DataTable } from "#app/rounds/data-ports.ts";
import { writeData } from "#main/data/write-data.ts";
import { openLabOnFakes, SCRIPTED } from "#tests/main/lab/support.ts";
import { sharedTempFolder } from "#tests/support/temp-folder.ts";
import { writeRecord } from "#tools/results/record.ts";

const ROWS = 100_000;
const FORMATS = ["parquet", "jsonl", "json", "csv"] as const;

const home = sharedTempFolder();
const rows: (string | number)[][] = [];

/** Words of a made-up language, most of them rare, as in a real text. */
function text(rng: Rng, words: number): string {
  return Array.from({ length: words }, () => `w${Math.floor(20_000 * rng.next() ** 3).toString(36)}`).join(" ");
}

/** Pairs as TRL has them, with texts as long as UltraFeedback's: about 2 kB a row. */
function pairs(): DataTable {
  return {
    columns: ["prompt", "chosen", "rejected"].map((name) => ({ name, kind: "text" })),
    rows: (function* (): Generator<DataCell[]> {
      for (let i = 0; i < ROWS; i++) {
        const rng = rngFor(1, "row", i);
        yield [text(rng, 20 + rng.below(80)), text(rng, 60 + rng.below(200)), text(rng, 60 + rng.below(200))];
      }
    })(),
  };
}

type Watched = { readonly longestMs: number; readonly busiestMs: number; readonly seconds: number };

/** Runs work while the event loop is watched: the longest that it did not turn, and the most that the thread worked in between. */
async function watched(work: () => Promise<unknown>): Promise<Watched> {
  const start = performance.now();
  let [longestMs, busiestMs, isOn] = [0, 0, true];
  let [last, lastCpuMs] = [start, threadCpuMs()];
  const beat = (): void => {
    const [now, cpuMs] = [performance.now(), threadCpuMs()];
    longestMs = Math.max(longestMs, now - last);
    busiestMs = Math.max(busiestMs, cpuMs - lastCpuMs);
    [last, lastCpuMs] = [now, cpuMs];
    if (isOn) setImmediate(beat);
  };
  setImmediate(beat);
  await work();
  isOn = false;
  return { longestMs, busiestMs, seconds: (performance.now() - start) / 1000 };
}

function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

afterAll(() => {
  writeRecord("import-stalls", {
    section: "Speed",
    title: "A lab while it imports",
    summary: `Files of ${ROWS.toLocaleString("en")} preferences (TRL's columns as texts) were looked at and imported, each into an experiment of its own. What is told is how long the lab answered nothing else: the longest time in which its event loop did not turn, and the most that its thread worked in such a time.`,
    commands: ["npm run test:long -- tests/long/import-stalls.test.ts"],
    sources: ["main/data", "main/lab/experiments", "main/store/queries/imports.ts", "app/preferences/rows"],
    notes: [
      "On a machine that others use too the thread waits for a processor, and for the threads that collect garbage with it: the work at a stretch is what an idle one would show.",
    ],
    tables: [{ columns: ["format", "MB", "what", "longest stop, ms", "most work at a stretch, ms", "whole, s"], rows }],
  });
});

it.each(FORMATS)("%s", async (format) => {
  const path = join(home, `pairs.${format}`);
  await writeData(path, pairs());
  const folder = join(home, randomUUID());
  const lab = await openLabOnFakes(folder);
  const client = lab.client("owner");
  await client.experiments.create({ name: "Large", config: experimentConfigSchema.parse(SCRIPTED) });
  const note = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    const { longestMs, busiestMs, seconds } = await watched(work);
    rows.push([format, Math.round(statSync(path).size / 1e6), what, Math.round(longestMs), Math.round(busiestMs), Math.round(seconds)]);
    process.stdout.write(`${rows.at(-1)?.join(" ") ?? ""}\n`);
  };
  await note("look", async () => {
    expect(await client.experiments.lookAtImport({ path })).toMatchObject({ rows: ROWS, pairs: ROWS });
  });
  await note("import", async () => {
    expect(await client.experiments.importPrompts({ path })).toMatchObject({ imported: ROWS, pairs: ROWS });
  });
  await note("import again", async () => {
    expect(await client.experiments.importPrompts({ path })).toMatchObject({ imported: 0, pairs: 0, duplicates: ROWS });
  });
  await lab.close();
});
