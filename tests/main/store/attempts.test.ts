/** Stage attempts: which state follows which, what time counts, what a pause, a death and a redo leave. */
import { describe, expect, it } from "vitest";
import type { AttemptId, RoundId } from "#app/base/ids.ts";
import { type AttemptState, attemptStateSchema, STAGES } from "#app/domain/round.ts";
import type { Connection } from "#main/store/database.ts";
import {
  attemptById,
  attemptCount,
  clearEngineDeaths,
  configOfAttempt,
  countEngineDeath,
  countsOf,
  failAttempt,
  finishAttempt,
  insertRound,
  liveAttempts,
  pauseAttempt,
  pauseInterrupted,
  requestPause,
  roundByNumber,
  setCounts,
  setUnits,
  startAttempt,
  supersedeFrom,
} from "#main/store/queries/rounds.ts";
import { answer, attempt, CONFIG, doneAttempt, judgment, openJudging, openStocked, POLICY, ROUND, TIE } from "./support.ts";
import { insertJudgment } from "#main/store/queries/judgments.ts";

const STATES = attemptStateSchema.options;

/** The way into each state, from queued. */
const WAYS: { readonly [State in AttemptState]: (db: Connection, id: AttemptId) => void } = {
  queued: () => undefined,
  running: (db, id) => {
    startAttempt(db, id, 10);
  },
  paused: (db, id) => {
    startAttempt(db, id, 10);
    pauseAttempt(db, id, 20);
  },
  done: (db, id) => {
    startAttempt(db, id, 10);
    finishAttempt(db, id, 20);
  },
  failed: (db, id) => {
    startAttempt(db, id, 10);
    failAttempt(db, id, "the disk is full", 20);
  },
  superseded: (db) => {
    supersedeFrom(db, ROUND, "train", 20);
  },
};

const MOVES: { readonly [To in Exclude<AttemptState, "queued" | "superseded">]: (db: Connection, id: AttemptId) => void } = {
  running: (db, id) => {
    startAttempt(db, id, 30);
  },
  paused: (db, id) => {
    pauseAttempt(db, id, 30);
  },
  done: (db, id) => {
    finishAttempt(db, id, 30);
  },
  failed: (db, id) => {
    failAttempt(db, id, "again", 30);
  },
};

const LEGAL = new Set([
  "queued > running",
  "queued > paused",
  "running > running",
  "running > paused",
  "running > done",
  "running > failed",
  "paused > running",
  "failed > running",
]);

const moves = STATES.flatMap((from) => Object.entries(MOVES).map(([to, move]) => ({ from, to, move, isLegal: LEGAL.has(`${from} > ${to}`) })));

describe("an attempt", () => {
  it.each(moves)("that is $from may become $to: $isLegal", ({ from, to, move, isLegal }) => {
    const db = openStocked();
    const id = attempt(db, "train");
    WAYS[from](db, id);
    expect(attemptById(db, id).state).toBe(from);
    const act = (): void => {
      move(db, id);
    };
    if (isLegal) {
      act();
      expect(attemptById(db, id).state).toBe(to);
    } else {
      expect(act).toThrow(`a stage attempt that is ${from} cannot become ${to}`);
      expect(attemptById(db, id).state).toBe(from);
    }
  });

  it("counts the time it ran, not the time it was paused, failed or dead", () => {
    const db = openStocked();
    const id = attempt(db, "train");
    startAttempt(db, id, 100);
    pauseAttempt(db, id, 130);
    startAttempt(db, id, 1000);
    failAttempt(db, id, "no memory", 1005);
    startAttempt(db, id, 2000);
    // The lab died here and came back at 9000: nobody knows how long the attempt lived on.
    startAttempt(db, id, 9000);
    finishAttempt(db, id, 9007);
    expect(attemptById(db, id)).toMatchObject({ startedAtMs: 100, endedAtMs: 9007, activeMs: 30 + 5 + 7, error: null });
  });

  it("says why it failed until it goes on", () => {
    const db = openStocked();
    const id = attempt(db, "train");
    WAYS.failed(db, id);
    expect(attemptById(db, id).error).toBe("the disk is full");
    startAttempt(db, id, 30);
    expect(attemptById(db, id).error).toBeNull();
  });

  it("keeps the configuration that it was made with", () => {
    const db = openStocked();
    const id = attempt(db, "sample");
    db.run("UPDATE experiment SET config = '{}'");
    expect(configOfAttempt(db, id)).toEqual(CONFIG);
  });

  it("counts the engine's deaths in a row", () => {
    const db = openStocked();
    const id = attempt(db, "train");
    expect([countEngineDeath(db, id), countEngineDeath(db, id)]).toEqual([1, 2]);
    clearEngineDeaths(db, id);
    expect(countEngineDeath(db, id)).toBe(1);
  });

  it("has its counts replaced as a whole", () => {
    const db = openStocked();
    const id = attempt(db, "pair");
    setCounts(db, id, { pairs: 3, dropped: 1 });
    setCounts(db, id, { pairs: 4 });
    expect(countsOf(db, id)).toEqual({ pairs: 4 });
  });
});

