/** Which responses a run must sample, and the seed of each. */
import { seedFor } from "#app/base/random.ts";
import type { Prompt } from "#app/domain/prompt.ts";
import type { SampleUnit } from "./ports.ts";

/**
 * The training prompts of round t: all where there is one shard. Of several the shards in turn, (t - 1) modulo their
 * number, and of the shard those that earlier rounds have sampled least often (`uses`, 0 where there is no entry), so that
 * no prompt comes again before all have come. Where prompts that were imported late are left in other shards alone, those
 * come first.
 */
export function promptsOfRound(prompts: readonly Prompt[], roundNumber: number, shards: number, uses: ReadonlyMap<Prompt["id"], number>): Prompt[] {
  const training = prompts.filter((prompt) => prompt.split === "training");
  if (shards === 1) return training;
  const usesOf = (prompt: Prompt): number => uses.get(prompt.id) ?? 0;
  const least = training.reduce((fewest, prompt) => Math.min(fewest, usesOf(prompt)), Number.POSITIVE_INFINITY);
  const ofShard = training.filter((prompt) => prompt.shard === (roundNumber - 1) % shards);
  if (ofShard.length === 0) return [];
  const fresh = ofShard.filter((prompt) => usesOf(prompt) === least);
  return fresh.length > 0 ? fresh : training.filter((prompt) => usesOf(prompt) === least);
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
