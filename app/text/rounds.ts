/** What the lab says of rounds: why one cannot start, why one stopped, how it was run. */
import { count, counted } from "./language.ts";
import { nouns } from "./nouns.ts";

type Change = { readonly path: string; readonly from: string | null; readonly to: string | null };

/** More would be read by nobody, as where another oracle was chosen. */
const MOST_CHANGES = 3;

function changed(changes: readonly Change[]): string {
  const told = changes.slice(0, MOST_CHANGES).map(({ path, from, to }) => `${path} ${from ?? "not set"}, now ${to ?? "not set"}`);
  const rest = changes.length - told.length;
  return [...told, ...(rest > 0 ? [`and ${counted(rest, nouns.settings)} more`] : [])].join("; ");
}

export const roundWords = {
  /** Of a stage that goes on after settings were changed. */
  keeps: (changes: readonly Change[]) => `keeps the settings that it began with: ${changed(changes)}`,
  stageKeeps: (stage: string, round: number, changes: readonly Change[]) =>
    `the stage ${stage} of round ${round} keeps the settings that it began with: ${changed(changes)}`,
  unknownPolicy: (name: string, known: string) => `there is no policy ${name}; this experiment has ${known}`,
  comparedAfterRound: "policies are compared after a round; none has been started yet",
  nothingToCompareOn: (split: string) => `there are no ${split} prompts to compare policies on`,
  allMet: "all these policies have met already; there is nothing left to compare",
  measuredAlone: "training is measured when nothing else runs, as it would be measured wrong; pause the round first",
  noExperimentToMeasure: "expected an experiment whose training is to be measured, there is none yet",
  needsPolicyToMeasure: "expected a policy and training prompts to measure training with; add a checkpoint and import prompts first",
  needsPolicy: "a round needs a policy to start from, and this experiment has none yet; add a checkpoint first",
  stillImporting: (name: string) => `a round needs training prompts to sample from, and ${name} is still being imported; start when that is done`,
  needsPrompts: "a round needs training prompts to sample from, and this experiment has none; import prompts first",
  emptyShard: (round: number, shard: number) =>
    `round ${round} takes shard ${shard} of the training prompts, and no prompt is in it; import more prompts`,
  noHeldOut: (split: string) =>
    `a whole round ends with an evaluation on ${split} prompts, and this experiment has none; import some (with their split named), or run the round up to training only`,
  noImportedPreferences:
    'pairs.kind: the rule "imported" takes preferences that came with training prompts, and no such prompt has one; import a file with some, or choose a rule for responses that are sampled and judged (such as "paper")',
  peopleArePairwise: 'judging.mode: people compare two responses at a time, so expected "pairwise" for the oracle "people", got "listwise"',
  oneResponse:
    "sampling.responsesPerPrompt: expected at least 2, as one response can be compared with nothing and no prompt has a teacher response, got 1",
  needsListwise: (rule: string, mode: string) => `pairs.kind: the rule "${rule}" goes by scores, so expected judging.mode "listwise", got "${mode}"`,
  needsTeacher: (rule: string) => `pairs.kind: the rule "${rule}" chooses teacher responses, and no prompt of this experiment has one`,
  engineDied: (deaths: number, reason: string) => `the engine died ${counted(deaths, nouns.times)} in a row; the last time: ${reason}`,
  alreadyRunning: "a round is running already; pause it first, or wait for it",
  noneStarted: "no round has been started yet",
  nothingToResume: (round: number, until: string | null) =>
    `round ${round} is done${until === null ? "" : ` up to the stage ${until}`}; there is nothing to resume`,
  notRunYet: (stage: string, round: number) => `the stage ${stage} of round ${round} has not been run yet, so it cannot be run again`,
  onlyOneRound: (until: string, wanted: number) =>
    `rounds: expected 1 where a round is run up to the stage ${until}, as the next starts from a whole one, got ${wanted}`,
  noneStartedSay: "no round has been started yet; say with the start how many there are to be",
  lastRoundTooEarly: (newest: number, wanted: number) => `the last round: expected ${newest} (the newest) or a later one, got ${wanted}`,
  responsesMissing: (left: number, all: number) =>
    `the engine said that it was done, but ${count(left)} of ${counted(all, nouns.responses)} never came`,
  noDifference: "no prompt has two responses that differ",
  noPairs: (round: number, why: string) =>
    `round ${round} made no preference pairs (${why}), so there is nothing to train on; change the pair rule or the oracle and redo the stage pair or judge`,
  onlyHeldOut: (round: number, pairs: number) =>
    `all ${counted(pairs, nouns.pairs)} of round ${round} are of prompts that are never trained on, so there is nothing to train on; lower training.heldOutShare (0 holds none out) and redo the stage train`,
  deviceFailed: (device: string, reason: string) => `${device} failed, on the CPU since: ${reason}`,
  onDevice: (device: string) => `on ${device}`,
  trainingNotBegun: (round: number) => `round ${round} has not begun to train, so there is nothing to stop`,
  trainingDone: (round: number) => `the training of round ${round} is done already; its policy is made`,
  noStepYet: (round: number) => `the training of round ${round} has not finished a step yet, so there is nothing to keep; pause it instead`,
};
