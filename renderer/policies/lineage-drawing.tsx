/** The lines of descent beside the table of policies: a square for a root, a circle for what was made. */
import type { ReactNode } from "react";
import type { LineageNode } from "./lineage.ts";

export type LineageDrawingProps = {
  readonly nodes: readonly LineageNode[];
  readonly selected: string | undefined;
  /** Of a row of the table, in px. */
  readonly rowHeight: number;
};

const LANE = 22;
const MIDDLE = 13;
const DOT = 4.5;

/** Its words are the table's column "Made from". */
export function LineageDrawing({ nodes, selected, rowHeight }: LineageDrawingProps): ReactNode {
  const lanes = Math.max(...nodes.map((node) => node.lane)) + 1;
  const x = (lane: number): number => MIDDLE + LANE * lane;
  const y = (row: number): number => rowHeight * (row + 0.5);
  return (
    <svg className="lineage" width={MIDDLE + LANE * lanes - 4} height={rowHeight * nodes.length} aria-hidden="true">
      {nodes.map((node, row) =>
        node.parentRow === null || node.parentLane === null ? null : (
          <path key={node.name} d={pathTo(x(node.lane), y(row), x(node.parentLane), y(node.parentRow))} />
        ),
      )}
      {nodes.map((node, row) => {
        const className = node.name === selected ? "chosen-node" : undefined;
        return node.parentRow === null ? (
          <rect key={node.name} className={className} x={x(node.lane) - 4} y={y(row) - 4} width="8" height="8" rx="1" />
        ) : (
          <circle key={node.name} className={className} cx={x(node.lane)} cy={y(row)} r={DOT} />
        );
      })}
    </svg>
  );
}

function pathTo(x: number, y: number, parentX: number, parentY: number): string {
  if (x === parentX) return `M${x} ${y}V${parentY}`;
  const bend = parentY - 14;
  return `M${x} ${y}V${bend}C${x} ${parentY} ${parentX} ${bend} ${parentX} ${parentY}`;
}
