/** What was judged, scored, asked, sampled or told stays as it was, whoever writes to the database. */
import { describe, expect, it } from "vitest";
import { answer, doneAttempt, openJudging } from "./support.ts";

function openAnswered(): ReturnType<typeof openJudging> {
  const judging = openJudging();
  const { db, asks } = judging;
  const [ask] = asks;
  if (ask === undefined) throw new Error("the fixture has asks");
  answer(db, ask);
  db.run("INSERT INTO score (ask_id, response_id, score) SELECT ask_id, response_id, 5 FROM ask_response WHERE ask_id = $ask", { ask });
  db.exec("INSERT INTO event (id, type, body, made_at, device_id, sequence) VALUES ('event-1', 'round.started', '{}', 1, 'device', 900)");
  return judging;
}

const FORBIDDEN: readonly (readonly [string, string])[] = [
  ["judgments are append-only", "DELETE FROM judgment"],
  ["judgments are append-only", "UPDATE judgment SET verdict = 'tie', strength = NULL"],
  ["scores are append-only", "DELETE FROM score"],
  ["scores are append-only", "UPDATE score SET score = 0"],
  ["events are append-only", "DELETE FROM event"],
  ["events are append-only", "UPDATE event SET body = ''"],
  ["asks are never deleted", "DELETE FROM ask WHERE outcome = 'open'"],
  ["a closed ask does not change", "UPDATE ask SET raw_reply = 'another' WHERE outcome = 'answered'"],
  ["responses are never deleted", "DELETE FROM response"],
];

describe("the database", () => {
  it.each(FORBIDDEN)("says '%s' to: %s", (reason, sql) => {
    const { db } = openAnswered();
    expect(() => db.run(sql)).toThrow(reason);
  });

  it("says so to a replacing insert as well", () => {
    const { db } = openAnswered();
    const before = db.all("SELECT * FROM judgment");
    expect(() => db.run("INSERT OR REPLACE INTO judgment SELECT * FROM judgment")).toThrow();
    expect(db.all("SELECT * FROM judgment")).toEqual(before);
  });

  it("lets no superseded attempt come back", () => {
    const { db } = openAnswered();
    const id = doneAttempt(db, "pair");
    db.run("UPDATE stage_attempt SET state = 'superseded' WHERE id = $id", { id });
    expect(() => db.run("UPDATE stage_attempt SET state = 'done' WHERE id = $id", { id })).toThrow("a superseded attempt does not come back");
  });

  it.each([
    ["a winner without a strength", "verdict = 'first', strength = NULL"],
    ["a tie with a strength", "verdict = 'tie', strength = 'clear'"],
    ["an invalid verdict without its reason", "verdict = 'invalid', strength = NULL, reason = NULL"],
    ["an undo of nothing", "is_retraction = 1, supersedes_id = NULL"],
    ["the stored order turned", "first_id = 'z', second_id = 'a'"],
  ])("refuses %s", (_, assignments) => {
    const { db } = openAnswered();
    // A copy of a sound row with the one fault, so that nothing else can be what is refused.
    db.exec("CREATE TEMP TABLE faulty AS SELECT * FROM judgment");
    db.exec(`UPDATE faulty SET id = 'other', sequence = 950, ${assignments}`);
    expect(() => db.exec("INSERT INTO judgment SELECT * FROM faulty")).toThrow(/CHECK constraint failed/u);
  });
});
