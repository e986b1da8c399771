/** Regular expressions of scripted oracles: compiled with a clear error, run on texts of limited length. */
import { ConfigError } from "#app/base/errors.ts";
import { oracleWords } from "#app/text/oracles.ts";

/**
 * Texts are cut to so many characters before a pattern sees them. JavaScript's engine backtracks and cannot be
 * stopped, so a pattern such as (a+)+$ may take exponential time; the cut bounds polynomial cases, and patterns with a
 * repeated group inside a repetition are refused when they are compiled.
 */
export const MAX_MATCHED_CHARACTERS = 20_000;

/** Compiles a pattern; throws ConfigError that names the setting and the reason. */
export function compilePattern(pattern: string, flags: string, setting: string): RegExp {
  if (hasNestedRepetition(pattern)) {
    throw new ConfigError(oracleWords.slowPattern(setting, JSON.stringify(pattern)));
  }
  try {
    return new RegExp(pattern, flags);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(oracleWords.badPattern(setting, JSON.stringify(pattern), reason), {}, { cause: error });
  }
}

/** How often a compiled pattern with the global flag matches. */
export function countMatches(pattern: RegExp, text: string): number {
  return [...text.slice(0, MAX_MATCHED_CHARACTERS).matchAll(pattern)].length;
}

export function matches(pattern: RegExp, text: string): boolean {
  pattern.lastIndex = 0;
  return pattern.test(text.slice(0, MAX_MATCHED_CHARACTERS));
}

/** True for an unbounded repetition of a group that contains an unbounded repetition: the classic runaway. */
function hasNestedRepetition(pattern: string): boolean {
  const holdsRepetition: boolean[] = [];
  let isInClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern.charAt(i);
    if (char === "\\") i += 1;
    else if (isInClass) isInClass = char !== "]";
    else if (char === "[") isInClass = true;
    else if (char === "(") holdsRepetition.push(false);
    else if (isUnbounded(pattern, i)) holdsRepetition.fill(true);
    else if (char === ")" && holdsRepetition.pop() === true && isUnbounded(pattern, i + 1)) return true;
  }
  return false;
}

function isUnbounded(pattern: string, i: number): boolean {
  const char = pattern.charAt(i);
  return char === "*" || char === "+" || /^\{\d+,\}/u.test(pattern.slice(i, i + 12));
}
