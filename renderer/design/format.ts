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

/** Sizes of files and memory, in decimal units: "98 MB", "15.6 GB", "640 bytes". */
export function bytes(value: number): string {
  if (value < 1000) return `${value} bytes`;
  const [unit, size] = (
    [
      ["GB", 1e9],
      ["MB", 1e6],
      ["kB", 1e3],
    ] as const
  ).find(([, one]) => value >= one) ?? ["kB", 1e3];
  const amount = value / size;
  return `${amount >= 100 || unit === "kB" ? amount.toFixed(0) : amount.toFixed(1)} ${unit}`;
}

/** When something was done, as near as it matters: "now", "14:22", "yesterday", "20 Nov", "20 Nov 2025". */
export function whenDone(atMs: number, nowMs: number): string {
  if (nowMs - atMs < 2 * MINUTE_MS) return "now";
  const [at, now] = [new Date(atMs), new Date(nowMs)];
  const days = Math.round((startOfDay(now) - startOfDay(at)) / (24 * 60 * MINUTE_MS));
  if (days === 0) return clockTime(atMs);
  if (days === 1) return "yesterday";
  const day = `${at.getDate()} ${MONTHS[at.getMonth()] ?? ""}`;
  return at.getFullYear() === now.getFullYear() ? day : `${day} ${at.getFullYear()}`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** A stretch of time that is expected, no finer than it can be known: "45 min", "1 h 50 min", "30 s". */
export function span(milliseconds: number): string {
  if (milliseconds < 10_000) return "a few seconds";
  if (milliseconds < 1.5 * MINUTE_MS) return `${5 * Math.round(milliseconds / 5000)} s`;
  const minutes = Math.round(milliseconds / MINUTE_MS);
  if (minutes < 90) return `${minutes} min`;
  const tens = 10 * Math.round(minutes / 10);
  const rest = tens % 60;
  return `${Math.floor(tens / 60)} h${rest === 0 ? "" : ` ${rest} min`}`;
}

/** US dollars: cents up to $100, dollars above. */
export function money(usd: number): string {
  return usd >= 100 ? `$${count(usd)}` : `$${usd.toFixed(2)}`;
}
