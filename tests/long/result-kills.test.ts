/** The result's command, killed with SIGKILL at random moments until it ends: what comes out is as if nothing had happened. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { rngFor } from "#app/base/random.ts";
import { findViolations } from "#main/store/invariants.ts";
import { openDatabase } from "#main/store/database.ts";
import { DATABASE_NAME } from "#main/store/store.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { overviewOf, roundsOf } from "#tools/result/measure.ts";
import { commandsIn } from "#tools/result/run-experiment.ts";

const KILLS = 12;
const PROGRAM = join(import.meta.dirname, "..", "support", "tiny-result.ts");

/** Runs the command in a process group of its own; true if it ended by itself, false if all of it was killed. */
async function run(home: string, killAfterMs: number | null): Promise<boolean> {
  const child = spawn(process.execPath, [PROGRAM, home], { stdio: "ignore", detached: true });
  const { pid } = child;
  if (pid === undefined) throw new Error("expected a process");
  const timer = killAfterMs === null ? undefined : setTimeout(() => process.kill(-pid, "SIGKILL"), killAfterMs);
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((done) => child.once("exit", (...how) => done(how)));
  clearTimeout(timer);
  if (signal === null) expect(code).toBe(0);
  return signal === null;
}

it("goes on after every kill and comes to the same responses and verdicts as without one", async () => {
  const [killed, whole] = [tempFolder(), tempFolder()];
  const startedAt = performance.now();
  expect(await run(whole, null)).toBe(true);
  const wholeMs = performance.now() - startedAt;
  const rng = rngFor(7, "kills");
  let kills = 0;
  while (kills < KILLS && !(await run(killed, 500 + rng.next() * wholeMs))) kills += 1;
  if (kills === KILLS) expect(await run(killed, null)).toBe(true);
  expect(kills).toBeGreaterThan(0);

  const [a, b] = [killed, whole].map((home) => {
    const started = commandsIn(join(home, "own"));
    const overview = overviewOf(started, "test");
    const db = openDatabase(join(home, "own", DATABASE_NAME), { readOnly: true });
    try {
      expect(findViolations(db)).toEqual([]);
      const texts = db.all("SELECT text FROM current_response ORDER BY text").map((row) => row["text"]);
      return { duels: overview.duels, testLooks: overview.testLooks, rounds: roundsOf(started).map((round) => round.number), texts };
    } finally {
      db.close();
    }
  });
  expect(a?.testLooks).toBe(1);
  expect(a).toEqual(b);
});
