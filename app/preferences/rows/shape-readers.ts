/** How each shape's rows are read: the prompt, and the preference or the completions beside it. */
import type { Message, PairText, PromptDraft, RowProblem } from "#app/domain/prompt.ts";
import { rowWords } from "#app/text/rows.ts";
import { readDialogue } from "./dialogue.ts";
import type { ShapeName } from "./shapes.ts";
import { isAbsent, isCompletion, isProblem, isRow, kindOf, problem, readMessages, readScore, type Row } from "./values.ts";

/** What a shape's reader finds, before teacher and split. */
export type Body = Pick<PromptDraft, "messages" | "pairs" | "pairProblem" | "teacherResponse">;
type Reader = (row: Row) => Body | RowProblem;

export const user = (content: string): Message => ({ role: "user", content });
const { expected: wanted, got: came } = rowWords;

export const READERS: Readonly<Record<ShapeName, Reader>> = {
  texts: () => ({ column: null, expected: wanted.text, got: rowWords.kinds.object }),
  promptOnly: (row) => withoutPairs(readPrompt(row)),
  promptCompletion: (row) => withoutPairs(readPrompt(row)),
  unpaired: (row) => withoutPairs(readPrompt(row)),
  preference: (row) => withPair(row, readPrompt(row)),
  ultraFeedbackBinarised: (row) => withPair(row, readPrompt(row)),
  implicitPreference: readImplicit,
  hhRlhf: readHhRlhf,
  alpaca: (row) => withoutPairs(readInstruction(row)),
  alpacaEvalOutputs: (row) => withoutPairs(readInstruction(row)),
  alpacaPreference: (row) => withPair(row, readInstruction(row)),
  alpacaEvalAnnotations: readAnnotation,
  ultraFeedback: readUltraFeedback,
  chat: readChat,
  chatPreference: (row) =>
    withPair(row, readMessages(row["messages"] ?? row["conversations"], row["messages"] === undefined ? "conversations" : "messages")),
};

type Prompt = readonly Message[] | RowProblem;

function withoutPairs(prompt: Prompt): Body | RowProblem {
  return isProblem(prompt) ? prompt : { messages: prompt, pairs: [] };
}

function readPrompt(row: Row): Prompt {
  const value = row["prompt"];
  if (typeof value === "string") return [user(value)];
  return Array.isArray(value) ? readMessages(value, "prompt") : problem("prompt", wanted.textOrMessages, value);
}

function readInstruction(row: Row): Prompt {
  const [instruction, input] = [row["instruction"], row["input"] ?? ""];
  if (typeof instruction !== "string") return problem("instruction", wanted.text, instruction);
  if (typeof input !== "string") return problem("input", wanted.text, input);
  return [user(input.trim() === "" ? instruction : `${instruction}\n\n${input}`)];
}

function readChat(row: Row): Body | RowProblem {
  const column = row["messages"] === undefined ? "conversations" : "messages";
  const messages = readMessages(row[column], column);
  if (isProblem(messages)) return messages;
  const last = messages.at(-1);
  if (last?.role !== "assistant") return { messages, pairs: [] };
  return { messages: messages.slice(0, -1), pairs: [], teacherResponse: last.content };
}

/** `chosen` and `rejected` beside a prompt: texts, answers as messages, or chats that repeat the prompt or go on from it. */
function withPair(row: Row, prompt: Prompt): Body | RowProblem {
  if (isProblem(prompt)) return prompt;
  const [a, b] = [readSide(row, "chosen"), readSide(row, "rejected")];
  if (isProblem(a)) return { messages: prompt, pairs: [], pairProblem: a };
  if (isProblem(b)) return { messages: prompt, pairs: [], pairProblem: b };
  if (a.length === 1 && b.length === 1 && a[0]?.role === "assistant" && b[0]?.role === "assistant") {
    return bodyOf(prompt, a[0].content, b[0].content, row);
  }
  const chats = fromChats(wholeChat(prompt, a), wholeChat(prompt, b), row);
  return chats.messages.length === 0 ? { messages: prompt, pairs: [], pairProblem: noSharedPrompt } : chats;
}

/** A text is an answer, as one assistant message is. */
function readSide(row: Row, column: "chosen" | "rejected"): readonly Message[] | RowProblem {
  const value = row[column];
  if (isAbsent(value)) return problem(column, wanted.answer, value);
  if (typeof value === "string") return [{ role: "assistant", content: value }];
  return Array.isArray(value) || isRow(value) ? readMessages(value, column) : problem(column, wanted.textOrMessages, value);
}

/** The chat with what the prompt has before it. A chat that begins elsewhere says more of the conversation than a prompt that is one text of it. */
function wholeChat(prompt: readonly Message[], chat: readonly Message[]): readonly Message[] {
  if (chat[0]?.role === "assistant") return [...prompt, ...chat];
  const repeatedFrom = prompt.findIndex((_, start) => prompt.slice(start).every((message, i) => isSame(message, chat[i])));
  if (repeatedFrom !== -1) return [...prompt.slice(0, repeatedFrom), ...chat];
  return prompt[0]?.role === "system" && chat[0]?.role !== "system" ? [prompt[0], ...chat] : chat;
}

function isSame(a: Message, b: Message | undefined): boolean {
  return a.role === b?.role && a.content === b.content;
}

const noSharedPrompt: RowProblem = {
  column: "chosen",
  expected: wanted.chosenMessage,
  got: came.partAtOnce,
};

