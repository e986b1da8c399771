/** The words of Judgments: the ledger, its filters and the inspector (renderer/text/shell.ts says how words are kept). */
import type { Verdict } from "#app/domain/verdict.ts";
import { count, counted, plural } from "#app/text/language.ts";
import { nouns } from "#app/text/nouns.ts";

const verdictWord = (verdict: Verdict): string => {
  switch (verdict.kind) {
    case "prefers":
      return verdict.winner;
    case "tie":
      return "tie";
    case "bothBad":
      return "both bad";
    case "abstains":
      return "skipped";
    case "invalid":
      return "invalid";
    default:
      return verdict satisfies never;
  }
};

export const judgmentsText = {
  title: "Judgments",
  crumb: (total: string, rounds: number) => `${total} in ${rounds} ${plural(rounds, nouns.rounds)}`,
  reading: (total: number) => `Reading ${counted(total, nouns.judgments)}…`,
  asking: "Asking the lab…",
  empty: {
    title: "Nothing has been judged yet",
    sentence: "When people, a judge or a script say which response they prefer, each verdict is kept here.",
    none: "No judgment fits these filters",
    noneSentence: "Take a filter off, or search for other words.",
    hasLists: (count: string) => `Here the judge scores whole lists of responses: ${count} of them are kept under “Lists of scores”.`,
    clear: "Take all filters off",
    toRounds: "Go to Rounds",
    toLists: "Show the lists of scores",
    toJudgments: "Show the judgments",
  },
  search: "Search",
  searchLabel: "Search prompts, responses and reasons",
  filters: "Filters",
  round: (round: number) => `Round ${round}`,
  roundFilter: "Round",
  allRounds: "All rounds",
  kinds: { person: "People", judge: "Judges", script: "Scripts" },
  verdictFilter: "Verdict",
  anyVerdict: "Any verdict",
  verdicts: { prefers: "One side preferred", tie: "Tie", bothBad: "Both bad", abstains: "Skipped", invalid: "Invalid", retraction: "Taken back" },
  authorFilter: "Author",
  anyAuthor: "Anybody",
  disputes: (count: string) => `Disputes ${count}`,
  invalid: (count: string) => `Invalid ${count}`,
  inForce: "In force",
  ratedBy: (first: string, second: string) => `Judged by ${first} and ${second}`,
  columns: { time: "Time", prompt: "Prompt", author: "Oracle", verdict: "Verdict", disagreement: "Disagrees with", took: "Took", cost: "Cost" },
  sortBy: (column: string) => `Sort by ${column.toLowerCase()}`,
  grid: "Judgments",
  verdict: verdictWord,
  strongVerdict: (verdict: Verdict) =>
    verdict.kind === "prefers" && verdict.strength === "clear" ? `${verdictWord(verdict)}, much better` : verdictWord(verdict),
  takenBack: "taken back",
  superseded: "superseded",
  disagreement: { itself: "itself", people: "another person", peopleAndJudge: "the other kind", judges: "another judge" },
  none: "none",
  foot: {
    count: (shown: number, total: number) => `${count(shown)} of ${counted(total, nouns.judgments)}`,
    newer: (count: string) => `${count} new: show them`,
    move: "move",
    open: "open",
  },
  work: (disputes: number) => `Work through ${counted(disputes, nouns.disputes)}`,
  export: {
    button: "Export",
    reading: "Reading the judgments…",
    whileRead: "It waits until the judgments that fit have been counted.",
    nothing: "There is no judgment here to be saved.",
    progress: (done: string, total: string) => `${done} of ${total} read`,
    stop: "Stop",
  },
  lists: {
    switch: "Which ledger",
    judgments: "Judgments",
    title: (count: string) => `Lists of scores ${count}`,
    crumb: (lists: number) => `${counted(lists, { one: "list of responses", other: "lists of responses" })}, scored together`,
    grid: "Lists of scores",
    scores: "Scores, as shown",
    failed: "no usable answer",
    none: "No list has been scored yet",
    noneSentence: "Where a judge scores all responses of a prompt at once (the paper’s mode), each list is kept here.",
    label: "The list that is open",
    claim: (oracle: string, responses: number) => `${oracle} scored ${counted(responses, nouns.responses)}.`,
    failedClaim: (oracle: string) => `${oracle} gave no usable answer.`,
    rule: "Scores are of this list alone: they are never compared with those of another.",
    place: (place: number) => `${place}.`,
    score: (score: number) => `score ${score}`,
    noScore: "no score",
  },
  inspector: {
    label: "The judgment that is open",
    previous: "Previous",
    next: "Next",
    close: "Close",
    place: (place: string, total: string) => `${place} of ${total}`,
    prompt: "Prompt",
    first: "First",
    second: "Second",
    sample: (source: string, index: number) => `${source}, sample ${index + 1}`,
    opinions: "What was said of the two",
    columns: { oracle: "Oracle", verdict: "Verdict", shown: "Shown", took: "Took", cost: "Cost" },
    asStored: "as stored",
    swapped: "swapped",
    reasonOf: (author: string) => `${author}’s reason.`,
    raw: "Raw reply, as stored",
    noRaw: "No raw reply: a person pressed a key, or a script decided.",
    tokens: (prompt: number, reply: number) => `${counted(prompt, nouns.tokens)} in, ${count(reply)} out`,
    criterion: (name: string) => `on ${name}`,
    correction: "correction",
    purposes: { training: "", evaluation: "held-out", practice: "practice", control: "control item", repeat: "asked again" },
    headline: {
      itself: (author: string) => `${author} says different things of the same two responses.`,
      people: "People say different things of these two responses.",
      peopleAndJudge: "A person and another oracle say different things of these two responses.",
      judges: "Two oracles say different things of these two responses.",
      agree: (author: string, verdict: string) => `${author}: ${verdict}`,
    },
    rule: "A correction is a new record; the old one stays.",
    blind: {
      roundClosed: "Who wrote which response is shown once the round is closed.",
      disputeSettled: "Who wrote which response is shown once the dispute is settled.",
    },
    settled: "Somebody has looked at this dispute and left it as it is.",
    again: (author: string) => `Ask ${author}, blind`,
    correct: (author: string) => `Correct ${author}’s verdict`,
    leave: "Leave as it is",
    correctTitle: "The verdict as it should be",
    choices: {
      first: "First is better",
      firstMuch: "First is much better",
      second: "Second is better",
      secondMuch: "Second is much better",
      tie: "Tie",
      bothBad: "Both bad",
    },
    why: "Why, if you like to say it",
    asAuthor: (author: string) => `kept under the name ${author}`,
    keep: "Keep the correction",
    keeping: "Keeping it",
    noVerdict: "Choose the verdict as it should be first.",
    cancel: "Cancel",
    corrected: "Corrected. The old one is kept.",
    correctedDone: "Corrected. The old one is kept. The stage was done: redo the stages after it for pairs and win rates to follow.",
    left: "Left as it is. It comes back if another judgment of the two comes.",
    askedAgain: (author: string) => `It waits in ${author}’s disputes now.`,
    correctionTakenBack: "The correction is taken back. What had been said holds again.",
    reopened: "The dispute is open again.",
    needName: "Give a name in {annotate} first: a correction is kept under it.",
    reading: "Reading the judgment…",
  },
};
