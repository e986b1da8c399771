/** The entry of the lab process: takes the shell's messages in order, and ends when the shell says so. */
import { openLab } from "#main/lab/compose.ts";
import type { ShellMessage } from "../messages.ts";
import { type LabService, notOpened, startLabService } from "./lab-service.ts";
import { createShellLink } from "./shell-link.ts";

const parent = process.parentPort;
const link = createShellLink(parent);
let service: Promise<LabService> | undefined;

parent.on("message", ({ data, ports }) => {
  const message = data as ShellMessage; // only the shell has the other end of this port
  if (link.take(message, ports)) return;
  switch (message.kind) {
    case "start":
      service = startLabService(message, link, { openLab });
      return;
    case "connect": {
      const [port] = ports;
      if (port === undefined) return;
      // A port holds its messages until there is somebody to answer.
      service?.then(
        (one) => {
          one.connect(message.target, port);
        },
        () => {
          port.close();
        },
      );
      return;
    }
    case "openExperiment":
      void open(message.folder);
      return;
    case "close":
      void close();
      return;
    default:
  }
});

/** Whoever named the folder looks at the window: it shows the experiment, or says why not. */
async function open(folder: string): Promise<void> {
  try {
    const opened = await (await service)?.open(folder);
    if (opened !== undefined) link.say({ kind: "show", key: opened.key });
  } catch (thrown) {
    link.say(notOpened(folder, thrown));
  }
}

async function close(): Promise<void> {
  try {
    await (await service)?.close();
  } finally {
    link.say({ kind: "closed" });
  }
}
