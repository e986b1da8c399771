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
});
