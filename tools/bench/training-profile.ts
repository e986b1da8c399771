/** Where the time of a training run went. */
import type { ResultDraft } from "../results/record.ts";
import type { RunReport } from "./training-shapes.ts";

type ResultTable = NonNullable<ResultDraft["tables"]>[number];

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** What the first of its kind took more than the others do: its session is made, its memory touched for the first time. */
function makingMs(times: readonly number[]): number {
  const [first = 0, ...others] = times;
  return others.length === 0 ? 0 : Math.max(0, first - sum(others) / others.length);
}

/** `machineRate`: products a second that the machine can do, in operations. */
export function profileTable({ stepMs, scoreMs, totalMs, productFlops, scoreFlops }: RunReport, machineRate: number): ResultTable {
  const [stepMaking, scoreMaking] = [makingMs(stepMs), makingMs(scoreMs)];
  const [steps, references] = [sum(stepMs) - stepMaking, sum(scoreMs) - scoreMaking];
  const ofProducts = (flops: number, runs: readonly number[]): number => (1000 * runs.length * flops) / machineRate;
  const row = (what: string, ms: number, products: number | undefined): (string | number)[] => [
    what,
    (ms / 1000).toFixed(1),
    `${((100 * ms) / totalMs).toFixed(0)} %`,
    products === undefined ? "" : `${((100 * products) / ms).toFixed(0)} %`,
  ];
  return {
    columns: ["where our time goes", "s", "of all", "products alone at the machine's rate"],
    rows: [
      row("references", references, ofProducts(scoreFlops, scoreMs)),
      row("steps, with the optimizer", steps, ofProducts(productFlops, stepMs)),
      row("making the two graphs' sessions, first touch of memory", stepMaking + scoreMaking, undefined),
      row("the rest", totalMs - sum(stepMs) - sum(scoreMs), undefined),
    ],
  };
}
