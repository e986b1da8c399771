/** The names under which a stage's counts are stored, beside those that follow from its records (app/text/counts.ts words them). */

export const STAGE_COUNT = {
  promptsWithoutPair: "prompts without a pair",
  replayedPairs: "replayed pairs",
  withoutScores: "without scores",
  belowMargin: "below the margin",
  bothOrders: "both orders",
  flips: "flips",
  pairs: "pairs",
  droppedPairs: "dropped pairs",
  heldOutPairs: "held-out pairs",
  references: "reference log-probabilities",
  /** Old checkpoints that stayed because they could not be removed. */
  checkpointsNotRemoved: "checkpoints not removed",
} as const;

/** Why two responses made no pair, as it is counted. */
export const NO_PAIR_COUNT: Readonly<Record<string, string>> = {
  notJudged: "not judged",
  tie: "ties",
  bothBad: "both bad",
  bothDefective: "both defective",
  belowMargin: STAGE_COUNT.belowMargin,
  chosenNotGood: "better one not good enough",
  notTeacher: "not the teacher's",
  notBestAndWorst: "neither best nor worst",
  overMost: "beyond the most per prompt",
};

/** What a stage's units are called where they cross the contract. */
export const STAGE_UNITS = {
  sample: "responses",
  judge: "comparisons",
  pair: "pairs",
  train: "steps",
  evaluate: "responses and comparisons",
} as const;
