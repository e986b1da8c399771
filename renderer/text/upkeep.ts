/** The words of what keeps a lab tidy: disk space that nothing needs, checkpoints that stayed, a report for whoever helps. */
import { counted, plural } from "#app/text/language.ts";
import { nouns } from "#app/text/nouns.ts";
import { bytes } from "../design/format.ts";

export const upkeepText = {
  disk: {
    sub: "Old training checkpoints, merged checkpoints that can be made again, and what a kill left behind. Responses, judgments, adapters, and whatever a run goes on from are never among them.",
    look: "Look what can go",
    title: "What nothing needs any more",
    looking: "Looking at the experiment’s files…",
    nothing: "Nothing can go: every file is needed.",
    columns: { what: "What", why: "Why it can go", size: "Size" },
    kept: (what: string, count: string, size: string) => `${what}: ${count}, ${size}`,
    stays: "What stays",
    cancel: "Leave it",
    close: "Close",
    remove: (things: number, size: number) => `Remove ${counted(things, nouns.things)}, ${bytes(size)}`,
    removing: "Removing…",
    removed: (things: number, size: number) => `Removed ${counted(things, nouns.things)}, ${bytes(size)}.`,
  },
  notRemoved: {
    note: (count: number) =>
      `**${counted(count, nouns.checkpoints)} could not be removed** and ${plural(count, { one: "takes", other: "take" })} up disk. All else is well. {reason}`,
    look: "Look what can go",
  },
  report: {
    sub: "One file for whoever helps you: versions, what the lab found on this machine, settings, counts, the states of stages. No prompt, no response, no key, no name, no path of yours.",
    path: "Where, on the lab’s machine",
    withErrors: "With the words of errors",
    withErrorsSub: "What stages said when they failed. They may hold words of a prompt: read the file before you send it.",
    write: "Write the report",
    writing: "Writing…",
    written: (path: string, parts: string) => `Wrote ${path}. It holds ${parts}.`,
  },
};
