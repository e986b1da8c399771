/** Which prompts train, which tune and which are only reported: decided by each prompt's hash alone. */
import { ConfigError } from "#app/base/errors.ts";
import type { ContentHash } from "#app/base/ids.ts";
import { seedFor } from "#app/base/random.ts";
import type { SplitSettings } from "#app/domain/experiment.ts";
import type { Prompt, Split } from "#app/domain/prompt.ts";
import { experimentWords } from "#app/text/experiments.ts";

export type SplitRequest = {
  readonly hash: ContentHash;
  /** The split that the file or the user asked for. */
  readonly split?: Split;
};

export type SplitAssignment = Pick<Prompt, "hash" | "split" | "shard">;

/**
 * Split and shard of each prompt. A prompt's place follows from its hash, the seed and the settings, so adding prompts
 * moves none and equal prompts fall together; the shares are met on average, not exactly. Throws ConfigError if the
 * shares leave nothing for training.
 */
export function assignSplits(prompts: readonly SplitRequest[], settings: SplitSettings, seed: number): SplitAssignment[] {
  const heldOut = settings.validationShare + settings.testShare;
  if (heldOut >= 1) {
    throw new ConfigError(experimentWords.noTrainingLeft(settings.validationShare, settings.testShare));
  }
  return prompts.map(({ hash, split: wanted }) => {
    const split = wanted ?? splitOf(hash, settings, seed);
    return { hash, split, shard: split === "training" ? seedFor(seed, "shard", hash) % settings.shards : null };
  });
}

function splitOf(hash: ContentHash, settings: SplitSettings, seed: number): Split {
  const place = seedFor(seed, "split", hash) / 0x1_0000_0000;
  if (place < settings.testShare) return "test";
  return place < settings.testShare + settings.validationShare ? "validation" : "training";
}
