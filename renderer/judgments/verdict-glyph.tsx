/** A verdict as two small boxes: filled is preferred, half is a tie, crossed is bad, empty was skipped. */
import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { Verdict } from "#app/domain/verdict.ts";

export function VerdictGlyph({ verdict }: { readonly verdict: Verdict }): ReactNode {
  if (verdict.kind === "invalid") return <TriangleAlert className="icon small glyph-invalid" aria-hidden="true" />;
  const first = boxOf(verdict, "first");
  const second = boxOf(verdict, "second");
  return (
    <svg className="glyph" width="18" height="12" viewBox="0 0 18 12" aria-hidden="true">
      <Box x={1} fill={first} />
      <Box x={10} fill={second} />
    </svg>
  );
}

type Fill = "full" | "half" | "crossed" | "empty";

function boxOf(verdict: Verdict, side: "first" | "second"): Fill {
  switch (verdict.kind) {
    case "prefers":
      return verdict.winner === side ? "full" : "empty";
    case "tie":
      return "half";
    case "bothBad":
      return "crossed";
    case "abstains":
    case "invalid":
      return "empty";
    default:
      return verdict satisfies never;
  }
}

function Box({ x, fill }: { readonly x: number; readonly fill: Fill }): ReactNode {
  return (
    <>
      <rect className={fill === "full" ? "glyph-full" : "glyph-edge"} x={x + 0.5} y="1.5" width="6" height="9" rx="1" />
      {fill === "half" && <rect className="glyph-full" x={x + 0.5} y="6" width="6" height="4.5" rx="1" />}
      {fill === "crossed" && <path className="glyph-cross" d={`M${x + 1} 2l5 8m0 -8l-5 8`} />}
    </>
  );
}
