/** When a silence is told: on a clock of the test's own. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type QuietWatch, watchForQuiet } from "#main/lab/judges/quiet-watch.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function watch(timeoutMs = 120_000): { readonly quiet: QuietWatch; readonly told: string[] } {
  const told: string[] = [];
  const quiet = watchForQuiet({ name: "here", timeoutMs }, (sentence) => told.push(sentence), Date.now);
  return { quiet, told };
}

it("is told after a quarter of the time-out, half a minute at most, and again as it goes on", () => {
  const { quiet, told } = watch();
  quiet.sent();
  vi.advanceTimersByTime(29_999);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(30_001);
  expect(told).toEqual([
    "the endpoint here has given no answer for 30 s; each may take up to 120 s",
    "the endpoint here has given no answer for 60 s; each may take up to 120 s",
  ]);
  const soon = watch(20_000);
  soon.quiet.sent();
  vi.advanceTimersByTime(5000);
  expect(soon.told).toHaveLength(1);
});

it("begins anew with each answer, and waits longer for a judge that is slow", () => {
  const { quiet, told } = watch();
  quiet.sent();
  quiet.sent();
  vi.advanceTimersByTime(20_000);
  quiet.answered(20_000);
  vi.advanceTimersByTime(59_000);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(told).toEqual(["the endpoint here has given no answer for 60 s; each may take up to 120 s"]);
});

it("is none while nothing is under way, and nothing beside a failure that says more", () => {
  const { quiet, told } = watch();
  quiet.sent();
  quiet.answered(10);
  vi.advanceTimersByTime(600_000);
  quiet.sent();
  quiet.lost();
  vi.advanceTimersByTime(600_000);
  quiet.told();
  quiet.sent();
  vi.advanceTimersByTime(600_000);
  expect(told).toEqual([]);
  quiet.answered(10);
  quiet.sent();
  vi.advanceTimersByTime(30_000);
  expect(told).toHaveLength(1);
});
