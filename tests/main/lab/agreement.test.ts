/** Agreement between raters of the same comparisons, counted from the database's live judgments. */
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { AuthorId, JudgmentId } from "#app/base/ids.ts";
import { openDatabase } from "#main/store/database.ts";
import { insertJudgment, toJudgment } from "#main/store/queries/judgments.ts";
import { DATABASE_NAME } from "#main/store/store.ts";
import { openReadyLab, runRound } from "./support.ts";

it("is of comparisons that two have judged: an author's two orders are one answer, what was taken back is none", async () => {
  const { client, folder } = await openReadyLab();
  await runRound(client, "judge");
  expect(await client.results.agreement()).toEqual({ pairs: [], alpha: null });
  const db = openDatabase(join(folder, DATABASE_NAME));
  onTestFinished(() => {
    db.close();
  });
  db.run("INSERT INTO author (id, name, kind) VALUES ('ada', 'Ada', 'person')");
  const decided = db.all("SELECT * FROM current_judgment WHERE verdict IN ('first', 'second') ORDER BY first_id, second_id, id").map(toJudgment);
  const pairs = [...Map.groupBy(decided, (row) => `${row.firstId} ${row.secondId}`).values()].filter((orders) => orders.length === 2).slice(0, 10);
  expect(pairs).toHaveLength(10);
  // Ada says the same of seven comparisons, the opposite of two, and takes her answer to the tenth back.
  pairs.forEach((orders, i) => {
    for (const row of orders) {
      if (row.verdict.kind !== "prefers") continue;
      const winner = i < 7 ? row.verdict.winner : row.verdict.winner === "first" ? "second" : "first";
      const id = `ada ${row.id}` as JudgmentId;
      const mine = { ...row, id, authorId: "ada" as AuthorId, verdict: { ...row.verdict, winner }, supersedesId: null, requestId: null } as const;
      insertJudgment(db, mine);
      if (i === 9) insertJudgment(db, { ...mine, id: `${id} back` as JudgmentId, supersedesId: id, isRetraction: true });
    }
  });
  const { pairs: found, alpha } = await client.results.agreement();
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ first: "Ada", n: 9 });
  expect(found[0]?.second).toMatch(/^script targetLength/u);
  expect(found[0]?.share).toBeCloseTo(7 / 9, 12);
  expect(found[0]?.shareLow).toBeLessThan(7 / 9);
  expect(alpha?.units).toBe(9);
  expect(alpha?.value).toBeLessThan(1);
});
