/** The words of the shell: menus, dialogs, notifications. */

export const shellWords = {
  product: "Nash Lab",
  menu: {
    experiment: "Experiment",
    fresh: "New Experiment…",
    open: "Open Experiment…",
    all: "All Experiments",
    edit: "Edit",
    view: "View",
    commands: "All Commands",
    window: "Window",
    settings: "Settings",
    quit: "Quit Nash Lab",
  },
  dialogs: {
    experiment: "Open an experiment",
    checkpoint: "Choose a model: a folder or a GGUF file",
    prompts: "Choose a file with prompts",
    folder: "Choose a folder",
    promptFiles: "Prompts",
    modelFiles: "Models",
    allFiles: "All files",
  },
  quit: {
    title: "A run is going on",
    detail: (lines: readonly string[]) => `${lines.join("\n")}\n\nQuitting pauses it at its next unit of work. Nothing that is done is lost.`,
    leave: "Keep it running in the background",
    quit: "Pause and quit",
    cancel: "Cancel",
    closing: "Pausing what runs…",
    closingDetail: "Nash Lab ends by itself when that is done. Nothing that is done is lost either way.",
    wait: "Wait",
    now: "Quit now",
  },
  tray: { show: "Show the window", idle: "Nothing runs", quit: "Quit Nash Lab" },
  link: {
    question: "Open this address in your browser?",
    open: "Open",
    cancel: "Cancel",
  },
  lost: {
    title: "The lab process ended",
    body: "It is being started again. What was acknowledged is kept.",
    givenUp: "It ended three times in a row. Start Nash Lab again, or look at it with nashlab doctor.",
  },
  noKeychain: "this system offers no keychain, so a key cannot be kept safely; name it in the environment instead",
};
