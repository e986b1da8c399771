/** The event stream: nothing that must arrive is lost or out of order; progress is coalesced; nobody is kept waiting. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LabEvent } from "#app/contract/rounds.ts";
import { createEventBus } from "#main/lab/events.ts";

const share = (value: number): LabEvent => ({ type: "policy.progressed", message: "converting", share: value });
const died = (deaths: number): LabEvent => ({ type: "engine.died", deaths, message: "" });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function readAll(events: AsyncGenerator<LabEvent, void>): Promise<LabEvent[]> {
  const all: LabEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe("the event bus", () => {
  it("keeps what was published since the call, whenever the first event is asked for", async () => {
    const bus = createEventBus();
    bus.publish(died(1));
    const events = bus.subscribe(undefined);
    bus.publish(died(2));
    bus.publish(died(3));
    bus.close();
    expect(await readAll(events)).toEqual([died(2), died(3)]);
  });

  it("replaces progress by newer progress within an interval, and never lets news overtake it", async () => {
    const bus = createEventBus();
    const events = bus.subscribe(undefined);
    bus.publish(share(0.1));
    bus.publish(share(0.2));
    vi.advanceTimersByTime(1000);
    bus.publish(share(0.3));
    bus.publish(share(0.4));
    bus.publish(died(1));
    vi.advanceTimersByTime(1000);
    bus.close();
    expect(await readAll(events)).toEqual([share(0.2), share(0.4), died(1)]);
  });

  it("reaches every watcher, and ends one without the others", async () => {
    const bus = createEventBus();
    const stop = new AbortController();
    const [stopped, other] = [bus.subscribe(stop.signal), bus.subscribe(undefined)];
    bus.publish(died(1));
    stop.abort();
    bus.publish(died(2));
    bus.close();
    expect([await readAll(stopped), await readAll(other)]).toEqual([[died(1)], [died(1), died(2)]]);
    const late = new AbortController();
    late.abort();
    expect(await readAll(createEventBus().subscribe(late.signal))).toEqual([]);
  });

  it("wakes a watcher that waits", async () => {
    const bus = createEventBus();
    const events = bus.subscribe(undefined);
    const next = events.next();
    bus.publish(died(1));
    expect(await next).toEqual({ done: false, value: died(1) });
    const end = events.next();
    bus.close();
    expect(await end).toEqual({ done: true, value: undefined });
  });

  it("drops a watcher that reads nothing", async () => {
    const bus = createEventBus();
    const [asleep, awake] = [bus.subscribe(undefined), bus.subscribe(undefined)];
    for (let i = 0; i < 12_000; i++) {
      bus.publish(died(i));
      expect((await awake.next()).value).toEqual(died(i));
    }
    expect((await readAll(asleep)).length).toBe(10_001);
  });
});
