/** Rows of the field's shapes become prompts; each refused row says what was expected, what came and where. */
import { describe, expect, test } from "vitest";
import type { Message } from "#app/domain/prompt.ts";
import { parsePromptRow, parsePromptRows } from "#app/preferences/prompt-rows.ts";
import { toAlpacaEvalRow, toTrlPreferenceRow } from "#app/preferences/dataset-rows.ts";

const user = (content: string): Message => ({ role: "user", content });
const assistant = (content: string): Message => ({ role: "assistant", content });
const system = (content: string): Message => ({ role: "system", content });

describe("shapes that are read", () => {
  test.each<{ readonly shape: string; readonly row: unknown; readonly draft: object }>([
    { shape: "prompt as a text", row: { prompt: "Hi" }, draft: { messages: [user("Hi")] } },
    { shape: "prompt as messages", row: { prompt: [system("Be kind"), user("Hi")] }, draft: { messages: [system("Be kind"), user("Hi")] } },
    { shape: "instruction", row: { instruction: "Hi", output: "Hello", generator: "m" }, draft: { messages: [user("Hi")] } },
    { shape: "instruction with input", row: { instruction: "Sum", input: "1 2" }, draft: { messages: [user("Sum\n\n1 2")] } },
    { shape: "instruction with an empty input", row: { instruction: "Sum", input: "" }, draft: { messages: [user("Sum")] } },
    {
      shape: "AlpacaEval with a reference output",
      row: { index: 0, dataset: "helpful_base", instruction: "Hi", reference_output: "Hello" },
      draft: { messages: [user("Hi")], teacherResponse: "Hello" },
    },
    {
      shape: "chat ending with an answer",
      row: { messages: [user("Hi"), assistant("Hello")] },
      draft: { messages: [user("Hi")], teacherResponse: "Hello" },
    },
    { shape: "TRL preference, explicit text", row: { prompt: "Hi", chosen: "a", rejected: "b" }, draft: { messages: [user("Hi")] } },
    {
      shape: "TRL preference, explicit chat",
      row: { prompt: [user("Hi")], chosen: [assistant("a")], rejected: [assistant("b")] },
      draft: { messages: [user("Hi")] },
    },
    {
      shape: "TRL preference, implicit chat",
      row: { chosen: [user("Hi"), assistant("a")], rejected: [user("Hi"), assistant("b")] },
      draft: { messages: [user("Hi")] },
    },
    {
      shape: "UltraFeedback binarized",
      row: {
        prompt: "Hi",
        prompt_id: "1",
        chosen: [user("Hi"), assistant("a")],
        rejected: [user("Hi"), assistant("b")],
        messages: [user("Hi"), assistant("a")],
        score_chosen: 9,
      },
      draft: { messages: [user("Hi")] },
    },
    { shape: "a split asked for", row: { prompt: "Hi", split: "test" }, draft: { messages: [user("Hi")], split: "test" } },
    { shape: "a bare text", row: "Hi", draft: { messages: [user("Hi")] } },
  ])("$shape", ({ row, draft }) => {
    expect(parsePromptRow(row)).toEqual(draft);
  });

  test("implicit chats whose answers are equal keep the answers out of the prompt", () => {
    const chat = [user("Hi"), assistant("Hello")];
    expect(parsePromptRow({ chosen: chat, rejected: chat })).toEqual({ messages: [user("Hi")] });
  });
});

describe("rows that are refused", () => {
  test.each<{ readonly row: unknown; readonly says: RegExp }>([
    { row: 7, says: /expected an object .* got a number/ },
    { row: [], says: /got a list/ },
    { row: {}, says: /got an empty object/ },
    { row: { text: "x", id: 1 }, says: /"prompt", "messages" or "instruction".*only "text", "id"/ },
    { row: { prompt: 3 }, says: /"prompt": expected a text or a list of messages, got a number/ },
    { row: { prompt: "  " }, says: /the prompt is empty/ },
    { row: { prompt: [] }, says: /it has no messages/ },
    { row: { prompt: [user("Hi"), assistant("Hello")] }, says: /ends with role "assistant"/ },
    { row: { prompt: [{ role: "bot", content: "x" }] }, says: /"prompt", message 1: expected role system, user or assistant, got "bot"/ },
    { row: { prompt: [{ content: "x" }] }, says: /message 1: expected role .* got none/ },
    { row: { messages: [user("a"), { role: "user" }] }, says: /"messages", message 2: expected "content" to be a text, got nothing/ },
    { row: { instruction: null }, says: /"instruction": expected a text, got null/ },
    { row: { chosen: "Hi there", rejected: "Hi you" }, says: /where the prompt ends cannot be told/ },
    { row: { chosen: [user("a")], rejected: [user("b")] }, says: /it has no messages/ },
    { row: { prompt: "Hi", teacher_response: 4 }, says: /"teacher_response": expected a text, got a number/ },
    { row: { prompt: "Hi", split: "train" }, says: /"split": expected training, validation or test, got "train"/ },
  ])("$row", ({ row, says }) => {
    expect(parsePromptRow(row)).toMatch(says);
  });

  test("good rows are kept and rows are numbered from 1", () => {
    const { drafts, rejected } = parsePromptRows([{ prompt: "a" }, { prompt: "" }, { prompt: "b" }, null]);
    expect(drafts).toHaveLength(2);
    expect(rejected.map((one) => one.row)).toEqual([2, 4]);
  });
});

describe("rows that are written", () => {
  test("a TRL row is explicit and reads back as the same prompt", () => {
    const pair = { messages: [system("Be kind"), user("Hi")], chosen: "I am", rejected: "I was" };
    const row = toTrlPreferenceRow(pair);
    expect(row).toEqual({ prompt: pair.messages, chosen: [assistant("I am")], rejected: [assistant("I was")] });
    expect(parsePromptRow(row)).toEqual({ messages: pair.messages });
  });

  test("a TRL row as text wants a single user message", () => {
    expect(toTrlPreferenceRow({ messages: [user("Hi")], chosen: "a", rejected: "b" }, "text")).toEqual({ prompt: "Hi", chosen: "a", rejected: "b" });
    expect(() => toTrlPreferenceRow({ messages: [system("s"), user("Hi")], chosen: "a", rejected: "b" }, "text")).toThrow(
      /one user message.*system, user/,
    );
  });

  test("an AlpacaEval row holds the last user message and reads back as a prompt", () => {
    const row = toAlpacaEvalRow({ messages: [user("a"), assistant("b"), user("c")], response: "d", policyName: "r1" });
    expect(row).toEqual({ instruction: "c", output: "d", generator: "r1" });
    expect(parsePromptRow(row)).toEqual({ messages: [user("c")] });
  });
});
