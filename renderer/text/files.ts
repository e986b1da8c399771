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
