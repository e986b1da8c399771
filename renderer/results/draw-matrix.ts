/** The drawing of the matrix for export; on the page it is a table. */
import * as Plot from "@observablehq/plot";

export type MatrixCell = {
  readonly row: string;
  readonly column: string;
  readonly percent: number;
  readonly colour: string;
  readonly isOutlined: boolean;
};

export function drawMatrix(names: readonly string[], cells: readonly MatrixCell[]): SVGSVGElement | HTMLElement {
  const size = 52;
  return Plot.plot({
    width: 80 + size * names.length,
    height: 40 + 40 * names.length,
    marginLeft: 72,
    marginTop: 32,
    marginBottom: 8,
    style: { fontFamily: "var(--font-ui)", fontSize: "12px", color: "var(--ink-2)" },
    x: { type: "band", domain: [...names], axis: "top", label: null, tickSize: 0, padding: 0.04 },
    y: { type: "band", domain: [...names], label: null, tickSize: 0, padding: 0.04 },
    marks: [
      Plot.cell(cells, {
        x: "column",
        y: "row",
        rx: 3,
        fill: (cell: MatrixCell) => cell.colour,
        stroke: (cell: MatrixCell) => (cell.isOutlined ? "var(--line-2)" : "none"),
      }),
      Plot.text(cells, { x: "column", y: "row", text: (cell: MatrixCell) => String(cell.percent), fill: "var(--ink-1)", fontWeight: 600 }),
    ],
  });
}
