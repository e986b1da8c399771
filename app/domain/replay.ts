/** Settings of replay: pairs of earlier rounds that are trained on again beside a round's own. */
import * as z from "zod";

export const replaySettingsSchema = z.strictObject({
  /** Pairs of the round before, at most this share; 0 switches replay off. The paper takes 0.3. */
  share: z.number().min(0).max(1).default(0),
  /** Of each round further back this times as many: with a half 30 %, 15 %, 7.5 %. */
  decay: z.number().min(0).max(1).default(0.5),
  /** At most so many rounds back. */
  maxAge: z.int().min(1).max(100).default(100),
  /** What the share is of: the round's new pairs, or those of the old round. The paper does not say which it means. */
  of: z.enum(["newPairs", "oldPairs"]).default("newPairs"),
});
export type ReplaySettings = Readonly<z.infer<typeof replaySettingsSchema>>;