describe("a round", () => {
  it("has one live attempt a stage", () => {
    const db = openStocked();
    attempt(db, "sample");
    expect(() => attempt(db, "sample", 2)).toThrow(/UNIQUE/u);
  });

  it.each(STAGES)("redone from %s loses that stage and those after it, and nothing before", (stage) => {
    const db = openStocked();
    for (const each of STAGES) doneAttempt(db, each);
    const kept = STAGES.slice(0, STAGES.indexOf(stage));
    expect(supersedeFrom(db, ROUND, stage, 50)).toBe(STAGES.length - kept.length);
    expect([...liveAttempts(db, ROUND).keys()].sort()).toEqual([...kept].sort());
    expect(attemptCount(db, ROUND, "evaluate")).toBe(1);
    doneAttempt(db, stage, 2);
    expect(liveAttempts(db, ROUND).get(stage)?.number).toBe(2);
  });

  it("leaves other rounds alone when it is redone", () => {
    const db = openStocked();
    const other = "round-2" as RoundId;
    insertRound(db, { id: other, number: 2, policyId: POLICY });
    attempt(db, "sample", 1, other);
    supersedeFrom(db, ROUND, "sample", 50);
    expect(liveAttempts(db, other).get("sample")?.state).toBe("queued");
    expect(roundByNumber(db, 2).id).toBe(other);
  });

  it("that does not exist is said to be missing", () => {
    expect(() => roundByNumber(openStocked(), 7)).toThrow(expect.objectContaining({ code: "notFound" }));
  });
});

describe("a pause", () => {
  it("is asked of what runs, outlives the process that asked, and is gone once honoured", () => {
    const db = openStocked();
    const [done, running] = [doneAttempt(db, "sample"), attempt(db, "judge")];
    startAttempt(db, running, 30);
    requestPause(db);
    expect([attemptById(db, done).isPauseRequested, attemptById(db, running).isPauseRequested]).toEqual([false, true]);
    pauseAttempt(db, running, 40);
    expect(attemptById(db, running).isPauseRequested).toBe(false);
  });
});

describe("after a death of the lab", () => {
  it("what ran is paused, and the time since is not counted", () => {
    const db = openStocked();
    const id = attempt(db, "train");
    startAttempt(db, id, 100);
    expect(pauseInterrupted(db, 9000)).toBe(1);
    expect(attemptById(db, id)).toMatchObject({ state: "paused", activeMs: 0 });
  });

  it("what waits for people goes on waiting", () => {
    const { db, judge } = openJudging();
    expect(pauseInterrupted(db, 9000)).toBe(0);
    expect(attemptById(db, judge).state).toBe("running");
  });

  it("people's asks that are all answered no longer hold it, but one that was taken back does", () => {
    const { db, judge, asks } = openJudging();
    const answers = asks.map((ask) => answer(db, ask));
    const last = answers.at(-1);
    if (last === undefined) throw new Error("the fixture has asks");
    insertJudgment(db, judgment(db, last.askId, TIE, { supersedesId: last.id, isRetraction: true }));
    expect(pauseInterrupted(db, 9000)).toBe(0);
    insertJudgment(
      db,
      judgment(db, last.askId, TIE, { supersedesId: db.all("SELECT id FROM judgment_head WHERE is_retraction = 1")[0]?.["id"] as typeof last.id }),
    );
    expect(pauseInterrupted(db, 9000)).toBe(1);
    expect(attemptById(db, judge).state).toBe("paused");
  });
});

describe("setUnits", () => {
  it("says how far a run is; the total may be unknown yet", () => {
    const db = openStocked();
    const id = attempt(db, "sample");
    startAttempt(db, id, 10);
    setUnits(db, id, 0, null);
    expect(attemptById(db, id)).toMatchObject({ unitsDone: 0, unitsTotal: null });
    setUnits(db, id, 3, 8);
    expect(attemptById(db, id)).toMatchObject({ unitsDone: 3, unitsTotal: 8 });
  });

  it("changes nothing once the run has ended", () => {
    const db = openStocked();
    const id = attempt(db, "sample");
    startAttempt(db, id, 10);
    setUnits(db, id, 8, 8);
    finishAttempt(db, id, 20);
    setUnits(db, id, 7, 8);
    expect(attemptById(db, id)).toMatchObject({ unitsDone: 8, unitsTotal: 8 });
  });
});
