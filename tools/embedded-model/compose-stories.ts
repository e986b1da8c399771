/** Step 3: stories for every prompt of the world, in .cache/embedded-model/stories.jsonl; STORIES a prompt. */
import { readFile, writeFile } from "node:fs/promises";
import { SENTENCES, STORIES } from "./files.ts";
import { composeStories, type Pool } from "./stories.ts";

const perPrompt = Number(process.argv[2] ?? 10);
const pool = JSON.parse(await readFile(SENTENCES, "utf8")) as Pool; // written by step 2
const stories = composeStories(pool, perPrompt);
await writeFile(STORIES, stories.map((story) => `${JSON.stringify(story)}\n`).join(""));
const training = stories.filter(({ split }) => split === "training");
const words = training.reduce((sum, { story }) => sum + story.split(" ").length, 0);
const sentences = Object.values(pool).reduce((sum, some) => sum + some.length, 0);
process.stdout.write(
  `${sentences} sentences, ${training.length} stories to train on with ${words} words, ${stories.length - training.length} held out\n`,
);
