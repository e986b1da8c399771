/** What the lab says of judge templates. */

export const templateWords = {
  problem: (name: string, problem: string) => `the judge template "${name}": ${problem}`,
  notASetting: (found: string) => `expected "setting: value", got ${found}`,
  noSuchSetting: (name: string) => `there is no setting "${name}"; expected mode, reply or max-reply-tokens`,
  badMode: (found: string | undefined) => `mode: expected pairwise or listwise, got ${found ?? "nothing"}`,
  badReply: (found: string | undefined) => `reply: expected json or letter, got ${found ?? "nothing"}`,
  listIsJson: "reply: a list is scored in json, got letter",
  badTokens: (found: string | undefined) => `max-reply-tokens: expected a whole number from 1, got ${found ?? "nothing"}`,
  badRole: (role: string) => `expected === system, === user or === assistant, got === ${role}`,
  lastNotUser: "expected the last message to be the user's",
  noSuchPlaceholder: (name: string, mode: string, known: string) => `there is no {{${name}}} in a ${mode} template; expected ${known}`,
  placeholderMissing: (name: string) => `expected {{${name}}} somewhere in its messages`,
  badName: "expected the name of a template: small letters, digits, dots, dashes",
  unknown: (name: string, known: string) => `there is no judge template "${name}"; there are ${known}`,
  notStored: (version: string) => `the judge template ${version} is not in the database`,
};
