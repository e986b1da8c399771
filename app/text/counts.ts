/** What a stage counts, in words: by the names of units (main/lab) and of counts (app/domain/stage-counts.ts). */
import type { Forms } from "./language.ts";
import { nouns } from "./nouns.ts";

export const unitForms: Readonly<Record<string, Forms>> = {
  responses: nouns.responses,
  comparisons: nouns.comparisons,
  pairs: nouns.pairs,
  steps: nouns.steps,
  "responses and comparisons": { one: "response or comparison", other: "responses and comparisons" },
};

const same = (words: string): Forms => ({ other: words });

export const countForms: Readonly<Record<string, Forms>> = {
  responses: nouns.responses,
  tokens: nouns.tokens,
  defective: same("defective"),
  cut: same("cut short"),
  skipped: same("left out"),
  decided: same("decided"),
  tie: { one: "tie", other: "ties" },
  ties: { one: "tie", other: "ties" },
  bothBad: same("both bad"),
  abstains: { one: "skip", other: "skips" },
  invalid: same("invalid"),
  "both orders": same("asked in both orders"),
  flips: { one: "flip", other: "flips" },
  pairs: nouns.pairs,
  "prompts without a pair": { one: "prompt without a pair", other: "prompts without a pair" },
  "replayed pairs": { one: "replayed pair", other: "replayed pairs" },
  "without scores": same("without scores"),
  "not judged": same("not judged"),
  "both bad": same("both bad"),
  "both defective": same("both defective"),
  "below the margin": same("below the margin"),
  "better one not good enough": same("better one not good enough"),
  "not the teacher's": same("not the teacher's"),
  "neither best nor worst": same("neither best nor worst"),
  "beyond the most per prompt": same("beyond the most per prompt"),
  "dropped pairs": { one: "dropped pair", other: "dropped pairs" },
  "held-out pairs": { one: "held-out pair", other: "held-out pairs" },
  "reference log-probabilities": { one: "reference log-probability", other: "reference log-probabilities" },
  "checkpoints not removed": { one: "checkpoint not removed", other: "checkpoints not removed" },
};
