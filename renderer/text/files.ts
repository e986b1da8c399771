/** The words of choosing a file or folder of this machine. */

export const fileText = {
  titles: {
    experiment: "Open an experiment",
    checkpoint: "Choose a model",
    prompts: "Choose a file with prompts",
    folder: "Choose a folder",
  },
  wanted: {
    experiment: "A folder that holds an experiment.",
    checkpoint: "A Hugging Face folder with safetensors, a GGUF file, or a PEFT adapter’s folder.",
    prompts: "JSON lines, a JSON array, CSV, Parquet or plain text.",
    folder: "Any folder.",
  },
  path: "Path",
  up: "Up",
  home: "Home",
  reading: "Reading the folder…",
  whileReading: "The folder is still being read.",
  topmost: "No folder lies above this one.",
  nothingChosen: {
    experiment: "Choose the folder of an experiment, or type its path.",
    checkpoint: "Choose a model, or type its path.",
    prompts: "Choose a file with prompts, or type its path.",
    folder: "Choose a folder, or type its path.",
  },
  ofNoUse: {
    experiment: "It is no experiment’s folder.",
    checkpoint: "It is no model.",
    prompts: "It is no file of prompts.",
    folder: "It is no folder.",
  },
  nothing: "This folder is empty. Go up, or type the path of another.",
  unreadable: (sentence: string) => `${sentence} Go up, or type the path of another folder.`,
  isCut: "Only the first 500 entries are shown. Type the path to reach the others.",
  uses: { experiment: "experiment", checkpoint: "model", adapter: "adapter", prompts: "prompts", other: "" },
  take: {
    experiment: "Open this experiment",
    checkpoint: "Use this model",
    prompts: "Look at this file",
    folder: "Use this folder",
  },
  cancel: "Cancel",
  entries: "Files and folders",
};
