/** What the results page costs when many judgments are stored: at most a fiftieth of reading them all once. */
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { AuthorId, JudgmentId } from "#app/base/ids.ts";
import { openDatabase } from "#main/store/database.ts";
import { insertJudgment, toJudgment } from "#main/store/queries/judgments.ts";
import { DATABASE_NAME } from "#main/store/store.ts";
import { openReadyLab, runRound } from "#tests/main/lab/support.ts";
import { writeRecord } from "#tools/results/record.ts";

const JUDGMENTS = 100_000;
const REPEATS = 15;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

test(`the results page costs at most a fiftieth of one scan of ${JUDGMENTS} judgments`, async () => {
  const { client, folder } = await openReadyLab({ training: 30, validation: 40 });
  for (let round = 0; round < 2; round++) await runRound(client);
  const db = openDatabase(join(folder, DATABASE_NAME));
  onTestFinished(() => {
    db.close();
  });
  // Judgments of many authors on the comparisons that are there.
  const rows = db.all("SELECT j.* FROM current_judgment j JOIN ask k ON k.id = j.ask_id WHERE k.purpose = 'training'").map(toJudgment);
  // What is counted of judgments in other tables is not measured here, and takes its time where many share a comparison.
  for (const trigger of ["judgment_is_taken_off", "judgment_is_counted"]) db.exec(`DROP TRIGGER ${trigger}`);
  db.transaction(() => {
    for (let i = 0; i < JUDGMENTS; i++) {
      const row = rows[i % rows.length];
      if (row === undefined) throw new Error("expected judgments");
      const authorId = `author ${Math.floor(i / rows.length)}` as AuthorId;
      if (i % rows.length === 0) db.run("INSERT INTO author (id, name, kind) VALUES ($id, $id, 'person')", { id: authorId });
      insertJudgment(db, { ...row, id: `judgment ${String(i).padStart(7, "0")}` as JudgmentId, authorId, requestId: null, supersedesId: null });
    }
  });
  const scans: number[] = [];
  const pages: number[] = [];
  await client.results.overview({});
  for (let i = 0; i < REPEATS; i++) {
    let start = performance.now();
    const read = db.all("SELECT * FROM judgment");
    scans.push(performance.now() - start);
    expect(read.length).toBeGreaterThan(JUDGMENTS);
    start = performance.now();
    expect(await client.results.overview({})).not.toBeNull();
    pages.push(performance.now() - start);
  }
  const [scan, page] = [median(scans), median(pages)];
  writeRecord("results-cost", {
    section: "Speed",
    title: "What the results page costs",
    summary: `With ${JUDGMENTS.toLocaleString("en-US")} judgments stored: reading them all once, against one call that gives the results page all its figures. Medians of ${REPEATS}.`,
    commands: ["npm run test:long -- tests/long/results-cost.test.ts"],
    sources: ["main/lab/evaluations", "main/store/queries/matches.ts", "main/store/migrations"],
    tables: [
      {
        columns: ["what", "ms"],
        rows: [
          ["one full scan of the judgments", scan.toFixed(1)],
          ["the results page", page.toFixed(2)],
          ["scan over page", (scan / page).toFixed(0)],
        ],
      },
    ],
    notes: [
      "The figures are kept and computed anew only when a judgment of an evaluation, a policy or a setting changes; judgments of evaluations are counted in their own transaction.",
    ],
  });
  expect(page).toBeLessThanOrEqual(scan / 50);
});
