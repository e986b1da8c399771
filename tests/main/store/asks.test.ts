/** Asks: planned once, held by one person at a time, closed once together with what they yielded. */
import { describe, expect, it } from "vitest";
import type { AskId } from "#app/base/ids.ts";
import { askById, asksOfAttempt, claimAsks, closeAsk, openAsks, planAsks } from "#main/store/queries/asks.ts";
import { supersedeFrom } from "#main/store/queries/rounds.ts";
import {
  ADA,
  ANSWERED,
  answer,
  attempt,
  BEN,
  DEVICE,
  doneAttempt,
  FIRST,
  judgment,
  openJudging,
  openStocked,
  ORACLE,
  prompt,
  response,
  ROUND,
} from "./support.ts";

const MINUTE = 60_000;

describe("a plan", () => {
  it("keeps order, sides and prompts as they were planned", () => {
    const { db, judge, responses } = openJudging();
    const [a, b] = responses;
    const asks = asksOfAttempt(db, judge);
    expect(asks).toHaveLength(6);
    expect(asks.map((ask) => ask.ordinal)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(asks[0]).toMatchObject({ promptId: prompt(1), shown: [a, b], outcome: "open", authorId: null });
  });

  it("that is there already is not written again, in part or anew", () => {
    const { db, judge, responses } = openJudging();
    const before = asksOfAttempt(db, judge);
    planAsks(db, judge, ORACLE, DEVICE, [
      { id: "another" as AskId, promptId: prompt(1), shown: responses.slice(0, 2), purpose: "training", mode: "pairwise", guidelineVersion: null },
    ]);
    expect(asksOfAttempt(db, judge)).toEqual(before);
  });

  it("that names what does not exist leaves nothing behind", () => {
    const db = openStocked();
    const sample = doneAttempt(db, "sample");
    const judge = attempt(db, "judge");
    const shown = [response(db, sample, 1, 0), response(db, sample, 1, 1)];
    const ask = { promptId: prompt(1), purpose: "training", mode: "pairwise", guidelineVersion: null } as const;
    const plan = (): void => {
      planAsks(db, judge, ORACLE, DEVICE, [
        { ...ask, id: "good" as AskId, shown },
        { ...ask, id: "bad" as AskId, shown: ["no such response" as (typeof shown)[number]] },
      ]);
    };
    expect(plan).toThrow(/FOREIGN KEY/u);
    expect(asksOfAttempt(db, judge)).toEqual([]);
  });

  it("numbers its asks as the device's next records", () => {
    const { db } = openJudging();
    expect(db.all("SELECT sequence FROM ask ORDER BY ordinal").map((row) => row["sequence"])).toEqual([1, 2, 3, 4, 5, 6]);
    expect(db.get("SELECT last_sequence FROM device")).toEqual({ last_sequence: 6 });
  });
});

describe("claims", () => {
  it("give each person other comparisons, in the plan's order", () => {
    const { db } = openJudging();
    const ada = claimAsks(db, ADA, 3, 0, MINUTE).map((ask) => ask.ordinal);
    const ben = claimAsks(db, BEN, 10, 0, MINUTE).map((ask) => ask.ordinal);
    expect([ada, ben]).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
  });

  it("hand a person first what it holds already", () => {
    const { db } = openJudging();
    claimAsks(db, BEN, 2, 0, MINUTE);
    claimAsks(db, ADA, 2, 0, MINUTE);
    expect(claimAsks(db, ADA, 2, 10, MINUTE).map((ask) => ask.ordinal)).toEqual([2, 3]);
  });

  it("end with their time", () => {
    const { db } = openJudging();
    claimAsks(db, ADA, 6, 0, MINUTE);
    expect(claimAsks(db, BEN, 6, MINUTE, 2 * MINUTE)).toEqual([]);
    expect(claimAsks(db, BEN, 6, MINUTE + 1, 2 * MINUTE)).toHaveLength(6);
  });

  it("are made of open asks of live attempts only", () => {
    const { db, asks } = openJudging();
    const [first] = asks;
    if (first === undefined) throw new Error("the fixture has asks");
    answer(db, first);
    expect(claimAsks(db, ADA, 10, 0, MINUTE)).toHaveLength(5);
    supersedeFrom(db, ROUND, "judge", 60);
    expect(claimAsks(db, ADA, 10, 0, MINUTE)).toEqual([]);
  });
});

describe("closing an ask", () => {
  it("makes reply and judgment durable together", () => {
    const { db, judge, asks } = openJudging();
    const [id] = asks;
    if (id === undefined) throw new Error("the fixture has asks");
    const made = judgment(db, id, FIRST);
    closeAsk(db, id, ADA, { ...ANSWERED, rawReply: "A", costUsd: 0.01, promptTokens: 7, replyTokens: 1 }, [made], [], 50);
    expect(askById(db, id)).toMatchObject({ outcome: "answered", authorId: ADA });
    expect(db.get("SELECT raw_reply, cost_usd, prompt_tokens, reply_tokens, duration_ms, asked_at FROM ask WHERE id = $id", { id })).toEqual({
      raw_reply: "A",
      cost_usd: 0.01,
      prompt_tokens: 7,
      reply_tokens: 1,
      duration_ms: 5,
      asked_at: 45,
    });
    expect(openAsks(db, judge, 10)).toHaveLength(5);
  });

  it("with a judgment that cannot be stored leaves the ask open", () => {
    const { db, asks } = openJudging();
    const [id] = asks;
    if (id === undefined) throw new Error("the fixture has asks");
    const bad = judgment(db, id, FIRST, { supersedesId: "no such judgment" as ReturnType<typeof judgment>["id"] });
    expect(() => closeAsk(db, id, ADA, ANSWERED, [bad], [], 50)).toThrow(/FOREIGN KEY/u);
    expect(askById(db, id).outcome).toBe("open");
  });

  it("twice is refused, and the first answer stands", () => {
    const { db, asks } = openJudging();
    const [id] = asks;
    if (id === undefined) throw new Error("the fixture has asks");
    const made = answer(db, id);
    expect(() => answer(db, id)).toThrow(expect.objectContaining({ code: "conflict" }));
    expect(db.all("SELECT id FROM judgment")).toEqual([{ id: made.id }]);
  });

  it("that is not there says so", () => {
    expect(() => askById(openStocked(), "ask-x" as AskId)).toThrow(expect.objectContaining({ code: "notFound" }));
  });
});
