/** Writes that are made durable together: one transaction, each whole or not at all. */
import { expect, it } from "vitest";
import { createCommitTogether } from "#main/lab/group-commit.ts";
import { setSetting } from "#main/store/queries/settings.ts";
import { openEmpty } from "../store/support.ts";

it("keeps what others wrote when one of them throws, and nothing of that one", async () => {
  const db = openEmpty();
  const commit = createCommitTogether(db);
  const outcomes = await Promise.allSettled([
    commit(() => {
      setSetting(db, "a", "1");
      return "first";
    }),
    commit(() => {
      setSetting(db, "b", "2");
      throw new Error("changed its mind");
    }),
    commit(() => {
      setSetting(db, "c", "3");
    }),
  ]);
  expect(outcomes.map((outcome) => (outcome.status === "fulfilled" ? outcome.value : String(outcome.reason)))).toEqual([
    "first",
    "Error: changed its mind",
    undefined,
  ]);
  expect(db.all("SELECT name, value FROM setting ORDER BY name")).toEqual([
    { name: "a", value: "1" },
    { name: "c", value: "3" },
  ]);
});

it("writes once a turn of the event loop, and is durable when it resolves", async () => {
  const db = openEmpty();
  let transactions = 0;
  const counted = { ...db, transaction: <Result>(work: () => Result): Result => ((transactions += 1), db.transaction(work)) };
  const commit = createCommitTogether(counted);
  await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      commit(() => {
        setSetting(db, `s${i}`, "x");
      }),
    ),
  );
  expect([transactions, db.all("SELECT * FROM setting").length]).toEqual([1, 20]);
});

it("fails all of them where the disk does", async () => {
  const db = openEmpty();
  const broken = {
    ...db,
    transaction: (): never => {
      throw new Error("disk full");
    },
  };
  const commit = createCommitTogether(broken);
  await expect(Promise.all([commit(() => 1), commit(() => 2)])).rejects.toThrow(/disk full/u);
});
