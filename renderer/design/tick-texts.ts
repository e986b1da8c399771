/** What stands beside the ticks of an axis. */
import { compact } from "#app/text/language.ts";
import { fixed } from "./format.ts";

/** What is finer is added by the machine's numbers, not meant: 0.30000000000000004. */
const PARTS_OF_ONE = 1e9;

/**
 * The format's own texts, unless they round: then all get as many decimals as the longest tick needs, as evenly spaced
 * ticks have to read. Two that would still read the same get the digits that tell them apart.
 */
export function tickTexts(ticks: readonly number[], format: (value: number) => string, isShare = false): string[] {
  const exact = ticks.map((tick) => Math.round((isShare ? 100 : 1) * tick * PARTS_OF_ONE) / PARTS_OF_ONE);
  const texts = ticks.map((tick) => format(tick));
  if (texts.some((text, i) => isRounded(text, exact[i] ?? 0))) return exact.map(fixed(Math.max(...exact.map(decimalsOf))));
  return new Set(texts).size === texts.length ? texts : ticks.map((tick) => compact(tick, 3).replace("-", "−"));
}

/** True if the text is the number with fewer decimals than it has. */
function isRounded(text: string, value: number): boolean {
  return Array.from({ length: decimalsOf(value) }, (_, decimals) => fixed(decimals)(value)).includes(text);
}

/** None for numbers that are written in powers of ten. */
function decimalsOf(value: number): number {
  return /\.(\d+)$/u.exec(String(value))?.[1]?.length ?? 0;
}
