/** The model that ships: what Transformers makes of it (tests/golden/embedded-model/make-stories.py), and that its stories are what they should be. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { PromptId, ResponseId } from "#app/base/ids.ts";
import { seedFor } from "#app/base/random.ts";
import { engineOptionsSchema } from "#app/domain/device.ts";
import { samplingSettingsSchema } from "#app/domain/sampling.ts";
import type { PolicyWeights, SampledResponse } from "#app/rounds/ports.ts";
import { createEngineClient, type EngineClient } from "#main/engine/client.ts";
import { createForkHost } from "#main/host/process-host.ts";
import { openStore, type Store } from "#main/store/store.ts";
import { sharedTempFolder } from "#tests/support/temp-folder.ts";
import { isFinished, isOnTopic } from "#tools/embedded-model/measures.ts";
import { allWishes, promptOf, somePrompts } from "#tools/embedded-model/stories.ts";

const MODEL = fileURLToPath(new URL("../../../resources/embedded-model", import.meta.url));
const ENTRY = fileURLToPath(new URL("../../../main/engine/process/engine-process.ts", import.meta.url));

type Golden = {
  readonly weightsSha256: string;
  readonly prompt: string;
  readonly story: string;
  readonly storyIds: readonly number[];
  readonly tokenLogps: readonly number[];
};
const golden = JSON.parse(readFileSync(new URL("../../golden/embedded-model/stories.json", import.meta.url), "utf8")) as Golden; // made by the script

const ENGINE_OPTIONS = engineOptionsSchema.parse({});

const home = sharedTempFolder();
const signal = new AbortController().signal;
let store: Store;
let engine: EngineClient;
let policy: PolicyWeights;

beforeAll(async () => {
  store = await openStore(home, { nowMs: () => 0 });
  engine = createEngineClient({ processHost: createForkHost(), entry: ENTRY, cacheDir: join(home, "cache"), artefacts: store.artefacts });
  const { hash } = await engine.openCheckpoint(MODEL, () => undefined, signal);
  policy = { checkpointHash: hash, adapterHash: null };
});
afterAll(async () => {
  await engine.close();
  store.close();
});

it("is an ordinary Hugging Face folder of at most 20 MB, with a card, prompts and the weights of the golden file", () => {
  const names = readdirSync(MODEL).sort();
  expect(names).toEqual(["README.md", "config.json", "model.safetensors", "prompts.jsonl", "tokenizer.json", "tokenizer_config.json"]);
  expect(names.reduce((sum, name) => sum + statSync(join(MODEL, name)).size, 0)).toBeLessThan(20_000_000);
  expect(
    createHash("sha256")
      .update(readFileSync(join(MODEL, "model.safetensors")))
      .digest("hex"),
  ).toBe(golden.weightsSha256);
});

it("has Transformers' tokens and log-probabilities", async () => {
  const [ids = []] = await engine.tokeniseResponses(policy, [golden.story], signal);
  expect(ids).toEqual(golden.storyIds);
  const unit = { responseId: "story" as ResponseId, messages: [{ role: "user" as const, content: golden.prompt }], tokenIds: ids };
  const [scored] = await engine.score({ policy, units: [unit], engine: ENGINE_OPTIONS }, signal);
  expect(scored?.tokenLogps.length).toBe(golden.tokenLogps.length);
  const worst = Math.max(...golden.tokenLogps.map((want, i) => Math.abs((scored?.tokenLogps[i] ?? Number.NaN) - want)));
  expect(worst).toBeLessThanOrEqual(1e-4);
});

it("ends its stories and keeps to hero, place and weather in nine of ten held-out prompts", async () => {
  const wishes = new Map(allWishes().map((wish) => [promptOf(wish), wish]));
  const units = somePrompts("test", 40).map((prompt) => ({
    promptId: prompt as PromptId, // a prompt is its own name here
    messages: [{ role: "user" as const, content: prompt }],
    sampleIndex: 0,
    seed: seedFor(1, prompt),
  }));
  const samples: SampledResponse[] = [];
  const settings = samplingSettingsSchema.parse({ temperature: 0.7, topP: 1, maxNewTokens: 96 });
  await engine.sample(
    { policy, settings, engine: ENGINE_OPTIONS, units },
    (event) => {
      if (event.kind === "sampled") samples.push(event.response);
    },
    signal,
  );
  const good = samples.filter(({ promptId, text, finishReason }) => {
    const wish = wishes.get(promptId);
    return wish !== undefined && isFinished(text, finishReason) && isOnTopic(text, wish);
  });
  expect(good.length).toBeGreaterThanOrEqual(36);
});