function readImplicit(row: Row): Body | RowProblem {
  const [chosen, rejected] = [row["chosen"], row["rejected"]];
  if (!Array.isArray(chosen) || !Array.isArray(rejected)) {
    return {
      column: "chosen",
      expected: wanted.promptBeside,
      got: came.withoutPrompt(kindOf(chosen)),
    };
  }
  const [a, b] = [readMessages(chosen, "chosen"), readMessages(rejected, "rejected")];
  if (isProblem(a)) return a;
  return isProblem(b) ? b : fromChats(a, b, row);
}

function readHhRlhf(row: Row): Body | RowProblem {
  // The rule of the shape has seen that both are texts.
  const [a, b] = [readDialogue(String(row["chosen"]), "chosen"), readDialogue(String(row["rejected"]), "rejected")];
  if (isProblem(a)) return a;
  return isProblem(b) ? b : fromChats(a, b, row);
}

/** The prompt is what both chats begin with, up to the last user message before they part; the answers come right after it. */
function fromChats(a: readonly Message[], b: readonly Message[], row: Row): Body {
  const parts = a.findIndex((message, i) => !isSame(message, b[i]));
  const shared = a.slice(0, parts === -1 ? a.length : parts);
  const messages = shared.slice(0, shared.findLastIndex((message) => message.role === "user") + 1);
  const [restA, restB] = [a.slice(messages.length), b.slice(messages.length)];
  const [answerA, answerB] = [restA[0], restB[0]];
  if (restA.length === 1 && restB.length === 1 && answerA?.role === "assistant" && answerB?.role === "assistant") {
    return bodyOf(messages, answerA.content, answerB.content, row);
  }
  const roles = (rest: readonly Message[]): string => (rest.length === 0 ? came.noMessage : rest.map((message) => message.role).join(", "));
  return {
    messages,
    pairs: [],
    pairProblem: {
      column: "chosen",
      expected: wanted.chosenAfterShared,
      got: came.against(roles(restA), roles(restB)),
    },
  };
}

function bodyOf(messages: readonly Message[], chosen: string, rejected: string, row: Row): Body {
  return addPairs(messages, [
    {
      chosen,
      rejected,
      chosenScore: readScore(row["score_chosen"] ?? row["chosen_score"]),
      rejectedScore: readScore(row["score_rejected"] ?? row["rejected_score"]),
    },
  ]);
}

function addPairs(messages: readonly Message[], pairs: readonly PairText[]): Body {
  const bad = pairs.map(pairProblemOf).find((one) => one !== undefined);
  return { messages, pairs: pairs.filter((pair) => pairProblemOf(pair) === undefined), ...(bad === undefined ? {} : { pairProblem: bad }) };
}

function pairProblemOf({ chosen, rejected }: PairText): RowProblem | undefined {
  if (chosen.trim() === "") return { column: "chosen", expected: wanted.answer, got: came.empty };
  if (rejected.trim() === "") return { column: "rejected", expected: wanted.answer, got: came.empty };
  return chosen === rejected ? { column: "chosen", expected: wanted.otherAnswer, got: came.same } : undefined;
}

/** `preference` runs from 1 (the first output) to 2 (the second); 1.5 and 0 are ties. The scores are win probabilities. */
function readAnnotation(row: Row): Body | RowProblem {
  const messages = readInstruction(row);
  if (isProblem(messages)) return messages;
  const [first, second, preference] = [row["output_1"], row["output_2"], readScore(row["preference"])];
  if (typeof first !== "string") return problem("output_1", wanted.text, first);
  if (typeof second !== "string") return problem("output_2", wanted.text, second);
  if (preference === null || preference === 0 || preference === 1.5) {
    const got = preference === null ? kindOf(row["preference"]) : came.tie(preference);
    return { messages, pairs: [], pairProblem: { column: "preference", expected: wanted.preferenceNoTie, got } };
  }
  if (preference < 1 || preference > 2) {
    return { messages, pairs: [], pairProblem: { column: "preference", expected: wanted.preference, got: String(preference) } };
  }
  const forSecond = preference - 1;
  const pair =
    forSecond < 0.5
      ? { chosen: first, rejected: second, chosenScore: 1 - forSecond, rejectedScore: forSecond }
      : { chosen: second, rejected: first, chosenScore: forSecond, rejectedScore: 1 - forSecond };
  return addPairs(messages, [pair]);
}

type Completion = { readonly text: string; readonly score: number | null };

/** Those that have a text. The mean of the four ratings where it is there, as `overall_score` is known to be wrong in places. */
export function completionsOf(value: unknown): Completion[] {
  return (Array.isArray(value) ? value : []).filter(isCompletion).map((item) => ({
    text: item.response,
    score: readScore(item["fine-grained_score"]) ?? readScore(item["overall_score"]) ?? readScore(item["overall-score"]),
  }));
}

export function bestCompletion(completions: readonly Completion[]): Completion | undefined {
  return completions.reduce<Completion | undefined>(
    (top, one) => (one.score !== null && one.score > (top?.score ?? -Infinity) ? one : top),
    undefined,
  );
}

/** The best completion is chosen against each that scored less. */
function readUltraFeedback(row: Row): Body | RowProblem {
  const messages = readInstruction({ instruction: row["instruction"] });
  if (isProblem(messages)) return messages;
  const completions = completionsOf(row["completions"]);
  const top = bestCompletion(completions);
  const lower = top === undefined ? [] : completions.filter(({ score }) => score !== null && score < (top.score ?? 0));
  if (top === undefined || lower.length === 0) {
    return { messages, pairs: [], pairProblem: { column: "completions", expected: wanted.differentScores, got: came.noneDiffer } };
  }
  return addPairs(
    messages,
    lower.map(({ text, score }) => ({ chosen: top.text, rejected: text, chosenScore: top.score, rejectedScore: score })),
  );
}
