/** What an oracle says of two responses; a tie is an answer, skipping and failing to answer are not. */
import * as z from "zod";

export const strengthSchema = z.enum(["slight", "clear"]);
export type Strength = z.infer<typeof strengthSchema>;

export const verdictSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("prefers"), winner: z.enum(["first", "second"]), strength: strengthSchema }),
  z.object({ kind: z.literal("tie") }),
  z.object({ kind: z.literal("bothBad") }),
  z.object({ kind: z.literal("abstains") }),
  z.object({ kind: z.literal("invalid"), reason: z.string().min(1) }),
]);
export type Verdict = Readonly<z.infer<typeof verdictSchema>>;

/** 1, ½ or 0 for the first response; undefined where the oracle gave no answer (it counts nowhere). */
export function pointsForFirst(verdict: Verdict): number | undefined {
  switch (verdict.kind) {
    case "prefers":
      return verdict.winner === "first" ? 1 : 0;
    case "tie":
    case "bothBad":
      return 0.5;
    case "abstains":
    case "invalid":
      return undefined;
    default:
      return verdict satisfies never;
  }
}

/** The same verdict with the two responses the other way round. */
export function swapVerdict(verdict: Verdict): Verdict {
  if (verdict.kind !== "prefers") return verdict;
  return { ...verdict, winner: verdict.winner === "first" ? "second" : "first" };
}
