/** Arrow keys walk the links of a table from cell to cell; Enter opens what a link leads to, as everywhere. */
import type { KeyboardEvent } from "react";

const STEPS: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Belongs on a table. The focus goes to the next cell with a link in the arrow's direction, and stays where there is none. */
export function walkCells(event: KeyboardEvent<HTMLTableElement>): void {
  const step = STEPS[event.key];
  const cell = event.target instanceof Element ? event.target.closest("td, th") : null;
  const row = cell?.parentElement;
  if (step === undefined || event.ctrlKey || event.metaKey || event.altKey || !(cell instanceof HTMLTableCellElement)) return;
  if (!(row instanceof HTMLTableRowElement)) return;
  const { rows } = event.currentTarget;
  let [at, column] = [row.rowIndex + step[0], cell.cellIndex + step[1]];
  for (; rows[at]?.cells[column] !== undefined; at += step[0], column += step[1]) {
    const link = rows[at]?.cells[column]?.querySelector("a");
    if (link == null) continue;
    event.preventDefault();
    link.focus();
    return;
  }
}
