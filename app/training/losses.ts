/** The losses, one row each: what a pair costs, given both log-ratios. */
import type { GraphBuilder } from "#app/graph/builder.ts";
import type { Value } from "#app/graph/types.ts";
import type { TrainingSettings } from "#app/domain/training.ts";

export type LossName = TrainingSettings["loss"];

export type LossInputs = {
  readonly g: GraphBuilder;
  /** log π(y|x) − log π_t(y|x) of the chosen and of the rejected response, [batch, 1]. */
  readonly chosenLogRatio: Value;
  readonly rejectedLogRatio: Value;
  readonly beta: number;
};

/** Returns the loss of each pair, [batch, 1]. */
export type Loss = (inputs: LossInputs) => Value;

/** DNO-Prct (arXiv 2404.03715, eq. 13): −log σ(β(a − b)) = softplus(β(b − a)), which no margin makes overflow. */
const dnoPrct: Loss = ({ g, chosenLogRatio, rejectedLogRatio, beta }) => g.one("Softplus", [g.scale(g.sub(rejectedLogRatio, chosenLogRatio), beta)]);

export const losses: { readonly [Name in LossName]: Loss } = { "dno-prct": dnoPrct };
