/** How a command ends, for scripts: one number each. */

export const EXIT = {
  ok: 0,
  /** The run, or the command itself, failed. */
  failed: 1,
  /** What was given cannot be used; nothing was changed. */
  badInput: 2,
  /** A round stands still until people have judged. */
  waitsForPeople: 3,
  /** No experiment folder, or one that cannot be owned or attached to. */
  folder: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The table as help and documentation print it. */
export const EXIT_CODE_TABLE: readonly (readonly [ExitCode, string])[] = [
  [EXIT.ok, "done"],
  [EXIT.failed, "the run failed"],
  [EXIT.badInput, "bad input: unknown option, bad file, bad value; nothing was changed"],
  [EXIT.waitsForPeople, "the round waits for people to judge"],
  [EXIT.folder, "no experiment in the folder, or the folder cannot be used"],
  [EXIT.interrupted, "interrupted; the run is paused and can be resumed"],
];
