/** What the lab says of a policy that may be collapsing (app/statistics/collapse-watch.ts decides). */
import { fixed, shortest } from "./language.ts";

function wholePercent(share: number): string {
  return `${fixed(100 * share, 0)} %`;
}

export const watchWords = {
  kl: (natsPerToken: number, limit: number) =>
    `It has moved ${fixed(natsPerToken, 2)} nats a token from the first policy; more than ${shortest(limit)} is far.`,
  entropy: (share: number) => `It varies little: its entropy a token is ${wholePercent(share)} of the first policy's.`,
  distinct3: (share: number) => `It repeats itself: its share of different word triples is ${wholePercent(share)} of the first policy's.`,
  finished: (now: number, first: number) =>
    `Fewer of its responses end by themselves: ${wholePercent(now)}, of the first policy's ${wholePercent(first)}.`,
  length: (times: number) => `Its responses are ${fixed(times, 1)} times as long as the first policy's; a judge may like length alone.`,
  perplexity: (times: number) => `It loses its grip on plain text: its perplexity there is ${fixed(times, 2)} times the first policy's.`,
};
