/** Copies of the database that are asked for: whole databases, listed newest first, made while the lab is at work. */
import { expect, it } from "vitest";
import { openDatabase } from "#main/store/database.ts";
import { countOf, openReadyLab, runRound } from "./support.ts";

it("a backup holds what the experiment held", async () => {
  const { client, db } = await openReadyLab();
  expect(await client.settings.backups()).toEqual([]);
  await runRound(client, "judge");
  const copy = await client.settings.backUp();
  expect(await client.settings.backups()).toEqual([copy]);
  const restored = openDatabase(copy.path, { readOnly: true });
  for (const sql of ["SELECT count(*) AS n FROM judgment", "SELECT count(*) AS n FROM response"])
    expect(countOf(restored, sql), sql).toBe(countOf(db, sql));
  expect(countOf(restored, "SELECT count(*) AS n FROM judgment")).toBeGreaterThan(0);
  restored.close();
});
