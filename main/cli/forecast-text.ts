/** What a round takes, in a table for the terminal: a "~" is a forecast, limits are named. */
import type { ForecastRow, ForecastView, QuantityView } from "#app/contract/forecast.ts";
import { count, duration, table } from "./format.ts";

const NAMES: Readonly<Record<ForecastRow["what"], string>> = {
  time: "time",
  samples: "responses",
  judgeCalls: "judge calls",
  money: "money",
  people: "comparisons for people",
  peopleTime: "people's time",
  memory: "memory",
  disk: "disk",
  diskKept: "disk that stays",
};

export function forecastText(forecast: ForecastView): string {
  const { round, isStarted, policy, refusal, rows, changes } = forecast;
  const lines = [`Round ${round}, from ${policy ?? "no policy"}: ${isStarted ? "what it takes" : "what it would take; nothing is started"}`];
  const columns = isStarted
    ? ([
        { title: "" },
        { title: "said before", align: "right" },
        { title: "so far", align: "right" },
        { title: "still to come", align: "right" },
        { title: "" },
      ] as const)
    : ([{ title: "" }, { title: "expected", align: "right" }, { title: "" }] as const);
  lines.push(
    table(
      columns,
      rows.map((row) =>
        isStarted
          ? [
              NAMES[row.what],
              expected(row.saidBefore, row.unit),
              row.soFar === null ? "" : amount(row.soFar, row.unit),
              expected(row.toCome, row.unit),
              row.remark,
            ]
          : [NAMES[row.what], expected(row.toCome, row.unit), row.remark],
      ),
    ),
  );
  if (changes.length > 0) {
    lines.push(`Against round ${round - 1}:`);
    lines.push(
      table(
        [{ title: "" }, { title: "now" }, { title: "before" }, { title: "" }],
        changes.map(({ name, from, to, remark }) => [name, to ?? "none", from ?? "", remark]),
      ),
    );
  }
  if (refusal !== null) lines.push(`It cannot be started yet: ${refusal}`);
  return lines.join("\n");
}

function amount(value: number, unit: ForecastRow["unit"]): string {
  switch (unit) {
    case "ms":
      return duration(value);
    case "count":
      return count(value);
    case "usd":
      return `$${value.toFixed(2)}`;
    case "bytes":
      return bytes(value);
    default:
      return unit satisfies never;
  }
}

function expected(quantity: QuantityView | null, unit: ForecastRow["unit"]): string {
  if (quantity === null) return "not known";
  const { value, low, high, source } = quantity;
  switch (source) {
    case "exact":
      return amount(value, unit);
    case "bound":
      return `at most ${amount(high, unit)}`;
    case "floor":
      return `at least ${amount(low, unit)}`;
    case "measured":
      return amount(low, unit) === amount(high, unit) ? `~ ${amount(value, unit)}` : `~ ${amount(low, unit)} to ${amount(high, unit)}`;
    default:
      return source satisfies never;
  }
}

export function bytes(value: number): string {
  if (value < 1e6) return `${(value / 1e3).toFixed(1)} kB`;
  return value < 1e9 ? `${(value / 1e6).toFixed(1)} MB` : `${(value / 1e9).toFixed(1)} GB`;
}
