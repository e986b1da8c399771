/** Mean lengths of the rounds' responses under their win rates, one bar a policy, each the way to its answers. */
import { type ReactNode, useCallback, useMemo } from "react";
import { lengthBars, type LengthBar } from "#app/contract/result-points.ts";
import { roundDuels } from "#app/contract/result-tables.ts";
import type { ResultOverview } from "#app/contract/result-views.ts";
import { count } from "../design/format.ts";
import { resultsText } from "../text/results.ts";
import { type ChartPoint, ChartPoints } from "./chart-points.tsx";
import { drawLengths } from "./draw-lengths.ts";
import { PlotFigure, type Spot } from "./plot-figure.tsx";

const text = resultsText.lengths;
/** From the middle of a bar's column to its corners, in px. */
const REACH = 40;

export function LengthBars({ results, hasNames }: { readonly results: ResultOverview; readonly hasNames: boolean }): ReactNode {
  const bars = useMemo(() => lengthBars(results), [results]);
  const draw = useCallback(
    (width: number, scale: number) => drawLengths({ bars, policies: results.rounds.map(({ policy }) => policy), hasNames, width, scale }),
    [bars, results, hasNames],
  );
  const label = text.figure(bars.map((bar) => text.bar(bar.policy, count(bar.characters))).join(", "));
  return (
    <div className="length-bars">
      <p className="small-text ink-3">{text.title}</p>
      <PlotFigure
        title={text.title}
        label={label}
        draw={draw}
        over={(spots, width) => <ChartPoints results={results} label={text.bars} spots={pointsOf(results, spots)} width={width} reach={REACH} />}
      />
    </div>
  );
}

/** Beside its answers stand those of the opponent that it met first; of one that has met nobody there are none to lead to. */
function pointsOf(results: ResultOverview, spots: readonly Spot<LengthBar>[]): Spot<ChartPoint>[] {
  const rows = roundDuels(results);
  return spots.flatMap(({ datum: { policy, characters }, ...place }) => {
    const duel = rows.find((row) => row.policy === policy)?.duel;
    if (duel === undefined) return [];
    return [{ ...place, datum: { key: policy, words: text.point(policy, Math.round(characters)), first: policy, second: duel.second } }];
  });
}
