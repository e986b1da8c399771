/** How the training of a round goes, step by step: the loss, and how far chosen and rejected are apart. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { RoundView } from "#app/contract/views.ts";
import { count } from "../design/format.ts";
import { LineChart } from "../design/line-chart.tsx";
import type { MetricRow } from "../lab-client/apply-event.ts";
import { useLab } from "../lab-client/lab-context.tsx";

/** TRL's names, and what they are called here. */
const CURVES = [
  { metric: "loss", title: "Loss", digits: 3 },
  { metric: "rewards/margins", title: "Reward margin", digits: 3 },
  { metric: "rewards/accuracies", title: "Reward accuracy", digits: 2 },
] as const;

export function TrainingCurves({ round }: { readonly round: RoundView }): ReactNode {
  const { queries } = useLab();
  const hasTrained = round.stages.some((stage) => stage.stage === "train" && stage.attemptId !== null);
  const metrics = useQuery({
    ...queries.training.metrics.queryOptions({ input: { round: round.number } }),
    enabled: hasTrained,
  });
  const rows = metrics.data ?? [];
  const curves = CURVES.map((curve) => ({ ...curve, points: pointsOf(rows, curve.metric) })).filter((curve) => curve.points.length > 1);
  if (curves.length === 0) return null;
  return (
    <section aria-label="Training">
      <div className="head">
        <h2>Training</h2>
        <span className="sub">{count(rows.at(-1)?.step ?? 0)} steps</span>
      </div>
      <div className="curves">
        {curves.map((curve) => (
          <LineChart key={curve.metric} title={curve.title} points={curve.points} digits={curve.digits} />
        ))}
      </div>
    </section>
  );
}

function pointsOf(rows: readonly MetricRow[], metric: string): { readonly x: number; readonly y: number }[] {
  return rows.flatMap((row) => {
    const y = row.values[metric];
    return y === undefined || !Number.isFinite(y) ? [] : [{ x: row.step, y }];
  });
}
