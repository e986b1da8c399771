/** Limits of an endpoint, on a clock of the test's own. */
import { describe, expect, it } from "vitest";
import { createGovernor, type Governor, type Limits } from "#main/oracles/endpoint/governor.ts";
import { exhaustedForMs, retryAfterMs, spanMs } from "#main/oracles/endpoint/rate-headers.ts";

const NONE: Limits = { parallel: 100, requestsPerMinute: null, tokensPerMinute: null };
const never = new AbortController().signal;

/** A governor whose sleeps move its clock. */
function onOwnClock(): { readonly governor: Governor; readonly now: () => number } {
  let nowMs = 1_000_000;
  const governor = createGovernor(
    () => nowMs,
    (ms) => {
      nowMs += ms;
      return Promise.resolve();
    },
  );
  return { governor, now: () => nowMs };
}

async function timesOf(limits: Limits, tokens: readonly number[]): Promise<number[]> {
  const { governor, now } = onOwnClock();
  const start = now();
  const times: number[] = [];
  for (const count of tokens) {
    const turn = await governor.takeTurn(limits, count, never);
    times.push(now() - start);
    turn.end(null);
  }
  return times;
}

describe("the governor", () => {
  it("lets no more requests go within any minute than are allowed", async () => {
    expect(await timesOf({ ...NONE, requestsPerMinute: 3 }, [1, 1, 1, 1, 1, 1, 1])).toEqual([0, 0, 0, 60_000, 60_000, 60_000, 120_000]);
  });

  it("lets no more tokens go, and one that is larger than a minute's alone", async () => {
    expect(await timesOf({ ...NONE, tokensPerMinute: 100 }, [60, 40, 1, 500, 10])).toEqual([0, 0, 60_000, 120_000, 180_000]);
    expect(await timesOf(NONE, [1e9, 1e9])).toEqual([0, 0]);
  });

  it("counts the tokens that were used once they are known", async () => {
    const { governor, now } = onOwnClock();
    const start = now();
    (await governor.takeTurn({ ...NONE, tokensPerMinute: 100 }, 90, never)).end(10);
    await governor.takeTurn({ ...NONE, tokensPerMinute: 100 }, 90, never);
    expect(now() - start).toBe(0);
  });

  it("keeps so many under way, and gives the next turn when one ends", async () => {
    const governor = createGovernor(Date.now, (_ms, signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve(undefined))));
    const limits = { ...NONE, parallel: 2 };
    const [first] = [await governor.takeTurn(limits, 1, never), await governor.takeTurn(limits, 1, never)];
    let isThird = false;
    const third = governor.takeTurn(limits, 1, never).then(() => (isThird = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isThird).toBe(false);
    first.end(null);
    await third;
    expect(isThird).toBe(true);
  });

  it("lets those go first that were sent before, in their order", async () => {
    const governor = createGovernor(Date.now, (_ms, signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve(undefined))));
    const limits = { ...NONE, parallel: 1 };
    const first = await governor.takeTurn(limits, 1, never);
    const order: string[] = [];
    const come = async (name: string, wasSent: boolean): Promise<void> => {
      const turn = await governor.takeTurn(limits, 1, never, wasSent);
      order.push(name);
      turn.end(null);
    };
    const all = [come("fresh 1", false), come("again 1", true), come("fresh 2", false), come("again 2", true)];
    first.end(null);
    await Promise.all(all);
    expect(order).toEqual(["again 1", "again 2", "fresh 1", "fresh 2"]);
  });

  it("holds everybody until a time, and lets go of who is cancelled", async () => {
    const { governor, now } = onOwnClock();
    const start = now();
    governor.holdUntil(start + 5000);
    await governor.takeTurn(NONE, 1, never);
    expect(now() - start).toBe(5000);
    await expect(governor.takeTurn(NONE, 1, AbortSignal.abort())).rejects.toThrow(/stopped on request/u);
    await governor.takeTurn(NONE, 1, never);
  });
});

describe("headers", () => {
  const headers = (values: Readonly<Record<string, string>>) => new Headers(values);

  it("say when to come again", () => {
    expect(retryAfterMs(headers({ "retry-after": "2.5" }), 0)).toBe(2500);
    expect(retryAfterMs(headers({ "retry-after-ms": "40", "retry-after": "9" }), 0)).toBe(40);
    expect(retryAfterMs(headers({ "retry-after": "Thu, 01 Jan 1970 00:01:00 GMT" }), 20_000)).toBe(40_000);
    expect(retryAfterMs(headers({ "retry-after": "Thu, 01 Jan 1970 00:00:01 GMT" }), 20_000)).toBe(0);
    for (const value of ["soon", "-3", ""]) expect(retryAfterMs(headers({ "retry-after": value }), 0), value).toBeUndefined();
    expect(retryAfterMs(headers({}), 0)).toBeUndefined();
  });

  it("say for how long a limit is used up", () => {
    expect(exhaustedForMs(headers({ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1.5s" }))).toBe(1500);
    expect(exhaustedForMs(headers({ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "6m0s" }))).toBe(360_000);
    expect(exhaustedForMs(headers({ "x-ratelimit-remaining-tokens": "7", "x-ratelimit-reset-tokens": "6m0s" }))).toBe(0);
    expect(exhaustedForMs(headers({}))).toBe(0);
    expect([spanMs("1h2m3.5s"), spanMs("20ms"), spanMs("5"), spanMs(null)]).toEqual([3_723_500, 20, undefined, undefined]);
  });
});
