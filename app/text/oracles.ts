/** What the lab says of oracles' settings, and of scripts that cannot answer. */

export const oracleWords = {
  /** Why one response is better: what an experiment begins with. */
  reasonTags: ["Correct", "Follows the request", "Clear", "Right length", "Well founded", "Makes things up", "Misses the point", "Cut off"],
  nameTwice: "each name may stand once",
  flags: "flags may be i, m, s, u",
  matrix: "the matrix must be square over the classes with matrix[i][j] + matrix[j][i] = 1",
  minAboveMax: "minWords must not be above maxWords",
  slowPattern: (setting: string, pattern: string) =>
    `${setting}: the pattern ${pattern} repeats a group that itself ends in a repetition, which can take for ever; write it without the inner or the outer repetition`,
  badPattern: (setting: string, pattern: string, reason: string) => `${setting}: expected a regular expression, got ${pattern} (${reason})`,
  blankWord: "oracle.words: expected words, got one that is only white space",
  notTwo: (shown: number) => `a pairwise question shows two responses, got ${shown}`,
  noClass: (beginning: string) => `no class's pattern matches the response ${beginning}`,
};
