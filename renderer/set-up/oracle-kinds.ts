/** The oracles that a form offers, each with what it is at first. */
import { type OracleConfig, peopleSchema } from "#app/domain/oracle.ts";

/** The others are written in a configuration file, or set on the command line. */
export type OfferedKind = "people" | "targetLength" | "wordList" | "regex";

export const OFFERED_KINDS: readonly OfferedKind[] = ["people", "targetLength", "wordList", "regex"];

export function defaultOracle(kind: OracleConfig["kind"]): OracleConfig {
  switch (kind) {
    case "targetLength":
      return { kind, unit: "words", target: 40, noise: 0 };
    case "wordList":
      return { kind, words: ["please", "thank you"], prefer: "more", noise: 0 };
    case "regex":
      return { kind, pattern: "\\d", flags: "u", prefer: "fewer", noise: 0 };
    default:
      return peopleSchema.parse({ kind: "people" });
  }
}
