/** The application's menu. Its accelerators are those of the page's own keys, so that they are found where people look. */
import { Menu, type MenuItemConstructorOptions } from "electron";
import { shellWords } from "#app/text/shell.ts";
import type { WindowCommand } from "./messages.ts";

const words = shellWords.menu;

export type MenuActions = {
  readonly command: (command: WindowCommand) => void;
  readonly quit: () => void;
};

export function setMenu(actions: MenuActions, platform: NodeJS.Platform): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(actions, platform)));
}

/** What the menu holds. */
export function menuTemplate({ command, quit }: MenuActions, platform: NodeJS.Platform): MenuItemConstructorOptions[] {
  const item = (label: string, name: WindowCommand, accelerator: string): MenuItemConstructorOptions => ({
    label,
    accelerator,
    click: () => {
      command(name);
    },
  });
  const quitItem: MenuItemConstructorOptions = { label: words.quit, accelerator: "CmdOrCtrl+Q", click: quit };
  const settings = item(words.settings, "settings", "CmdOrCtrl+,");
  const isMac = platform === "darwin";
  const ofApp: MenuItemConstructorOptions[] = [
    {
      label: shellWords.product,
      submenu: [
        { role: "about" },
        { type: "separator" },
        settings,
        { type: "separator" },
        { role: "hide" },
        { role: "hideOthers" },
        { role: "unhide" },
        { type: "separator" },
        quitItem,
      ],
    },
  ];
  return [
    ...(isMac ? ofApp : []),
    {
      label: words.experiment,
      submenu: [
        item(words.fresh, "newExperiment", "CmdOrCtrl+N"),
        item(words.open, "openExperiment", "CmdOrCtrl+O"),
        item(words.all, "experiments", "CmdOrCtrl+0"),
        ...(isMac ? [] : [{ type: "separator" } as const, settings, { type: "separator" } as const, quitItem]),
      ],
    },
    {
      label: words.edit,
      submenu: [
        { role: "undo" },
        { role: "redo" },
        { type: "separator" },
        { role: "cut" },
        { role: "copy" },
        { role: "paste" },
        { role: "selectAll" },
      ],
    },
    {
      label: words.view,
      submenu: [
        item(words.commands, "palette", "CmdOrCtrl+K"),
        { type: "separator" },
        // Not resetZoom's usual Ctrl+0, which shows all experiments.
        { role: "resetZoom", accelerator: "CmdOrCtrl+Shift+0" },
        { role: "zoomIn" },
        { role: "zoomOut" },
        { type: "separator" },
        { role: "togglefullscreen" },
      ],
    },
    { label: words.window, submenu: [{ role: "minimize" }, { role: "close" }] },
  ];
}
