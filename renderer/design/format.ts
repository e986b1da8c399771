/** Numbers, times and shares as the screens show them. */

const MINUTE_MS = 60_000;

/** Whole numbers with a comma every three digits: 3,318. */
export function count(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 0 });
}

/** A share of 1 in per cent with one decimal: 57.8. */
export function percent(share: number): string {
  return (100 * share).toFixed(1);
}

/** Time that was measured: "1 h 50 min", "7 min 02 s", "12 s", "under 1 s". */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return "under 1 s";
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, "0")} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** A forecast, no finer than it can be known: "about 45 min left", "about 1 h 50 min left". */
export function remaining(milliseconds: number): string {
  if (milliseconds < 10_000) return "a few seconds left";
  if (milliseconds < 1.5 * MINUTE_MS) return `about ${5 * Math.round(milliseconds / 5000)} s left`;
  const minutes = Math.round(milliseconds / MINUTE_MS);
  if (minutes < 90) return `about ${minutes} min left`;
  const tens = 10 * Math.round(minutes / 10);
  const rest = tens % 60;
  return `about ${Math.floor(tens / 60)} h${rest === 0 ? "" : ` ${rest} min`} left`;
}

/** "4.1 a second", "12.0 a minute", "3.5 an hour", whichever is at least one. */
export function rate(perSecond: number): string {
  if (perSecond >= 1) return `${perSecond.toFixed(1)} a second`;
  const perMinute = 60 * perSecond;
  return perMinute >= 1 ? `${perMinute.toFixed(1)} a minute` : `${(60 * perMinute).toFixed(1)} an hour`;
}

/** "1 comparison", "2 comparisons"; units come from the lab in the plural. */
export function counted(value: number, units: string): string {
  return `${count(value)} ${value === 1 ? units.replace(/s$/u, "") : units}`;
}

/** "14:22", on the clock of the person who looks. */
export function clockTime(atMs: number): string {
  const at = new Date(atMs);
  return `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
}
