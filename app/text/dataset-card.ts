/** The words of a dataset's card. The field's own words (column names, tags) are no part of them. */
import { counted } from "./language.ts";
import { nouns } from "./nouns.ts";

export const cardWords = {
  lead: (facts: { readonly pairs: number; readonly shape: string; readonly version: string; readonly madeAt: string; readonly seed: number }) =>
    `Preference pairs from an experiment with Direct Nash Optimization, ${facts.pairs} in all, in the shape ${facts.shape}. Made by Nash Lab ${facts.version} on ${facts.madeAt}; the experiment's seed is ${facts.seed}.`,
  licence: "The prompts and responses keep the licences of where they came from; whoever publishes this names one at the head of this page.",
  none: "None.",
  shapes: {
    trl: "of TRL's preference rows with an explicit, conversational prompt",
    trlText: "of TRL's preference rows with an explicit prompt as text",
    ultraFeedback: "of UltraFeedback binarised",
  },
  files: {
    title: "Files",
    sentence: "Row n of provenance tells of row n of pairs. Judgments are all that were ever made; those that count have is_live.",
    columns: ["file", "rows", "SHA-256"],
  },
  rounds: {
    title: "Rounds",
    sentence:
      "The policy samples and is the reference of the loss. Flips: comparisons whose two orders disagree. The hash is of all that the pairs were made from.",
    columns: ["round", "policy", "responses", "asks", "flips", "pairs", "new policy", "input hash"],
  },
  settings: {
    title: "Settings",
    sentence: "Every draw follows from the seed.",
    columns: ["round", "seed", "sampling", "orders", "pair rule", "loss"],
    sampling: (responses: number, temperature: number, topP: number, tokens: number) =>
      `K ${responses}, temperature ${temperature}, top-p ${topP}, ${counted(tokens, nouns.tokens)}`,
    orders: { list: "one list", both: "both orders", one: "one order, drawn" },
  },
  policies: {
    title: "Policies",
    sentence: "A policy is a checkpoint and at most one adapter, each known by the hash of its content.",
    columns: ["policy", "parent", "family", "parameters", "checkpoint", "adapter"],
  },
  oracles: {
    title: "Oracles and templates",
    sentence: "Versions are hashes of the configuration, or of the template's text.",
    columns: ["name", "kind", "version", "asks", "configuration"],
    oracle: "oracle",
    template: "template",
  },
  imports: {
    title: "Where the prompts came from",
    sentence: "Files as they were imported.",
    columns: ["file", "format", "shape", "new prompts", "teacher responses", "preferences", "SHA-256"],
  },
};
