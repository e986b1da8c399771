/** The lab process: the host's desk and its labs, answering the window's ports; the same as in the browser but for the carrier. */
import type { MessagePortMain } from "electron";
import { createActivityWatch } from "#main/host/activity.ts";
import { connectLab } from "#main/host/connect.ts";
import { createDesk, type Desk, type OpenedExperiment } from "#main/host/desk.ts";
import { createHostRouter } from "#main/host/host-router.ts";
import { isOfflineByEnvironment } from "#main/host/offline.ts";
import { openOrBegin } from "#main/host/open-or-begin.ts";
import { servePorts } from "#main/host/rpc-ports.ts";
import { createNodeSecrets } from "#main/host/secrets.ts";
import type { OpenLab } from "#main/lab/lab.ts";
import { lookAtExperiment } from "#main/lab/look.ts";
import { readVersion } from "#main/lab/version.ts";
import { HOST_TARGET, type LabMessage, type LabStart } from "../messages.ts";
import type { ShellLink } from "./shell-link.ts";

export type LabDrivers = {
  readonly openLab: OpenLab;
};

export type LabService = {
  /** Answers a page's port: the host, or the lab of a known experiment; any other is closed. */
  connect(target: string, port: MessagePortMain): void;
  /** Opens the experiment of a folder, or begins one there, as at the start. Throws LabError if it cannot be opened. */
  open(folder: string): Promise<OpenedExperiment>;
  close(): Promise<void>;
};

export async function startLabService(start: LabStart, link: ShellLink, drivers: LabDrivers): Promise<LabService> {
  const { userFolders } = start;
  const note = (sentence: string): void => {
    link.say({ kind: "note", sentence });
  };
  const isOffline = isOfflineByEnvironment(process.env);
  const secrets = createNodeSecrets(process.env, async () => await Promise.resolve(link.keychain));
  const watch = createActivityWatch({
    onActivity: (activity) => {
      link.say({ kind: "activity", activity });
    },
    onNews: ({ title, body }) => {
      link.say({ kind: "news", title, body });
    },
  });
  const desk = await createDesk({
    userFolders,
    look: lookAtExperiment,
    nowMs: () => Date.now(),
    note,
    onOpened: watch.follow,
    connect: async (folder) =>
      await connectLab(
        folder,
        async (takenOverFrom) =>
          await drivers.openLab({
            folder,
            processHost: link.processHost,
            host: "electron",
            cacheDir: userFolders.cache,
            takenOverFrom,
            engineEntry: start.engineEntry,
            secrets,
            isOffline,
          }),
        { note, warn: note, isOffline },
      ),
  });
  let shown: OpenedExperiment | null = await openFirst(desk, start.folder, link, note);
  const serveHost = servePorts(
    createHostRouter({
      desk,
      userFolders,
      version: readVersion(),
      kind: "window",
      experiment: () => shown,
      resources: start.resources,
      choose: link.choose,
    }),
  );
  return {
    connect: (target, port) => {
      if (target === HOST_TARGET) {
        serveHost(port, "owner");
        return;
      }
      desk.line(target).then(
        (line) => {
          line.servePort(port, "owner");
        },
        (thrown: unknown) => {
          note(sentenceOf(thrown));
          port.close();
        },
      );
    },
    open: async (folder) => {
      const opened = await openOrBegin(desk, folder, note);
      shown = opened;
      return opened;
    },
    close: async () => {
      watch.close();
      await desk.close();
    },
  };
}

/** The experiment that was named, else the one that was open last; a folder that cannot be opened is said, and the list shown. */
async function openFirst(
  desk: Desk,
  named: string | null,
  link: Pick<ShellLink, "say">,
  note: (sentence: string) => void,
): Promise<OpenedExperiment | null> {
  try {
    if (named !== null) return await openOrBegin(desk, named, note);
    const last = (await desk.cards()).find((card) => card.problem === null);
    return last === undefined ? null : await desk.open(last.folder);
  } catch (thrown) {
    if (named === null) note(sentenceOf(thrown));
    else link.say(notOpened(named, thrown));
    return null;
  }
}

export function notOpened(folder: string, thrown: unknown): Extract<LabMessage, { readonly kind: "notOpened" }> {
  return { kind: "notOpened", folder, reason: sentenceOf(thrown) };
}

function sentenceOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
