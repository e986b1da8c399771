/** How fast running attempts go, for how long they have been at it, what they wait for: in memory, for display alone. */

/** The rate is taken over this much of the recent past, and over so many units: slow ones come between pauses, such as a look at held-out pairs. */
const WINDOW_MS = 30_000;
const WINDOW_UNITS = 20;
/** Rate and time left are told after so many units or so much time: before that they would be a guess. */
const MIN_UNITS = 20;
const MIN_MS = 30_000;

export type RateMemory = {
  /** A run begins: what was known of the attempt is forgotten. */
  begin(attemptId: string, nowMs: number): void;
  note(attemptId: string, unitsDone: number, nowMs: number): void;
  /** What the attempt waits for, in a sentence; null once it goes on. True if it did not wait before. */
  wait(attemptId: string, sentence: string | null): boolean;
  waitsFor(attemptId: string): string | null;
  end(attemptId: string): void;
  /** Units a second over the recent past, time left, and the time of this run, in ms. */
  read(attemptId: string, unitsDone: number, unitsTotal: number | null, nowMs: number): RateReading;
};

export type RateReading = {
  /** Null before they can be told. */
  readonly rate: number | null;
  readonly remainingMs: number | null;
  /** 0 for an attempt that does not run here. */
  readonly runningMs: number;
};

type Point = { readonly units: number; readonly atMs: number };
type Memory = { readonly startedAtMs: number; readonly points: Point[]; waitsFor: string | null };

export function createRateMemory(): RateMemory {
  const memoryByAttempt = new Map<string, Memory>();
  return {
    // What comes before the first units, such as reading a model, happens once and says nothing of the rest: no point here.
    begin: (attemptId, atMs) => void memoryByAttempt.set(attemptId, { startedAtMs: atMs, points: [], waitsFor: null }),
    note: (attemptId, units, atMs) => {
      const points = memoryByAttempt.get(attemptId)?.points;
      if (points === undefined) return;
      if (points.length === 1 && points[0]?.units === units) points.pop();
      points.push({ units, atMs });
      // The first point is the start of the window.
      while (hasLeft(points[1], units, atMs)) points.shift();
    },
    wait: (attemptId, sentence) => {
      const memory = memoryByAttempt.get(attemptId);
      if (memory === undefined) return false;
      const isNew = memory.waitsFor === null && sentence !== null;
      memory.waitsFor = sentence;
      return isNew;
    },
    waitsFor: (attemptId) => memoryByAttempt.get(attemptId)?.waitsFor ?? null,
    end: (attemptId) => void memoryByAttempt.delete(attemptId),
    read: (attemptId, unitsDone, unitsTotal, nowMs) => {
      const memory = memoryByAttempt.get(attemptId);
      if (memory === undefined) return { rate: null, remainingMs: null, runningMs: 0 };
      const runningMs = Math.max(0, nowMs - memory.startedAtMs);
      const [first, last] = [memory.points[0], memory.points.at(-1)];
      const units = (last?.units ?? 0) - (first?.units ?? 0);
      const ms = (last?.atMs ?? 0) - (first?.atMs ?? 0);
      if (units <= 0 || ms <= 0 || (units < MIN_UNITS && ms < MIN_MS)) return { rate: null, remainingMs: null, runningMs };
      const rate = (units / ms) * 1000;
      return { rate, remainingMs: unitsTotal === null ? null : Math.max(0, ((unitsTotal - unitsDone) / rate) * 1000), runningMs };
    },
  };
}

function hasLeft(point: Point | undefined, units: number, atMs: number): boolean {
  return point !== undefined && atMs - point.atMs > WINDOW_MS && units - point.units >= WINDOW_UNITS;
}
