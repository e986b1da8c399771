/** Step 1: SmolLM2 writes sentences for every slot, through the lab's sampler. Goes on where it stopped; ROUNDS passes over all slots, or those whose names begin with one of the PREFIXES. */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { seedFor } from "#app/base/random.ts";
import type { PromptId } from "#app/base/ids.ts";
import { samplingSettingsSchema } from "#app/domain/sampling.ts";
import type { SampleUnit } from "#app/rounds/ports.ts";
import { ENGINE_OPTIONS, smolLm2, withModel } from "./engine.ts";
import { WORK } from "./files.ts";
import { sentenceRequest } from "./requests.ts";
import { SLOTS, type Slot, slotName } from "./world.ts";

const SEED = 20261125;
const [rounds, prefixes] = [Number(process.argv[2] ?? 1), process.argv.slice(3)];
const slots = SLOTS.filter((slot) => prefixes.length === 0 || prefixes.some((prefix) => slotName(slot).startsWith(prefix)));
/** Sentences a slot and a round: endings serve every story, openings only those of their place and mood. */
const SAMPLES = { opening: 8, place: 16, event: 24, ending: 64 } as const;
const settings = samplingSettingsSchema.parse({ temperature: 0.8, topP: 0.95, maxNewTokens: 40, stop: ["\n"] });

const file = join(WORK, "sentences.jsonl");

const done = new Set(
  existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => unitKey(JSON.parse(line) as SentenceLine)) // written below
    : [],
);

type SentenceLine = { readonly promptId: string; readonly sampleIndex: number };

function unitKey(unit: SentenceLine): string {
  return `${unit.promptId}/${unit.sampleIndex}`;
}

function unitsOf(slot: Slot, round: number): SampleUnit[] {
  const promptId = `${slotName(slot)}/${round}` as PromptId;
  const messages = sentenceRequest(slot, round);
  return Array.from({ length: SAMPLES[slot.kind] }, (_, sampleIndex) => ({
    promptId,
    messages,
    sampleIndex,
    seed: seedFor(SEED, promptId, sampleIndex),
  })).filter((unit) => !done.has(unitKey(unit)));
}

const startedAt = performance.now();
let tokens = 0;
await withModel(smolLm2(), async ({ engine, policy }) => {
  for (let round = 0; round < rounds; round++) {
    const units = slots.flatMap((slot) => unitsOf(slot, round));
    await engine.sample(
      { policy, settings, units, engine: ENGINE_OPTIONS },
      (event) => {
        if (event.kind !== "sampled") return;
        const { promptId, sampleIndex, text, finishReason, tokenIds, logp } = event.response;
        tokens += tokenIds.length;
        appendFileSync(file, `${JSON.stringify({ promptId, sampleIndex, text, finishReason, tokens: tokenIds.length, logp })}\n`);
      },
      new AbortController().signal,
    );
    const seconds = (performance.now() - startedAt) / 1000;
    process.stderr.write(`round ${round + 1}: ${tokens} tokens, ${seconds.toFixed(0)} s\n`);
  }
});
