/** A question to a judge as messages: texts and letters alone, nothing that tells who wrote what. */
import { InternalError } from "#app/base/errors.ts";
import { seedFor } from "#app/base/random.ts";
import type { Message } from "#app/domain/prompt.ts";
import { type JudgeTemplate, PLACEHOLDER } from "./template.ts";

export type JudgeQuestion = {
  readonly messages: readonly Message[];
  /** As shown. */
  readonly texts: readonly string[];
};

/** The messages to send; a function of template and texts alone, so that equal questions have equal messages. */
export function renderQuestion(template: JudgeTemplate, question: JudgeQuestion): Message[] {
  const fence = fenceOf(question);
  const blocks = question.texts.map((text) => fenced(text, fence));
  const valueByName: Readonly<Record<string, string>> = {
    conversation: fenced(conversation(question.messages), fence),
    first: blocks[0] ?? "",
    second: blocks[1] ?? "",
    count: String(blocks.length),
    candidates: blocks.map((block, i) => `Candidate ${i + 1} (id${i + 1}):\n${block}`).join("\n\n"),
  };
  if (template.mode === "pairwise" && blocks.length !== 2) throw new InternalError(`a pairwise template shows two responses, got ${blocks.length}`);
  return template.messages.map(({ role, content }) => ({
    role,
    // In one pass: a placeholder within a response stays what it is.
    content: content.replace(PLACEHOLDER, (whole, name: string) => valueByName[name] ?? whole),
  }));
}

/** A lone question as it is; several turns each under its role. */
function conversation(messages: readonly Message[]): string {
  const [only] = messages;
  if (only !== undefined && messages.length === 1) return only.content;
  return messages.map(({ role, content }) => `[${role}]\n${content}`).join("\n\n");
}

function fenced(text: string, fence: string): string {
  return `<<<${fence}\n${text}\n${fence}>>>`;
}

/** A mark that none of the texts holds, so that no text can end its own block and speak as another. */
function fenceOf({ messages, texts }: JudgeQuestion): string {
  const all = [...messages.map((message) => message.content), ...texts];
  for (let round = 0; ; round++) {
    const fence = seedFor(round, "fence", ...all)
      .toString(16)
      .padStart(8, "0");
    if (!all.some((text) => text.includes(fence))) return fence;
  }
}
