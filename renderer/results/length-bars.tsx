/** Mean lengths of the rounds' responses under their win rates, one bar a policy. */
import { type ReactNode, useCallback, useMemo } from "react";
import { lengthBars } from "#app/contract/result-points.ts";
import type { ResultOverview } from "#app/contract/result-views.ts";
import { count } from "../design/format.ts";
import { resultsText } from "../text/results.ts";
import { drawLengths } from "./draw-lengths.ts";
import { PlotFigure } from "./plot-figure.tsx";

const text = resultsText.lengths;

export function LengthBars({ results, hasNames }: { readonly results: ResultOverview; readonly hasNames: boolean }): ReactNode {
  const bars = useMemo(() => lengthBars(results), [results]);
  const draw = useCallback(
    (width: number, scale: number) => drawLengths({ bars, policies: results.rounds.map(({ policy }) => policy), hasNames, width, scale }),
    [bars, results, hasNames],
  );
  return (
    <div className="length-bars">
      <p className="small-text ink-3">{text.title}</p>
      <PlotFigure title={text.title} label={text.figure(bars.map((bar) => text.bar(bar.policy, count(bar.characters))).join(", "))} draw={draw} />
    </div>
  );
}
