/** The time that verdicts are said to have taken. */
import { describe, expect, it } from "vitest";
import { WorkClock } from "#renderer/annotate/work-clock.ts";

describe("the time at work", () => {
  it("counts while something is looked at, pauses taken off, each comparison its own", () => {
    let now = 0;
    const clock = new WorkClock(() => now);
    const pass = (milliseconds: number): void => {
      now += milliseconds;
    };
    pass(500);
    clock.setRunning(true);
    clock.beginLook();
    pass(2000);
    clock.setRunning(false);
    pass(60_000);
    clock.setRunning(true);
    pass(1000);
    expect(clock.lookMs()).toBe(3000);
    clock.beginLook();
    pass(700);
    expect([clock.lookMs(), clock.sittingMs()]).toEqual([700, 3700]);
  });

  it("goes on from what the lab had counted when the page came, and begins at nothing with a new sitting", () => {
    let now = 0;
    const clock = new WorkClock(() => now);
    clock.goOnFrom(600_000);
    clock.setRunning(true);
    now += 5000;
    // By now the lab has counted these five seconds too.
    clock.goOnFrom(605_000);
    expect(clock.sittingMs()).toBe(605_000);
    clock.beginSitting();
    clock.goOnFrom(605_000);
    expect(clock.sittingMs()).toBe(0);
  });
});
