/** What is wrong with a setting as it was typed, in words for the person who typed it. */
import { settingsText } from "../text/settings.ts";

const text = settingsText.wrong;

/** What a schema found first; the parts of Zod's issues that are told. */
export type Issue = {
  readonly code: string;
  readonly message: string;
  readonly path: readonly PropertyKey[];
  readonly expected?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly inclusive?: boolean;
  readonly origin?: string;
  readonly values?: readonly unknown[];
};

const NUMBERS = ["number", "int", "float", "nan"];

export function issueSentence(issue: Issue, label: string): string {
  return text.sentence(label, reasonOf(issue));
}

function reasonOf({ code, message, expected = "", minimum, maximum, inclusive = true, origin = "", values = [] }: Issue): string {
  switch (code) {
    case "invalid_type":
      if (expected === "boolean") return text.oneOf("true, false");
      return expected === "int" ? text.wholeNumber : NUMBERS.includes(expected) ? text.number : message;
    case "too_small":
      if (origin === "string") return text.missing;
      return minimum === undefined ? message : inclusive ? text.atLeast(String(minimum)) : text.moreThan(String(minimum));
    case "too_big":
      if (origin === "string" && maximum !== undefined) return text.shorter(Number(maximum));
      return maximum === undefined ? message : inclusive ? text.atMost(String(maximum)) : text.lessThan(String(maximum));
    case "invalid_value":
      return text.oneOf(values.map(String).join(", "));
    default:
      return message;
  }
}
