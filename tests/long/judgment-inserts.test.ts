/** What storing a judgment costs: against a bare prepared insert, and as judgments become many. */
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import type { AskId, AttemptId, ResponseId } from "#app/base/ids.ts";
import type { Verdict } from "#app/domain/verdict.ts";
import { type Connection, openDatabase } from "#main/store/database.ts";
import { findViolations } from "#main/store/invariants.ts";
import { closeAsk, planAsks } from "#main/store/queries/asks.ts";
import type { NewJudgment } from "#main/store/queries/judgments.ts";
import { rebuildSummary, SUMMARY_TABLES } from "#main/store/queries/judgment-summary.ts";
import { startAttempt } from "#main/store/queries/rounds.ts";
import { addManyJudgments } from "#tests/support/many-judgments.ts";
import { ANSWERED, attempt, DEVICE, doneAttempt, judgment, openStocked, ORACLE, prompt, response } from "#tests/main/store/support.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { writeRecord } from "#tools/results/record.ts";

/** Stored already; each size is another database. */
const STORED = [1000, 10_000, 100_000];
const INSERTS = 600;
/** Judgments of one transaction: a person's, and those that a judge's replies bring in one turn of the event loop. */
const TOGETHER = [1, 8];
/** Ours and the bare inserts by turns, so many at a time. */
const TURN = 40;
/** Of a bare insert's rate, one in a transaction. */
const FLOOR = 0.5;

const VERDICTS: readonly Verdict[] = [{ kind: "prefers", winner: "first", strength: "clear" }, { kind: "tie" }, { kind: "bothBad" }];

/** A running judge stage; all asks are of pairs of a few responses to each of two prompts, in both orders. */
function openAsking(stored: number): { readonly db: Connection; readonly waiting: readonly NewJudgment[] } {
  const made = openStocked();
  const sample = doneAttempt(made, "sample");
  const responses = Array.from({ length: 40 }, (_, i) => response(made, sample, 1 + (i % 2), i));
  const judge = attempt(made, "judge");
  startAttempt(made, judge, 30);
  planAsks(made, judge, ORACLE, DEVICE, asksOf(responses));
  const folder = dirname(made.path);
  made.close();
  addManyJudgments({ folder, count: stored, author: "many", kind: "judge" });
  const db = openDatabase(join(folder, "experiment.db"));
  onTestFinished(() => {
    db.close();
  });
  const asks = db.all("SELECT id FROM ask WHERE id LIKE 'ask-%' ORDER BY id").map((row) => row["id"] as AskId);
  return { db, waiting: asks.map((id, i) => judgment(db, id, VERDICTS[i % VERDICTS.length] ?? { kind: "tie" })) };
}

function asksOf(responses: readonly ResponseId[]): Parameters<typeof planAsks>[4] {
  const pairs = responses.flatMap((first, i) => responses.slice(i + 1).map((second, j) => ({ first, second, isSame: (j + 1) % 2 === 0, from: i })));
  return pairs
    .filter(({ isSame }) => isSame)
    .flatMap(({ first, second, from }) => [
      { shown: [first, second] as const, from },
      { shown: [second, first] as const, from },
    ])
    .slice(0, INSERTS * TOGETHER.length)
    .map(({ shown, from }, i) => ({
      id: `ask-${String(i).padStart(4, "0")}` as AskId,
      promptId: prompt(1 + (from % 2)),
      shown,
      purpose: "training" as const,
      mode: "pairwise" as const,
      guidelineVersion: null,
    }));
}

