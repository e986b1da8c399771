/** Numbers, times and tables as the terminal shows them. How the language writes them: app/text/language.ts. */
import { count } from "#app/text/language.ts";

export { count, percent } from "#app/text/language.ts";

/** "1 h 50 min", "7 min 02 s", "12 s". */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, "0")} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** A forecast, rounded to what can be known: "about 45 min left". */
export function remaining(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 10) return "a few seconds left";
  if (seconds < 90) return `about ${5 * Math.round(seconds / 5)} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `about ${minutes} min left` : `about ${Math.round(minutes / 6) / 10} h left`;
}

/** "1 response", "2 responses". */
export function plural(value: number, singular: string, severalForm = `${singular}s`): string {
  return `${count(value)} ${value === 1 ? singular : severalForm}`;
}

export type Column = { readonly title: string; readonly align?: "left" | "right" };

/** Columns two spaces apart, as wide as their widest cell; numbers to the right. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, i) => Math.max(column.title.length, ...rows.map((row) => (row[i] ?? "").length)));
  const line = (cells: readonly string[]): string =>
    columns
      .map((column, i) => {
        const cell = cells[i] ?? "";
        const width = widths[i] ?? 0;
        return column.align === "right" ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  return [line(columns.map((column) => column.title)), ...rows.map(line)].join("\n");
}

/** US dollars: two decimals, more where less than a cent counts. */
export function usd(value: number): string {
  return `$${value === 0 || value >= 0.1 ? value.toFixed(2) : value.toPrecision(2)}`;
}
