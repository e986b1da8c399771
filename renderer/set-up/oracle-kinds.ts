/** The oracles that a form offers, each with what it is at first. */
import { endpointJudgeSchema, localJudgeSchema } from "#app/domain/judge.ts";
import { type JuryMember, type OracleConfig, peopleSchema, RUBRIC_TRAITS } from "#app/domain/oracle.ts";

/** The others are written in a configuration file, or set on the command line. */
export type OfferedKind = "people" | "judge" | "localJudge" | "jury" | "targetLength" | "wordList" | "regex" | "rubric";

export const OFFERED_KINDS: readonly OfferedKind[] = ["people", "judge", "localJudge", "jury", "targetLength", "wordList", "regex", "rubric"];

/** Who may sit in a jury that a form makes. */
export const MEMBER_KINDS = ["judge", "localJudge", "targetLength", "wordList", "regex", "rubric"] as const satisfies readonly JuryMember["kind"][];

/** A member of that kind as it is at first; one that no form offers becomes a model behind an endpoint. */
export function defaultMember(kind: JuryMember["kind"]): JuryMember {
  const oracle = defaultOracle(kind);
  return oracle.kind === "people" || oracle.kind === "jury" ? endpointJudgeSchema.parse(FIRST_JUDGE) : oracle;
}

const FIRST_JUDGE = { kind: "judge", endpoint: "openai", model: "gpt-4.1-2025-04-14" } as const;

export function defaultOracle(kind: OracleConfig["kind"]): OracleConfig {
  switch (kind) {
    case "jury":
      return { kind, members: [defaultMember("judge"), defaultMember("judge")], rule: "majority" };
    case "targetLength":
      return { kind, unit: "words", target: 40, noise: 0 };
    case "wordList":
      return { kind, words: ["please", "thank you"], prefer: "more", noise: 0 };
    case "regex":
      return { kind, pattern: "\\d", flags: "u", prefer: "fewer", noise: 0 };
    case "rubric":
      return { kind, traits: [...RUBRIC_TRAITS], minWords: 80, maxWords: 200, noise: 0 };
    case "judge":
      return endpointJudgeSchema.parse(FIRST_JUDGE);
    case "localJudge":
      return localJudgeSchema.parse({ kind, policy: "r0" });
    default:
      return peopleSchema.parse({ kind: "people" });
  }
}

/** What a form holds, as it is kept: a line that is still empty is no word. */
export function finished(oracle: OracleConfig): OracleConfig {
  if (oracle.kind !== "wordList") return oracle;
  return { ...oracle, words: oracle.words.map((word) => word.trim()).filter((word) => word !== "") };
}
