/** What the shell and the lab process say to each other, and what a page may ask of the shell: the connection, nothing else. */
import type { Activity } from "#main/host/activity.ts";
import type { UserFolders } from "#main/host/user-folders.ts";

/** The one message of a page; the preload passes it on with the page's port. */
export const CONNECT_CHANNEL = "nashlab:connect";
/** What a menu item tells the page. */
export const COMMAND_CHANNEL = "nashlab:command";

/** The experiment that the page is to show: its key. */
export const SHOW_CHANNEL = "nashlab:show";

export const WINDOW_COMMANDS = ["palette", "experiments", "newExperiment", "openExperiment", "settings"] as const;
export type WindowCommand = (typeof WINDOW_COMMANDS)[number];

/** The name under which the host itself answers, beside the keys of experiments. */
export const HOST_TARGET = "host";

export type FileKind = "experiment" | "checkpoint" | "prompts" | "folder";

export type LabStart = {
  readonly userFolders: UserFolders;
  readonly engineEntry: string;
  readonly resources: string;
  /** The experiment that was named on the command line. */
  readonly folder: string | null;
};

/** Ports travel beside `connect` and `processStarted`. */
export type ShellMessage =
  | ({ readonly kind: "start" } & LabStart)
  | { readonly kind: "connect"; readonly target: string }
  | { readonly kind: "openExperiment"; readonly folder: string }
  | { readonly kind: "processStarted"; readonly id: number; readonly pid: number | undefined }
  | { readonly kind: "processEnded"; readonly id: number; readonly code: number }
  | { readonly kind: "chosen"; readonly id: number; readonly path: string | null }
  | { readonly kind: "secret"; readonly id: number; readonly value: string | null; readonly failure: string | null }
  | { readonly kind: "close" };

export type LabMessage =
  | { readonly kind: "activity"; readonly activity: Activity }
  | { readonly kind: "news"; readonly title: string; readonly body: string }
  | { readonly kind: "startProcess"; readonly id: number; readonly entry: string }
  | { readonly kind: "killProcess"; readonly id: number }
  | { readonly kind: "choose"; readonly id: number; readonly what: FileKind }
  /** `has` is answered with any value for yes, null for no. */
  | { readonly kind: "secretOf"; readonly id: number; readonly action: "has" | "get" | "delete"; readonly name: string }
  | { readonly kind: "keepSecret"; readonly id: number; readonly name: string; readonly value: string }
  | { readonly kind: "note"; readonly sentence: string }
  /** An experiment that somebody named is open, to be shown. */
  | { readonly kind: "show"; readonly key: string }
  /** A folder that somebody named, and why it is not open. */
  | { readonly kind: "notOpened"; readonly folder: string; readonly reason: string }
  | { readonly kind: "closed" };
