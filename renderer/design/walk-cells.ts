/** Arrow keys walk the links of a table from cell to cell: Tab comes to a table once, and goes on past it. */
import { type FocusEvent, type KeyboardEvent, type RefObject, useLayoutEffect, useRef } from "react";

const STEPS: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

export type Walk = {
  readonly ref: RefObject<HTMLTableElement | null>;
  readonly onKeyDown: (event: KeyboardEvent<HTMLTableElement>) => void;
  readonly onFocus: (event: FocusEvent<HTMLTableElement>) => void;
};

/** What a table is given. `isReached`: false for one that is only read out, which Tab passes over. */
export function useWalk(isReached = true): Walk {
  const ref = useRef<HTMLTableElement>(null);
  // After each change of the table: links may have come or gone.
  useLayoutEffect(() => {
    if (ref.current !== null) setStop(ref.current, isReached);
  });
  return {
    ref,
    onKeyDown: walkCells,
    onFocus: (event) => {
      if (isReached && event.target instanceof HTMLAnchorElement) setStop(event.currentTarget, true, event.target);
    },
  };
}

/** The one link that Tab comes to: the one that has or had the focus, at first the first. */
function setStop(table: HTMLTableElement, isReached: boolean, focused?: HTMLAnchorElement): void {
  const links = [...table.querySelectorAll("a")];
  const stop = focused ?? links.find((link) => link.dataset["stop"] !== undefined) ?? links[0];
  for (const link of links) {
    link.tabIndex = isReached && link === stop ? 0 : -1;
    if (link === focused) link.dataset["stop"] = "";
    else if (focused !== undefined) delete link.dataset["stop"];
  }
}

/** The focus goes to the next cell with a link in the arrow's direction, and stays where there is none. */
function walkCells(event: KeyboardEvent<HTMLTableElement>): void {
  const step = STEPS[event.key];
  const cell = event.target instanceof Element ? event.target.closest("td, th") : null;
  const row = cell?.parentElement;
  if (step === undefined || event.ctrlKey || event.metaKey || event.altKey || !(cell instanceof HTMLTableCellElement)) return;
  if (!(row instanceof HTMLTableRowElement)) return;
  const link = step[0] === 0 ? linkInRow(row, cell.cellIndex, step[1]) : linkInOtherRow(event.currentTarget, row.rowIndex, cell.cellIndex, step[0]);
  if (link === undefined) return;
  event.preventDefault();
  link.focus();
}

function linkInRow(row: HTMLTableRowElement, from: number, step: number): HTMLAnchorElement | undefined {
  for (let at = from + step; row.cells[at] !== undefined; at += step) {
    const link = row.cells[at]?.querySelector("a");
    if (link != null) return link;
  }
  return undefined;
}

/** In the next row that has links, the one nearest to the column: a matrix has none on its diagonal. */
function linkInOtherRow({ rows }: HTMLTableElement, from: number, column: number, step: number): HTMLAnchorElement | undefined {
  for (let at = from + step; rows[at] !== undefined; at += step) {
    const [nearest] = [...(rows[at]?.cells ?? [])]
      .flatMap((cell) => [...cell.querySelectorAll("a")].map((link) => ({ link, away: Math.abs(cell.cellIndex - column) })))
      .toSorted((a, b) => a.away - b.away);
    if (nearest !== undefined) return nearest.link;
  }
  return undefined;
}
