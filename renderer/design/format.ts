/** Numbers, times and shares as the screens show them. How the language writes them: app/text/language.ts. */
import { clockTime, count, dayOf, fixed as decimal } from "#app/text/language.ts";
import { designText } from "../text/design.ts";

export { clockTime, count, counted, dayOf, percent, shortPercent } from "#app/text/language.ts";

const { units } = designText;

const MINUTE_MS = 60_000;
/** A span below it is not told more exactly. */
const FEW_SECONDS_MS = 10_000;

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

/** A number stays on the line of its sign, an "n" on that of its number. */
export function nonBreaking(sentence: string): string {
  return sentence.replace(/(?<=\d) (?=%)|(?<=\bn) (?=\d)/gu, "\u00a0");
}

/** So many decimals, with a true minus sign; what is rounded to nothing has none. */
export function fixed(digits: number): (value: number) => string {
  return (value) => {
    const text = decimal(value, digits);
    return text.replace("-", /[1-9]/u.test(text) ? "−" : "");
  };
}

/** Time that was measured: "1 h 50 min", "7 min 02 s", "12 s", "under 1 s". */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return units.underSecond;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return units.seconds(seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return units.minutesAndSeconds(minutes, twoDigits(seconds % 60));
  return units.hoursAndMinutes(Math.floor(minutes / 60), twoDigits(minutes % 60));
}

/** A forecast, no finer than it can be known: "about 45 min left", "about 1 h 50 min left". */
export function remaining(milliseconds: number): string {
  return milliseconds < FEW_SECONDS_MS ? units.fewSecondsLeft : units.aboutLeft(span(milliseconds));
}

/** "4.1 a second", "12.0 a minute", "3.5 an hour", whichever is at least one. */
export function rate(perSecond: number): string {
  if (perSecond >= 1) return units.aSecond(decimal(perSecond, 1));
  const perMinute = 60 * perSecond;
  return perMinute >= 1 ? units.aMinute(decimal(perMinute, 1)) : units.anHour(decimal(60 * perMinute, 1));
}

/** Sizes of files and memory, in decimal units: "98 MB", "15.6 GB", "640 bytes". */
export function bytes(value: number): string {
  if (value < 1000) return units.bytes(value);
  const [unit, size] = (
    [
      ["GB", 1e9],
      ["MB", 1e6],
      ["kB", 1e3],
    ] as const
  ).find(([, one]) => value >= one) ?? ["kB", 1e3];
  const amount = value / size;
  return `${decimal(amount, amount >= 100 || unit === "kB" ? 0 : 1)} ${unit}`;
}

/** When something was done, as near as it matters: "now", "14:22", "yesterday", "20 Nov", "20 Nov 2025". */
export function whenDone(atMs: number, nowMs: number): string {
  if (nowMs - atMs < 2 * MINUTE_MS) return units.now;
  const [at, now] = [new Date(atMs), new Date(nowMs)];
  const days = Math.round((startOfDay(now) - startOfDay(at)) / (24 * 60 * MINUTE_MS));
  if (days === 0) return clockTime(atMs);
  if (days === 1) return units.yesterday;
  return dayOf(atMs, at.getFullYear() === now.getFullYear() ? "day" : "year");
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** A stretch of time that is expected, no finer than it can be known: "45 min", "1 h 50 min", "30 s". */
export function span(milliseconds: number): string {
  if (milliseconds < FEW_SECONDS_MS) return units.fewSeconds;
  if (milliseconds < 1.5 * MINUTE_MS) return units.seconds(5 * Math.round(milliseconds / 5000));
  const minutes = Math.round(milliseconds / MINUTE_MS);
  if (minutes < 90) return units.minutes(minutes);
  const tens = 10 * Math.round(minutes / 10);
  const [hours, rest] = [Math.floor(tens / 60), tens % 60];
  return rest === 0 ? units.hours(hours) : units.hoursAndMinutes(hours, String(rest));
}

/** The same in a sentence: "about 45 min", "a few seconds". */
export function aboutSpan(milliseconds: number): string {
  return milliseconds < FEW_SECONDS_MS ? units.fewSeconds : units.about(span(milliseconds));
}

/** US dollars: cents up to $100, dollars above. */
export function money(usd: number): string {
  return usd >= 100 ? `$${count(usd)}` : `$${decimal(usd, 2)}`;
}
