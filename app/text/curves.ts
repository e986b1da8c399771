/** What the lab says of the curves of a training run (app/training/read-curves.ts decides what holds). */
import { counted, fixed, shortest } from "./language.ts";
import { nouns } from "./nouns.ts";

type Said = { readonly title: string; readonly text: string };

function nats(value: number): string {
  return `${fixed(Math.abs(value), 1)} nats`;
}

/** In nats; less than a digit shows is no move. */
function moved(mean: number): string {
  if (Math.abs(mean) < 0.05) return "did not move";
  return `${mean < 0 ? "lost" : "gained"} ${nats(mean)}`;
}

export const curveWords = {
  nothingYet: "No step is done yet.",
  tooEarly: "Too early to read.",
  readFrom: (step: number) => `The curves are read from the ${step}th step on.`,
  stopped: (step: number) => `Training stopped after step ${step}.`,
  ranAway: (step: number) => `Training stopped after step ${step}: the numbers ran away.`,
  ranAwayThen: (kept: string) => `${kept} Redo the training with half the learning rate or a smaller beta; going on would meet the same batch.`,
  kept: (step: number | null) => (step === null ? "No checkpoint was reached." : `The checkpoint of step ${step} is kept.`),
  collapse: (chosen: number, limit: number): Said => ({
    title: "The chosen responses collapse.",
    text: `They have lost ${nats(chosen)} of log-probability since step 0, and the lab warns at ${limit}. The policy moves away from both sides. Stop with the best so far, or redo with an SFT weight (training.sftWeight), a larger beta or a smaller learning rate.`,
  }),
  notLearned: (chosen: number): Said => ({
    title: "The chosen responses become less likely, and the margin does not grow.",
    text: `They have lost ${nats(chosen)} since step 0 without being told from the rejected ones. That is not learning a preference: look at the pairs, or train with a smaller learning rate.`,
  }),
  bothFall: (chosen: number, limit: number): Said => ({
    title: "Both log-probabilities fall while the margin grows.",
    text: `That is usual. Watch the chosen one: it has lost ${nats(chosen)} since step 0, and the lab warns at ${limit}.`,
  }),
  learns: (chosen: number, rejected: number): Said => ({
    title: "The policy learns the preference.",
    text: `Since step 0 the chosen responses ${moved(chosen)} and the rejected ones ${moved(rejected)}.`,
  }),
  nothingLearned: (loss: number, start: number, isDone: boolean): Said => ({
    title: "Nothing has been learned yet.",
    text: `The loss is ${fixed(loss, 3)}, where every round starts (ln 2 = ${fixed(start, 3)}). ${isDone ? "A larger learning rate, more steps or pairs with a clearer margin would change that." : "The learning rate may still be warming up; if it stays so, it is too small, or the pairs contradict each other."}`,
  }),
  lossRose: (loss: number, start: number): Said => ({
    title: "The loss is above where it began.",
    text: `It is ${fixed(loss, 3)}; every round starts at ${fixed(start, 3)}. The policy prefers the rejected responses more than the reference did: the learning rate is too large.`,
  }),
  heldOutRises: (bestStep: number, best: number, last: number): Said => ({
    title: `The loss on held-out pairs rises since step ${bestStep}.`,
    text: `It was ${fixed(best, 3)} there and is ${fixed(last, 3)} now: the policy learns its pairs by heart. Stop with the best so far, or redo with fewer steps or a smaller learning rate.`,
  }),
  holdsForUnseen: (first: HeldOut, last: HeldOut): Said => ({
    title: "What is learned holds for pairs it has not seen.",
    text: `The loss on held-out pairs went from ${fixed(first.loss, 3)} at step ${first.step} to ${fixed(last.loss, 3)} at step ${last.step}.`,
  }),
  pace: (margin: number, step: number, earlierRound: number, earlierStep: number): Said => ({
    title: step < earlierStep ? `It learns faster than round ${earlierRound} did.` : `It learns more slowly than round ${earlierRound} did.`,
    text: `The margin reached ${fixed(margin, 2)} at step ${step}; round ${earlierRound} needed ${counted(earlierStep, nouns.steps)}.`,
  }),
  easy: (epochs: number): Said => ({
    title: "Nearly every pair is in the right order.",
    text: `There is little left to learn from these pairs${epochs > 1 ? "; a later epoch learns them by heart" : ""}. New responses, the next round, teach more.`,
  }),
  clipped: (clipped: number, steps: number, most: number): Said => ({
    title: "Most steps are clipped.",
    text: `${clipped} of the last ${steps} gradients were longer than ${shortest(most)} and were shortened: the learning rate that is shown is not what holds these steps back.`,
  }),
  notAWinRate: (share: number, heldOut: { readonly share: number; readonly step: number } | null): Said => ({
    title: `“${Math.round(100 * share)} % in the right order” is not a win rate.`,
    text: `It is measured on the pairs that it trains on.${heldOut === null ? "" : ` Of the held-out pairs ${Math.round(100 * heldOut.share)} % were in the right order at step ${heldOut.step}.`} The honest figure comes from the stage Evaluate.`,
  }),
  /** By what the best checkpoint is chosen. */
  measures: {
    heldOut: "loss on held-out pairs, which are never trained on",
    training: (steps: number) => `mean loss of the last ${counted(steps, nouns.steps)}, each taken before it learned from its pairs`,
  },
};

type HeldOut = { readonly step: number; readonly loss: number };
