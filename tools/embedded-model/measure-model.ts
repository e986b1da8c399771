/**
 * Step 6: how good the shipped model's samples are, of SAMPLES of them: figures into measures.json, all samples into
 * samples.jsonl, and fifty drawn of them, as the card lists them, into card-samples.md (.cache/embedded-model).
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PromptId, ResponseId } from "#app/base/ids.ts";
import { rngFor, seedFor, shuffled } from "#app/base/random.ts";
import { samplingSettingsSchema } from "#app/domain/sampling.ts";
import type { SampledResponse } from "#app/rounds/ports.ts";
import { meanOf } from "#app/statistics/mean-score.ts";
import { ENGINE_OPTIONS, type OpenedModel, smolLm2, withModel } from "./engine.ts";
import { readStories, SHIPPED, WORK } from "./files.ts";
import { brokenStory, copyingOf, distinctTriples, cardSamples, isFinished, isOnTopic, sentenceMeans, thresholdFor } from "./measures.ts";
import { allWishes, promptOf, sentencesOf, somePrompts } from "./stories.ts";

const SEED = 20261125;
/** So many of the composed stories count as grammatical: those of the training text's own kind that SmolLM2 finds oddest do not. */
const CLEAN_SHARE = 0.95;
const CALIBRATION = 100;
const count = Number(process.argv[2] ?? 200);
const settings = samplingSettingsSchema.parse({ temperature: 0.7, topP: 1, maxNewTokens: 120 });
const signal = new AbortController().signal;

type Text = { readonly prompt: string; readonly text: string };

const wishOf = new Map(allWishes().map((wish) => [promptOf(wish), wish]));

async function sampleStories({ engine, policy }: OpenedModel): Promise<readonly SampledResponse[]> {
  const prompts = [...somePrompts("test", count), ...somePrompts("validation", count)].slice(0, count);
  const units = prompts.map((prompt) => ({
    promptId: prompt as PromptId, // a prompt is its own name here
    messages: [{ role: "user" as const, content: prompt }],
    sampleIndex: 0,
    seed: seedFor(SEED, "measure", prompt),
  }));
  const samples: SampledResponse[] = [];
  await engine.sample(
    { policy, settings, engine: ENGINE_OPTIONS, units },
    (event) => {
      if (event.kind === "sampled") samples.push(event.response);
    },
    signal,
  );
  return samples.sort((a, b) => (a.promptId < b.promptId ? -1 : 1));
}

/** The oddest sentence of each story: its mean log-probability a token under SmolLM2, the story before it given. */
async function oddestSentences({ engine, policy }: OpenedModel, texts: readonly Text[]): Promise<readonly number[]> {
  const prefixes = texts.map(({ text }) =>
    sentencesOf(text).map((_, i) =>
      sentencesOf(text)
        .slice(0, i + 1)
        .join(" "),
    ),
  );
  const tokens = await engine.tokeniseResponses(policy, prefixes.flat(), signal);
  let next = 0;
  const perText = prefixes.map((some) => some.map(() => tokens[next++] ?? []));
  const units = texts.map(({ prompt }, i) => ({
    responseId: String(i) as ResponseId, // a place in the list
    messages: [{ role: "user" as const, content: `Write a very short story for children: ${prompt}` }],
    tokenIds: perText[i]?.at(-1) ?? [],
  }));
  const scored = await engine.score({ policy, units, engine: ENGINE_OPTIONS }, signal);
  const logpsOf = new Map(scored.map(({ responseId, tokenLogps }) => [String(responseId), tokenLogps]));
  // The last token of each is the end of the turn.
  return perText.map((some, i) =>
    Math.min(
      ...sentenceMeans(
        logpsOf.get(String(i)) ?? [],
        some.map((ids) => ids.length - 1),
      ),
    ),
  );
}

const samples = await withModel(SHIPPED, sampleStories);
const stories = await readStories();
const held = shuffled(
  stories.filter(({ split }) => split !== "training"),
  rngFor(SEED, "calibration"),
).slice(0, CALIBRATION);
const clean = held.map(({ prompt, story }) => ({ prompt, text: story }));
const broken = clean.map(({ prompt, text }, i) => ({ prompt, text: brokenStory(text, rngFor(SEED, "broken", i)) }));
const own = samples.map(({ promptId, text }) => ({ prompt: String(promptId), text }));
const oddest = await withModel(smolLm2(), async (opened) => await oddestSentences(opened, [...clean, ...broken, ...own]));
const [cleanScores, brokenScores, ownScores] = [
  oddest.slice(0, clean.length),
  oddest.slice(clean.length, 2 * clean.length),
  oddest.slice(2 * clean.length),
];
const threshold = thresholdFor(cleanScores, CLEAN_SHARE);
const judged = samples.map((sample, i) => {
  const wish = wishOf.get(String(sample.promptId));
  return {
    prompt: String(sample.promptId),
    text: sample.text,
    isFinished: isFinished(sample.text, sample.finishReason),
    isOnTopic: wish !== undefined && isOnTopic(sample.text, wish),
    oddest: ownScores[i] ?? Number.NaN,
    isGrammatical: (ownScores[i] ?? Number.NaN) >= threshold,
  };
});
const training = stories.filter(({ split }) => split === "training").map(({ story }) => story);
const texts = judged.map(({ text }) => text);
const figures = {
  samples: judged.length,
  temperature: settings.temperature,
  finished: meanOf(judged.map((one) => Number(one.isFinished))),
  onTopic: meanOf(judged.map((one) => Number(one.isOnTopic))),
  grammatical: meanOf(judged.map((one) => Number(one.isGrammatical))),
  allThree: meanOf(judged.map((one) => Number(one.isFinished && one.isOnTopic && one.isGrammatical))),
  threshold: {
    meanLogpOfTheOddestSentence: threshold,
    composedStoriesThatPass: CLEAN_SHARE,
    brokenStoriesThatPass: meanOf(brokenScores.map((score) => Number(score >= threshold))),
  },
  distinct3: distinctTriples(texts),
  distinct3OfTraining: distinctTriples(shuffled(training, rngFor(SEED, "distinct")).slice(0, texts.length)),
  copying: copyingOf(texts, training),
  meanCharacters: meanOf(texts.map((text) => text.length)),
};
await writeFile(join(WORK, "samples.jsonl"), judged.map((one) => `${JSON.stringify(one)}\n`).join(""));
await writeFile(join(WORK, "card-samples.md"), cardSamples(judged));
await writeFile(join(WORK, "measures.json"), `${JSON.stringify(figures, null, 2)}\n`);
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
