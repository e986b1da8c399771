/** What the steps of the recipe leave for the next ones, and where. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Story } from "./stories.ts";

/** Where the steps leave what the next ones read; not in the repository. */
export const WORK = fileURLToPath(new URL("../../.cache/embedded-model", import.meta.url));
export const STORIES = join(WORK, "stories.jsonl");
/** The folder with random weights that training starts from. */
export const START = join(WORK, "start");
export const SENTENCES = fileURLToPath(new URL("sentences.json", import.meta.url));
/** What ships. */
export const SHIPPED = fileURLToPath(new URL("../../resources/embedded-model", import.meta.url));

/** Its prompts and settings for the demo. */
export const DEMO = fileURLToPath(new URL("../../resources/demo", import.meta.url));

export async function readLines<Line>(path: string): Promise<readonly Line[]> {
  const text = await readFile(path, "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line); // written by an earlier step
}

export async function readStories(): Promise<readonly Story[]> {
  return await readLines<Story>(STORIES);
}
