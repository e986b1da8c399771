/**
 * The words of what surrounds every screen. How words are kept: each screen has one file here that exports one object,
 * typed by its own form, so that a translation of it is checked by the compiler (`const german: typeof shellText`).
 * Plain sentences are strings; those with a number or a name in plain text are functions; those with parts that are
 * drawn (bold, links, tags) go through `Fill`; plural forms, numbers and dates come from app/text/language.ts. Components hold
 * no words of their own; a lint rule sees to it. What the lab says, whoever shows it, is in app/text (docs/adr/0013).
 */
import { plural } from "#app/text/language.ts";

export const shellText = {
  product: "Nash Lab",
  navigation: "Screens",
  pageTitle: (screen: string, experiment: string) => [screen, experiment, "Nash Lab"].filter((part) => part !== "").join(" · "),
  noExperiment: "No experiment",
  noPolicy: "no policy yet",
  screens: {
    rounds: "Rounds",
    annotate: "Annotate",
    judgments: "Judgments",
    training: "Training",
    results: "Results",
    policies: "Policies",
    settings: "Settings",
    experiments: "All experiments",
  },
  newer:
    "**Only to be looked at.** A newer version of the lab wrote this experiment (schema {schema}; this one knows {known}). You can read all of it; nothing in it can be changed here. Open it with that version to go on.",
  notAnswering: "The lab is not answering.",
  showExperiments: "Show all experiments",
  policyProgress: (message: string, percent: string) => `${message}, ${percent}\u00a0%`,
  connection: {
    connecting: "Connecting…",
    open: "Connected",
    lost: "Not answering",
    refused: "Not let in",
  },
  toast: {
    lost: "**The lab is not answering** since {time}. {consequence}",
    isLastWord: "What is shown is its last word. The page goes on trying.",
    keepsVerdicts: (count: number) =>
      `${plural(count, { one: "Your last verdict is", other: `Your last ${count} verdicts are` })} kept here and sent as soon as it does.`,
    tryNow: "Try now",
    back: "**The lab answers again.** Everything shown was read anew.",
  },
  entrance: {
    noToken: { title: "This address has no key", sentence: "The lab lets a page in by the token in its address." },
    oldToken: {
      title: "This address is an old one",
      sentence: "The lab was started anew since, and a new start makes a new key. Verdicts that were not sent yet are kept in this browser.",
    },
    spentOnce: {
      title: "This address lets no page in any more",
      sentence:
        "It was for one page, within a minute of the start. If you opened it in time and were not let in, someone else on this machine may have been: then end the lab and start it anew.",
    },
    wayIn: "Open the address that `nashlab open` printed last.",
  },
};
