/** What the results page costs when many judgments are stored: at most a fiftieth of reading them all once. */
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase, type ReadableDb, type Row } from "#main/store/database.ts";
import { DATABASE_NAME } from "#main/store/store.ts";
import { openReadyLab, runRound } from "#tests/main/lab/support.ts";
import { writeRecord } from "#tools/results/record.ts";

const JUDGMENTS = 1_000_000;
const REPEATS = 5;

const STRETCH = 100_000;

function readAfter(db: ReadableDb, after: number): readonly Row[] {
  return db.all("SELECT rowid AS place, * FROM judgment WHERE rowid > $after ORDER BY rowid LIMIT $count", { after, count: STRETCH });
}

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
  // What is counted of judgments in other tables is not measured here, and takes its time where many share a comparison.
  for (const trigger of ["judgment_is_taken_off", "judgment_is_counted"]) db.exec(`DROP TRIGGER ${trigger}`);
  // Judgments of many authors on the comparisons that are there.
  db.transaction(() => {
    db.exec(`CREATE TEMP TABLE one AS SELECT j.* FROM current_judgment j JOIN ask k ON k.id = j.ask_id WHERE k.purpose = 'training';
      INSERT INTO author (id, name, kind) WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE (i + 1) * (SELECT count(*) FROM one) < ${JUDGMENTS})
        SELECT printf('author %06d', i), printf('author %06d', i), 'person' FROM n;
      INSERT INTO judgment (id, ask_id, first_id, second_id, verdict, strength, made_at, author_id, device_id, sequence)
        SELECT printf('judgment %07d', row_number() OVER ()), o.ask_id, o.first_id, o.second_id, o.verdict, o.strength, o.made_at, a.id, d.id,
          d.last_sequence + row_number() OVER () FROM author a, one o, device d WHERE a.id LIKE 'author %' AND d.is_local = 1 LIMIT ${JUDGMENTS};
      UPDATE device SET last_sequence = last_sequence + ${JUDGMENTS};
      DROP TABLE one;`);
  });
  const scans: number[] = [];
  const pages: number[] = [];
  await client.results.overview({});
  for (let i = 0; i < REPEATS; i++) {
    let start = performance.now();
    let read = 0;
    // In stretches: all rows at once would want gigabytes.
    for (let rows = readAfter(db, 0); rows.length > 0; rows = readAfter(db, Number(rows.at(-1)?.["place"]))) read += rows.length;
    scans.push(performance.now() - start);
    expect(read).toBeGreaterThan(JUDGMENTS);
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
