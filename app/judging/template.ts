/** Judge templates: a few lines of settings and the messages to send, read from the text of a file. */
import { ConfigError } from "#app/base/errors.ts";
import type { Message } from "#app/domain/prompt.ts";
import { templateWords } from "#app/text/templates.ts";

export type JudgeTemplate = {
  readonly name: string;
  /** pairwise: two responses, A and B; listwise: any number, scored 0 to 6. */
  readonly mode: "pairwise" | "listwise";
  /** json: an object with the verdict; letter: A or B alone, whose probabilities are read where the endpoint gives them. */
  readonly reply: "json" | "letter";
  /** Of a pairwise reply; of a listwise one for each candidate. */
  readonly maxReplyTokens: number;
  /** With the placeholders of its mode still in them. */
  readonly messages: readonly Message[];
};

const PLACEHOLDERS = {
  pairwise: ["conversation", "first", "second"],
  listwise: ["conversation", "candidates", "count"],
} as const;

/** What must stand somewhere in the messages, or the judge would not see what it is to judge. */
const NEEDED = { pairwise: PLACEHOLDERS.pairwise, listwise: ["conversation", "candidates"] } as const;

/**
 * Reads a template: settings (`mode`, `reply`, `max-reply-tokens`), then messages, each begun by a line `=== role`.
 * Throws ConfigError that names the template and what is wrong with it.
 */
export function parseTemplate(name: string, text: string): JudgeTemplate {
  const fail = (problem: string): never => {
    throw new ConfigError(templateWords.problem(name, problem));
  };
  const [head = "", ...parts] = text.replaceAll("\r\n", "\n").split(/^=== /mu);
  const settings = new Map(
    head
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => {
        const [, key = "", value = ""] = /^([a-z-]+):\s*(.*?)\s*$/u.exec(line) ?? fail(templateWords.notASetting(JSON.stringify(line)));
        return [key, value] as const;
      }),
  );
  const unknown = [...settings.keys()].find((key) => !["mode", "reply", "max-reply-tokens"].includes(key));
  if (unknown !== undefined) fail(templateWords.noSuchSetting(unknown));
  const mode = oneOf(settings.get("mode"), ["pairwise", "listwise"] as const) ?? fail(templateWords.badMode(settings.get("mode")));
  const reply = oneOf(settings.get("reply"), ["json", "letter"] as const) ?? fail(templateWords.badReply(settings.get("reply")));
  if (mode === "listwise" && reply === "letter") fail(templateWords.listIsJson);
  const maxReplyTokens = Number(settings.get("max-reply-tokens"));
  if (!Number.isInteger(maxReplyTokens) || maxReplyTokens < 1) fail(templateWords.badTokens(settings.get("max-reply-tokens")));
  const messages = parts.map((part): Message => {
    const [roleLine = "", ...lines] = part.split("\n");
    const role = oneOf(roleLine.trim(), ["system", "user", "assistant"] as const) ?? fail(templateWords.badRole(roleLine));
    return { role, content: lines.join("\n").trim() };
  });
  if (messages.at(-1)?.role !== "user") fail(templateWords.lastNotUser);
  checkPlaceholders(mode, messages, fail);
  return { name, mode, reply, maxReplyTokens, messages };
}

function checkPlaceholders(mode: JudgeTemplate["mode"], messages: readonly Message[], fail: (problem: string) => never): void {
  const found = messages.flatMap((message) => [...message.content.matchAll(PLACEHOLDER)].map((match) => match[1] ?? ""));
  const known: readonly string[] = PLACEHOLDERS[mode];
  const stranger = found.find((name) => !known.includes(name));
  if (stranger !== undefined) fail(templateWords.noSuchPlaceholder(stranger, mode, known.map((name) => `{{${name}}}`).join(", ")));
  const missing = NEEDED[mode].find((name) => !found.includes(name));
  if (missing !== undefined) fail(templateWords.placeholderMissing(missing));
}

/** The most tokens that a reply to so many responses is given. */
export function replyTokensAtMost(template: Pick<JudgeTemplate, "mode" | "maxReplyTokens">, shown: number): number {
  return template.mode === "listwise" ? template.maxReplyTokens * shown : template.maxReplyTokens;
}

export const PLACEHOLDER = /\{\{([a-z]+)\}\}/gu;

function oneOf<Word extends string>(value: string | undefined, words: readonly Word[]): Word | undefined {
  return words.find((word) => word === value);
}
