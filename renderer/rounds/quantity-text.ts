/** Quantities of a forecast in words: what is exact stands alone, what is expected has a "~", limits are named. */
import type { ForecastRow, QuantityView } from "#app/contract/forecast.ts";
import { bytes, count, duration, money, span } from "../design/format.ts";
import { roundsText as text } from "../text/rounds.ts";

type Unit = ForecastRow["unit"];

/** What was measured. */
export function measuredText(value: number, unit: Unit): string {
  switch (unit) {
    case "ms":
      return value === 0 ? "—" : duration(value);
    case "count":
      return count(value);
    case "usd":
      return money(value);
    case "bytes":
      return bytes(value);
    default:
      return unit satisfies never;
  }
}

function expectedText(value: number, unit: Unit): string {
  return unit === "ms" ? span(value) : measuredText(value, unit);
}

/** "1,500", "~ 660", "~ 610–710", "at most 6,000", "at least 540 MB"; of what is not known, that. */
export function quantityText(quantity: QuantityView | null, unit: Unit): string {
  if (quantity === null) return text.unknown;
  const { value, low, high, source } = quantity;
  const exact = expectedText(value, unit);
  switch (source) {
    case "exact":
      return value === 0 && unit !== "count" ? text.nothing : exact;
    case "bound":
      return value === 0 ? text.nothing : text.atMost(exact);
    case "floor":
      return text.atLeast(exact);
    case "measured": {
      const [from, to] = [expectedText(low, unit), expectedText(high, unit)];
      if (from === to) return text.about(exact);
      return text.about(`${withoutUnitOf(from, to)}–${to}`);
    }
    default:
      return source satisfies never;
  }
}

/** A unit is said once, "30–36 min", but only where it is the one unit of both: an hour and minutes have two. */
function withoutUnitOf(from: string, to: string): string {
  const [number = "", unit, ...moreFrom] = from.split(" ");
  const [, unitOfTo, ...moreTo] = to.split(" ");
  return unit !== undefined && unit === unitOfTo && moreFrom.length === 0 && moreTo.length === 0 ? number : from;
}

/** How far what was measured, with what is still to come, is from what was said: "4 min over"; empty within the range that was said. */
export function differenceText(row: ForecastRow): string {
  const { saidBefore, soFar, toCome, unit, what } = row;
  if (saidBefore === null || saidBefore.source !== "measured" || soFar === null || toCome === null) return "";
  // The peak of memory does not add up.
  const total = what === "memory" ? soFar : soFar + toCome.value;
  if (total === 0) return "";
  if (total > saidBefore.high * 1.02) return text.over(expectedText(total - saidBefore.high, unit));
  return total < saidBefore.low * 0.98 && what !== "memory" ? text.under(expectedText(saidBefore.low - total, unit)) : "";
}
