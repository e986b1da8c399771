/** Verdicts in words, from where the person sits. */
import type { ShownVerdict } from "#app/contract/queue.ts";

export function verdictText(verdict: ShownVerdict): string {
  switch (verdict.kind) {
    case "prefers": {
      const side = verdict.side === "left" ? "Left" : "Right";
      return `${side} is ${verdict.strength === "clear" ? "much better" : "better"}`;
    }
    case "tie":
      return "Tie";
    case "bothBad":
      return "Both bad";
    case "skip":
      return "Skipped";
    default:
      return verdict satisfies never;
  }
}
