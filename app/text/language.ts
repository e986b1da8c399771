/** The language of the house, and all that follows from it: plurals, numbers, lists and dates are asked of Intl by its name. */

/** Its tag (BCP 47). A translation changes it together with the words: docs/adr/0013. */
export const LANGUAGE = "en-GB";

/** A word by the plural categories of the language (CLDR); English has `one` and `other`. */
export type Forms = { readonly [Category in Intl.LDMLPluralRule]?: string } & { readonly other: string };

const plurals = new Intl.PluralRules(LANGUAGE);
const wholes = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 });
const lists = new Intl.ListFormat(LANGUAGE, { type: "conjunction" });
const clock = new Intl.DateTimeFormat(LANGUAGE, { hour: "2-digit", minute: "2-digit" });
const clockWithSeconds = new Intl.DateTimeFormat(LANGUAGE, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const days = new Intl.DateTimeFormat(LANGUAGE, { day: "numeric", month: "short" });
const daysOfYears = new Intl.DateTimeFormat(LANGUAGE, { day: "numeric", month: "short", year: "numeric" });
const moments = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium", timeStyle: "medium" });
const decimalMark = new Intl.NumberFormat(LANGUAGE).formatToParts(0.5).find(({ type }) => type === "decimal")?.value ?? ".";

/** The form that belongs to a number, without it: "waits" of one, "wait" of two. */
export function plural(value: number, forms: Forms): string {
  return forms[plurals.select(value)] ?? forms.other;
}

/** "1 comparison", "3,318 comparisons". */
export function counted(value: number, forms: Forms): string {
  return `${count(value)} ${plural(value, forms)}`;
}

/** Whole numbers with thousands told apart: 3,318. */
export function count(value: number): string {
  return wholes.format(value);
}

/** So many decimals: 0.693. Rounded by the number itself, as in every file that the lab writes; only the mark is the language's. */
export function fixed(value: number, digits: number): string {
  return marked(value.toFixed(digits));
}

/** So many digits that count: 0.12, 1.4e-6. */
export function significant(value: number, digits: number): string {
  return marked(value.toPrecision(digits));
}

/** At most so many digits that count, without zeros at the end: 0.183. */
export function compact(value: number, digits: number): string {
  return shortest(Number(value.toPrecision(digits)));
}

/** A number as short as it can be told exactly: 0.5, 97.5, 1e-7. */
export function shortest(value: number): string {
  return marked(String(value));
}

/** 1.4e-6. */
export function scientific(value: number, digits: number): string {
  return marked(value.toExponential(digits));
}

/** A share of 1 in per cent with one decimal: 57.8. */
export function percent(share: number): string {
  return fixed(100 * share, 1);
}

/** The same where whole numbers need none: 95, 97.5. */
export function shortPercent(share: number): string {
  return shortest(Number((100 * share).toFixed(1)));
}

/** 15.6 GB. */
export function gigabytes(bytes: number): string {
  return `${fixed(bytes / 1e9, 1)} GB`;
}

/** "a, b and c". */
export function list(words: readonly string[]): string {
  return lists.format(words);
}

/** The order of texts in the language's alphabet. */
export const compareTexts: (a: string, b: string) => number = new Intl.Collator(LANGUAGE).compare;

/** "14:22", on the clock of the person who looks; with seconds "14:22:05". */
export function clockTime(atMs: number, precision: "minutes" | "seconds" = "minutes"): string {
  return (precision === "minutes" ? clock : clockWithSeconds).format(atMs);
}

/** "20 Nov", with its year "20 Nov 2025". */
export function dayOf(atMs: number, precision: "day" | "year" = "year"): string {
  return (precision === "year" ? daysOfYears : days).format(atMs);
}

/** "20 Nov 2025, 14:22:05". */
export function momentOf(atMs: number): string {
  return moments.format(atMs);
}

function marked(number: string): string {
  return number.replace(".", decimalMark);
}
