/** The words that say what an experiment lacks before its first round. */

export const gettingStartedText = {
  experiment: {
    title: "This folder holds no experiment yet",
    sentence: "An experiment is a chain of rounds with one configuration and one seed. Make one, and its screens fill.",
    command: "nashlab init",
  },
  policy: {
    title: "The experiment has no policy yet",
    sentence: "A policy is a checkpoint on this machine: a Hugging Face folder or a GGUF file. The first round starts from it.",
    command: "nashlab policy add PATH",
  },
  prompts: {
    title: "The experiment has no prompts yet",
    sentence: "The policy answers prompts several times each; some are held out to measure what came of it.",
    command: "nashlab prompts import FILE",
  },
  setUp: "Set it up",
  showExperiments: "Go to all experiments",
  /** Beside a button that does the same. */
  orInTerminal: "Or in a terminal: {command}",
  inTerminal: "In a terminal: {command}",
};
