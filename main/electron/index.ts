/** The entry of the lab in a window. Nothing here waits at the top level: "ready" comes only when this file has been read. */
import { app } from "electron";
import { registerScheme } from "./app-protocol.ts";
import { folderArgument } from "./arguments.ts";
import { guardEveryPage, type Shell, startShell } from "./shell.ts";

// One lab a user: a second start shows the window of the first, and its folder there.
if (app.requestSingleInstanceLock()) {
  registerScheme();
  guardEveryPage();
  let shell: Shell | undefined;
  const early: (string | null)[] = [];
  app.on("second-instance", (_event, argv, workingDirectory) => {
    const folder = folderArgument(argv, workingDirectory);
    if (shell === undefined) early.push(folder);
    else shell.openAgain(folder);
  });
  void app.whenReady().then(() => {
    shell = startShell(import.meta.dirname, folderArgument(process.argv, process.cwd()));
    for (const folder of early) shell.openAgain(folder);
  });
} else {
  app.quit();
}
