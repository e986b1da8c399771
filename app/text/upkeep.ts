/** What the lab says of what keeps it tidy: the doctor's findings, the support report. */
import { counted, gigabytes } from "./language.ts";
import { nouns } from "./nouns.ts";

export const upkeepWords = {
  /** The names of what the doctor looks at, and what it finds. */
  doctor: {
    node: "Node",
    processor: "processor",
    memory: "memory",
    disk: "disk",
    engine: "engine",
    database: "database",
    rules: "rules of the database",
    policy: (name: string) => `policy ${name}`,
    device: (name: string) => `device ${name}`,
    devices: "devices",
    nodeFound: (version: string, platform: string) => `${version} on ${platform}`,
    processorFound: (model: string | undefined, threads: number) => `${model ?? "unknown"}, ${counted(threads, nouns.threads)}`,
    memoryFound: (free: number, total: number) => `${gigabytes(free)} free of ${gigabytes(total)}`,
    deviceFound: (state: { readonly isReady: boolean; readonly isChosen: boolean; readonly isTested: boolean }, found: string) =>
      `${state.isReady ? "ready" : "not to be used"}${state.isChosen ? ", chosen" : ""}${state.isTested ? "" : ", untested"}: ${found}`,
    diskFound: (free: number) => `${gigabytes(free)} free where the experiment lies`,
    diskLow: (free: number, needed: number) => `only ${gigabytes(free)} free where the experiment lies; at least ${gigabytes(needed)} are needed`,
    databaseSound: (schema: number) => `schema ${schema}, sound`,
    allHold: "all hold",
    broken: (rules: readonly { readonly name: string; readonly rows: number }[]) =>
      `broken: ${rules.map(({ name, rows }) => `${name} (${rows})`).join("; ")}`,
    checkpointGone: (path: string) => `its checkpoint is no longer at ${path}`,
    files: (checkpoint: string, adapter: string | null) => `${checkpoint}${adapter === null ? "" : ` and adapter ${adapter}`}`,
  },
  leftOut: "(left out)",
  aPolicy: "a policy",
  notRemoved: (round: number, step: number, reason: string) => `round ${round}, step ${step}: ${reason}`,
  roundRuns: "a round is running, and may be using what would go; pause it first, or only look (--dry-run)",
  trainingCheckpoint: (round: number, step: number) => `round ${round}, training checkpoint of step ${step}`,
  why: {
    runAgain: "of a training run that was run again",
    done: "of a training run that is done",
    older: "older than the newest, and not the best",
    merged: "no policy rests on it; it can be merged again",
    stray: "left by a process that ended in the middle; no record names it",
  },
  kept: {
    adapters: "adapters of policies",
    exports: "checkpoints that rounds trained: never removed",
    checkpoints: "training checkpoints: needed to go on, or kept by the rule",
  },
};
