/** The words of the list of experiments, of making one, and of the first run. */
import { unitForms } from "#app/text/counts.ts";
import { nouns } from "#app/text/nouns.ts";
import { count, counted } from "../design/format.ts";

export const experimentText = {
  title: "Experiments",
  all: "All experiments",
  openFolder: "Open folder",
  reading: "Looking at the experiments…",
  opening: (name: string) => `Opening ${name}…`,
  recent: "Recent",
  find: "Find",
  noneYet: "None yet. Make one above, or open the folder of one that is on this machine.",
  openNamed: (name: string) => `Open ${name}`,
  nothingFound: (query: string) => `No experiment on the list is called “${query}”.`,
  dropHere: "Drop an experiment’s folder to open it",
  dropNotes: {
    noPath: "A browser does not say where a folder lies. Choose it with Open folder.",
  },
  fresh: {
    title: "New experiment",
    hint: "a chain of rounds with one configuration, in a folder of its own",
    people: { title: "People judge", sentence: "You and others say which answer is better, one key a pair." },
    script: { title: "A script judges", sentence: "A rule such as a length or a list of words. Quick and free, for trying things out." },
    demo: { title: "The demo", sentence: "A small model that writes stories, and a script that likes a happy end. Two rounds begin at once." },
  },
  columns: { experiment: "Experiment", now: "Now", best: "Best policy against its first", opened: "Opened" },
  about: (policy: string | null, rounds: number) => `${policy ?? "no policy yet"} · ${rounds === 0 ? "no rounds" : counted(rounds, nouns.rounds)}`,
  notStarted: (prompts: number, policy: string | null) => {
    if (policy === null) return "Needs a policy";
    return prompts === 0 ? "Needs prompts" : "Not started";
  },
  roundNow: (round: number, state: string) => `Round ${round}, ${state}`,
  progress: (done: number, total: number | null, unit: string) =>
    total === null ? counted(done, unitForms[unit] ?? { other: unit }) : `${count(done)} of ${count(total)}`,
  doing: { sample: "sampling", judge: "judging", pair: "pairing", train: "training", evaluate: "evaluating" },
  states: {
    done: "done",
    people: (left: number) => `waits for people: ${counted(left, nouns.comparisons)}`,
    running: (doing: string, progress: string) => `${doing}: ${progress}`,
    paused: (doing: string) => `paused in ${doing}`,
    interrupted: (doing: string) => `interrupted in ${doing}`,
    failed: (doing: string) => `stopped in ${doing}`,
    before: (doing: string) => `before ${doing}`,
  },
  noBest: "no round finished yet",
  interval: (percent: string, low: string, high: string, n: number) => `**${percent}\u00a0%** ${low}–${high} n\u00a0${count(n)}`,
  more: (name: string) => `More about ${name}`,
  menu: { open: "Open", forget: "Take off this list" },
  forgotten: (name: string) => `Took ${name} off the list. Its folder stays as it is.`,
  undo: "Undo",
  putAway: "Put this message away",
  dialog: {
    title: "New experiment",
    name: "Name",
    nameHint: "What it is about, such as “Shorter replies”.",
    folder: "Folder",
    folderHint: (place: string) => `A new one below ${place}`,
    chooseFolder: "Choose another folder",
    oracle: "Who judges",
    create: "Make it",
    creating: "Making it…",
    cancel: "Cancel",
    next: "Next, the experiment asks for a policy and prompts.",
  },
  firstRun: {
    headline: "Improve a language model by saying which answer is better.",
    lead: "Nash Lab shows you two answers at a time. What you prefer, and what judges prefer, trains the next version of the model. Then it measures honestly whether that version is better.",
    steps: [
      { title: "The model answers", sentence: "Several times to each prompt, on this computer." },
      { title: "You or a judge prefer", sentence: "One key for each pair. Nobody sees who wrote what." },
      { title: "The next policy is trained", sentence: "And must beat the last one on prompts it has never seen." },
    ],
    even: "even",
    demo: "Run the demo",
    preparing: "Preparing the demo…",
    own: "Start with my own model",
    open: "Open an experiment",
    demoNote: "Two rounds in a few minutes, without network or key, on 20\u00a0MB of disk.",
    demoOracle: "A script judges the demo. It likes",
    demoOracles: {
      "happy-ending": "stories that end well",
      "place-described": "stories that describe the place",
      cycle: "happy over open, open over sad, sad over happy endings",
      random: "nothing: it tosses a coin",
    },
    looking: "Looking at this machine…",
    machine: (cores: number, memory: string) => `${counted(cores, nouns.cores)}, ${memory} of memory`,
    privacy: "Nothing leaves this computer unless you name the place",
  },
};
