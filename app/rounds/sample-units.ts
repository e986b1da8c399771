/** Which responses a run must sample, and the seed of each. */
import { seedFor } from "#app/base/random.ts";
import type { Prompt } from "#app/domain/prompt.ts";
import type { SampleUnit } from "./ports.ts";

/** The training prompts of round t: the shards in turn, (t - 1) modulo their number. */
export function promptsOfRound(prompts: readonly Prompt[], roundNumber: number, shards: number): Prompt[] {
  const shard = (roundNumber - 1) % shards;
  return prompts.filter((prompt) => prompt.split === "training" && prompt.shard === shard);
}

/**
 * K units a prompt. A seed follows from the experiment, the label (round and attempt), the prompt's hash and the
 * sample's index alone, so that neither other prompts nor their order change a response.
 */
export function sampleUnits(prompts: readonly Prompt[], responsesPerPrompt: number, experimentSeed: number, label: string): SampleUnit[] {
  return prompts.flatMap((prompt) =>
    Array.from({ length: responsesPerPrompt }, (_, sampleIndex) => ({
      promptId: prompt.id,
      messages: prompt.messages,
      sampleIndex,
      seed: seedFor(experimentSeed, label, prompt.hash, sampleIndex),
    })),
  );
}
