/** What a row of the loss table is: what it must be fed, what it reports as reward, and its graph. */
import { GraphError } from "#app/base/errors.ts";
import type { GraphBuilder } from "#app/graph/builder.ts";
import type { Value } from "#app/graph/types.ts";

/** Whose log-probabilities the loss measures against; both are mixed by the settings' `firstPolicyShare`. */
export type ReferenceNeed = "none" | "roundPolicy" | "firstPolicy" | "both";

/** What a loss may need beyond log-probabilities. */
export type LossNeed =
  /** Token counts of the responses; of the chosen ones alone. */
  | "lengths"
  | "chosenLengths"
  /** Expected win rates of both responses. */
  | "winRates"
  /** The batch's mean log-ratio of responses to prompts that are not their own. */
  | "mismatchedLogRatio";

/** Inputs of a graph for what a loss needs, each [batch, 1]. */
export type LossColumn =
  | "referenceChosen"
  | "referenceRejected"
  | "inverseChosenLengths"
  | "inverseRejectedLengths"
  | "chosenWinRates"
  | "rejectedWinRates"
  | "mismatchedLogRatio";

/** The pairs of a run as values of the graph. */
export type PairValues = {
  readonly g: GraphBuilder;
  /** log π(y|x) summed over the tokens of the response, in nats, [batch, 1]. */
  readonly chosenLogps: Value;
  readonly rejectedLogps: Value;
  /** Throws GraphError for a column that the loss does not declare. */
  readonly column: (name: LossColumn) => Value;
};

export type LossRow<Settings> = {
  readonly reference: ReferenceNeed;
  readonly needs: readonly LossNeed[];
  /** What is reported as rewards/...: β times the log-ratio, β times the mean log-probability of a token, or nothing. */
  readonly reward: "logRatio" | "meanLogp" | "none";
  /** For a loss that looks at one side: the other is not computed, and pairs may be without it. */
  readonly sides?: "chosen";
  /** The loss of each pair, [batch, 1]. */
  readonly build: (pair: PairValues, settings: Settings) => Value;
};

const columnsOfNeed: { readonly [Need in LossNeed]: readonly LossColumn[] } = {
  lengths: ["inverseChosenLengths", "inverseRejectedLengths"],
  chosenLengths: ["inverseChosenLengths"],
  winRates: ["chosenWinRates", "rejectedWinRates"],
  mismatchedLogRatio: ["mismatchedLogRatio"],
};

/** The columns that a row must be fed, and no others. */
export function columnsOfRow(row: Pick<LossRow<never>, "reference" | "needs">): readonly LossColumn[] {
  const references: readonly LossColumn[] = row.reference === "none" ? [] : ["referenceChosen", "referenceRejected"];
  return [...references, ...row.needs.flatMap((need) => columnsOfNeed[need])];
}

/** Makes an input of the graph when it is first asked for. */
export function columnInputs(g: GraphBuilder, batch: number, allowed: readonly LossColumn[]): PairValues["column"] {
  const made = new Map<LossColumn, Value>();
  return (name) => {
    if (!allowed.includes(name)) throw new GraphError(`expected a column that the loss declares (${allowed.join(", ")}), got ${name}`);
    const value = made.get(name) ?? g.input(name, [batch, 1]);
    made.set(name, value);
    return value;
  };
}

export type Sides = { readonly chosen: Value; readonly rejected: Value };

/** log π(y|x) − log reference(y|x), the symbols a and b of docs/math.md, each [batch, 1]. */
export function logRatios({ g, chosenLogps, rejectedLogps, column }: PairValues): Sides {
  return { chosen: g.sub(chosenLogps, column("referenceChosen")), rejected: g.sub(rejectedLogps, column("referenceRejected")) };
}

/** Numbers of a response divided by its count of tokens. */
export function perToken({ g, column }: PairValues, sides: Sides): Sides {
  return { chosen: g.mul(sides.chosen, column("inverseChosenLengths")), rejected: g.mul(sides.rejected, column("inverseRejectedLengths")) };
}

/** log π(y|x) / tokens, each [batch, 1]. */
export function meanLogps(pair: PairValues): Sides {
  return perToken(pair, { chosen: pair.chosenLogps, rejected: pair.rejectedLogps });
}

export function square(g: GraphBuilder, x: Value): Value {
  return g.mul(x, x);
}
