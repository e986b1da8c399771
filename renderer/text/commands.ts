/** The words of the command palette and of the commands that every screen has. */

export const commandText = {
  title: "Commands",
  placeholder: "What do you want to do?",
  nothing: (query: string) => `Nothing here is called “${query}”.`,
  open: "Commands",
  groups: { screens: "Go to", experiments: "Experiments", page: "This page", lab: "This experiment" },
  palette: "Show all commands",
  newExperiment: "New experiment",
  openExperiment: "Open an experiment’s folder",
  demo: "Run the demo",
  theme: { light: "Light colours", dark: "Dark colours", auto: "Colours as the system has them" },
  pause: "Pause the round",
  tryConnection: "Try the connection to the lab now",
};
