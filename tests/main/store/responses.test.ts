/** Responses: a unit is sampled once, and comes back token for token. */
import { describe, expect, it } from "vitest";
import type { ResponseId } from "#app/base/ids.ts";
import type { Response } from "#app/domain/sampling.ts";
import { finishedUnits, insertResponse, insertSkip, responseById, sampleCounts, unitKey } from "#main/store/queries/responses.ts";
import { fc } from "#tests/support/properties.ts";
import { attempt, openStocked, POLICY, prompt } from "./support.ts";

function sampled(attemptId: NonNullable<Response["attemptId"]>, more: Partial<Response> = {}): Response {
  return {
    id: "response-1" as ResponseId,
    promptId: prompt(1),
    policyId: POLICY,
    attemptId,
    source: "policy",
    sampleIndex: 0,
    text: "text",
    tokenIds: [1, 2],
    finishReason: "stop",
    logp: -3.5,
    isRepetitive: false,
    ...more,
  };
}

describe("a response", () => {
  it("comes back as it was", () => {
    const db = openStocked();
    const attemptId = attempt(db, "sample");
    const tokens = fc.array(fc.integer({ min: 0, max: 0xffffffff }), { maxLength: 40 });
    const made = fc.record({
      text: fc.string({ unit: "binary" }),
      tokenIds: tokens,
      // SQLite knows no negative zero.
      logp: fc.option(fc.double({ noNaN: true, max: 0 }).map((logp) => logp + 0)),
      isRepetitive: fc.boolean(),
    });
    let count = 0;
    fc.assert(
      fc.property(made, (more) => {
        const response = sampled(attemptId, { ...more, id: `response-${count}` as ResponseId, sampleIndex: count });
        count += 1;
        insertResponse(db, response);
        expect(responseById(db, response.id)).toEqual(response);
      }),
      { numRuns: 60 },
    );
  });

  it("that is sampled again with the same tokens is the one that is there", () => {
    const db = openStocked();
    const attemptId = attempt(db, "sample");
    insertResponse(db, sampled(attemptId));
    insertResponse(db, sampled(attemptId, { id: "response-2" as ResponseId }));
    expect(db.all("SELECT id FROM response")).toEqual([{ id: "response-1" }]);
  });

  it("that is sampled again with other tokens is refused", () => {
    const db = openStocked();
    const attemptId = attempt(db, "sample");
    insertResponse(db, sampled(attemptId));
    const again = (): void => {
      insertResponse(db, sampled(attemptId, { id: "response-2" as ResponseId, tokenIds: [1, 3] }));
    };
    expect(again).toThrow(expect.objectContaining({ code: "store", message: "a unit was sampled twice with different tokens" }));
    expect(responseById(db, "response-1" as ResponseId).tokenIds).toEqual([1, 2]);
  });

  it("of a policy names its attempt", () => {
    const db = openStocked();
    expect(() => {
      insertResponse(db, sampled(attempt(db, "sample"), { attemptId: null }));
    }).toThrow(/CHECK/u);
  });
});

describe("finished units", () => {
  it("are those that were sampled and those that were passed over, of the one policy", () => {
    const db = openStocked();
    const attemptId = attempt(db, "sample");
    insertResponse(db, sampled(attemptId, { sampleIndex: 2, finishReason: "length", tokenIds: [1, 2, 3], isRepetitive: true }));
    const skip = { attemptId, policyId: POLICY, promptId: prompt(2), sampleIndex: 0, reason: "longer than the context" };
    insertSkip(db, skip);
    insertSkip(db, skip);
    expect(finishedUnits(db, attemptId, POLICY)).toEqual(new Set([unitKey(prompt(1), 2), unitKey(prompt(2), 0)]));
    expect(finishedUnits(db, attemptId, "another" as typeof POLICY)).toEqual(new Set());
    expect(sampleCounts(db, attemptId)).toEqual({ responses: 1, tokens: 3, defective: 1, cut: 1, skipped: 1 });
  });
});
