/** What the stand-in lab says of its next round: every kind of quantity, known and unknown. */
import type { ForecastView, QuantityView } from "#app/contract/forecast.ts";
import type { RoundView } from "#app/contract/views.ts";
import { STAGES } from "#app/domain/round.ts";

const exact = (value: number): QuantityView => ({ value, low: value, high: value, source: "exact" });
const measured = (value: number, low: number, high: number): QuantityView => ({ value, low, high, source: "measured" });

export function fakeForecast(rounds: readonly RoundView[]): ForecastView {
  const last = rounds.at(-1);
  const isStarted = last !== undefined && !last.isDone;
  const number = isStarted ? last.number : (last?.number ?? 0) + 1;
  const time = number === 1 ? null : measured(1_620_000, 1_500_000, 1_800_000);
  return {
    round: number,
    isStarted,
    policy: `r${number - 1}`,
    refusal: null,
    stages: STAGES.map((stage) => ({
      stage,
      state: "ahead",
      units: stage === "pair" ? measured(44, 40, 48) : exact(120),
      remainingMs: number === 1 ? null : measured(300_000, 240_000, 360_000),
    })),
    rows: [
      {
        what: "time",
        unit: "ms",
        saidBefore: time,
        soFar: isStarted ? 190_000 : null,
        toCome: time,
        remark: number === 1 ? "not measured yet with these settings: sample, train" : "",
      },
      {
        what: "samples",
        unit: "count",
        saidBefore: exact(120),
        soFar: isStarted ? 62 : null,
        toCome: exact(isStarted ? 58 : 120),
        remark: "60 prompts × 2, and the evaluation",
      },
      {
        what: "people",
        unit: "count",
        saidBefore: { ...exact(30), source: "bound" },
        soFar: null,
        toCome: { ...exact(30), source: "bound" },
        remark: "17 s each, the median of 212 answers",
      },
      {
        what: "memory",
        unit: "bytes",
        saidBefore: { ...exact(538e6), source: "floor" },
        soFar: null,
        toCome: { ...exact(538e6), source: "floor" },
        remark: "the weights alone; the peak of training is not measured yet; 9.1 GB free of 15.6 GB",
      },
      { what: "disk", unit: "bytes", saidBefore: null, soFar: null, toCome: null, remark: "not measured before the first training; 212.0 GB free" },
    ],
    changes:
      number === 1
        ? []
        : [
            { name: "Starts from", from: `r${number - 2}`, to: `r${number - 1}`, remark: "the policy that the round before made" },
            { name: "training.learningRate", from: "0.00005", to: "0.000025", remark: "" },
          ],
  };
}