/** The same columns under the same durability, and nothing else: what a prepared statement alone comes to. */
function openBare(): Database.Database {
  const database = new Database(join(tempFolder(), "bare.db"));
  onTestFinished(() => void database.close());
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.exec(`CREATE TABLE judgment (id TEXT NOT NULL PRIMARY KEY, ask_id TEXT, first_id TEXT, second_id TEXT, verdict TEXT, strength TEXT,
    made_at INTEGER, author_id TEXT, device_id TEXT, sequence INTEGER) STRICT`);
  return database;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Medians of the milliseconds that a transaction takes, ours and bare. */
function measure(db: Connection, waiting: readonly NewJudgment[], together: number) {
  const bare = openBare();
  const statement = bare.prepare(
    `INSERT INTO judgment VALUES ($id, $askId, $firstId, $secondId, $verdict, $strength, $madeAtMs, $authorId, $deviceId, $sequence)`,
  );
  const [ours, theirs]: [number[], number[]] = [[], []];
  const timed = (times: number[], work: () => void): void => {
    const startedAt = performance.now();
    work();
    times.push(performance.now() - startedAt);
  };
  for (let start = 0; start < waiting.length; start += TURN) {
    const turn = waiting.slice(start, start + TURN);
    const groups = Array.from({ length: Math.ceil(turn.length / together) }, (_, i) => turn.slice(i * together, (i + 1) * together));
    for (const group of groups) {
      timed(ours, () => {
        db.transaction(() => {
          for (const one of group) closeAsk(db, one.askId, one.authorId, ANSWERED, [one], [], 50);
        });
      });
    }
    for (const group of groups) {
      timed(theirs, () => {
        bare.transaction(() => {
          for (const { id, askId, firstId, secondId, verdict, madeAtMs, authorId, deviceId } of group)
            statement.run({ id, askId, firstId, secondId, verdict: verdict.kind, strength: null, madeAtMs, authorId, deviceId, sequence: start });
        })();
      });
    }
  }
  return { ours: median(ours), bare: median(theirs) };
}

/** The slope of the logarithms, by least squares. */
function exponent(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (of: (log: readonly [number, number]) => number): number => logs.reduce((sum, log) => sum + of(log), 0) / logs.length;
  const [meanX, meanY] = [mean(([x]) => x), mean(([, y]) => y)];
  return mean(([x, y]) => (x - meanX) * (y - meanY)) / mean(([x]) => (x - meanX) ** 2);
}

function readMs(db: Connection): number {
  const times = Array.from({ length: 15 }, () => {
    const startedAt = performance.now();
    for (const table of SUMMARY_TABLES) db.all(`SELECT * FROM ${table} WHERE attempt_id = $id`, { id: "judge-1" as AttemptId });
    return performance.now() - startedAt;
  });
  return median(times);
}

test("a judgment is stored at half the rate of a bare prepared insert or more, however many there are", () => {
  const found = STORED.map((stored) => {
    const { db, waiting } = openAsking(stored);
    const [one, several] = TOGETHER.map((together, i) => ({ together, ...measure(db, waiting.slice(i * INSERTS, (i + 1) * INSERTS), together) }));
    if (one === undefined || several === undefined) throw new RangeError("expected both");
    const read = readMs(db);
    expect(findViolations(db)).toEqual([]);
    const kept = () => SUMMARY_TABLES.map((table) => db.all(`SELECT * FROM ${table}`));
    const before = kept();
    rebuildSummary(db);
    expect(kept()).toEqual(before);
    return { stored, one, several, read };
  });
  const share = ({ ours, bare }: { readonly ours: number; readonly bare: number }): number => bare / ours;
  writeRecord("judgment-inserts", {
    section: "Speed",
    title: "What storing a judgment costs",
    summary: `Each judgment, with what is counted of it, in a durable transaction of its own: ${found.map(({ stored, one }) => `${(100 * share(one)).toFixed(0)} % of the rate of a bare prepared insert with ${stored.toLocaleString("en-US")} stored`).join(", ")} (floor: ${100 * FLOOR} %).`,
    commands: ["npm run test:long -- tests/long/judgment-inserts.test.ts"],
    sources: ["main/store"],
    tables: [
      {
        columns: [
          "judgments stored",
          "ms a judgment",
          "bare insert",
          "share of its rate",
          `ms, ${TOGETHER[1]} in a transaction`,
          "bare",
          "share",
          "ms to read what is counted",
        ],
        rows: found.map(({ stored, one, several, read }) => [
          stored.toLocaleString("en-US"),
          one.ours.toFixed(3),
          one.bare.toFixed(3),
          `${(100 * share(one)).toFixed(0)} %`,
          several.ours.toFixed(3),
          several.bare.toFixed(3),
          `${(100 * share(several)).toFixed(0)} %`,
          read.toFixed(3),
        ]),
      },
      {
        columns: ["time against judgments stored", "like"],
        rows: [
          ["storing one", `x^${exponent(found.map(({ stored, one }) => [stored, one.ours])).toFixed(2)}`],
          ["reading what is counted", `x^${exponent(found.map(({ stored, read }) => [stored, read])).toFixed(2)}`],
        ],
      },
    ],
    notes: [
      `Medians of ${INSERTS} judgments, ours and bare by turns of ${TURN}, both with synchronous FULL on the same disk. The bare table has the same columns and a primary key, and no triggers, checks, foreign keys or other indexes.`,
      "A judgment of ours closes its ask, numbers itself, takes what was counted of its ask off and counts it anew, and enters the ledger, all in its transaction; afterwards every count equals a rebuild from all judgments.",
    ],
  });
  for (const { one } of found) expect(share(one)).toBeGreaterThanOrEqual(FLOOR);
});
