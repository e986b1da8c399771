/** Rows of the field's shapes as the lab would store them; each refused row says what was expected, what came and where. */
import { describe, expect, test } from "vitest";
import { readRow } from "#app/preferences/rows/read-row.ts";
import type { ShapeName } from "#app/preferences/rows/shapes.ts";
import { problemText } from "#app/preferences/rows/values.ts";
import { A_OVER_B, assistant, pair, read, system, user } from "#tests/support/row-readings.ts";

type Case = { readonly shape: ShapeName; readonly what?: string; readonly row: unknown; readonly draft: object };

describe("shapes that are read", () => {
  test.each<Case>([
    { shape: "texts", row: "Hi", draft: { messages: [user("Hi")] } },
    { shape: "promptOnly", row: { prompt: "Hi" }, draft: { messages: [user("Hi")] } },
    {
      shape: "promptOnly",
      what: "as messages",
      row: { prompt: [system("Be kind"), user("Hi")] },
      draft: { messages: [system("Be kind"), user("Hi")] },
    },
    { shape: "promptCompletion", row: { prompt: "Hi", completion: "Hello" }, draft: { messages: [user("Hi")] } },
    { shape: "unpaired", row: { prompt: "Hi", completion: "Hello", label: true }, draft: { messages: [user("Hi")] } },
    { shape: "alpacaEvalOutputs", row: { instruction: "Hi", output: "Hello", generator: "m" }, draft: { messages: [user("Hi")] } },
    { shape: "alpaca", row: { instruction: "Sum", input: "1 2" }, draft: { messages: [user("Sum\n\n1 2")] } },
    { shape: "alpaca", what: "with an empty input", row: { instruction: "Sum", input: "" }, draft: { messages: [user("Sum")] } },
    {
      shape: "alpaca",
      what: "AlpacaEval's reference outputs",
      row: { index: 0, dataset: "helpful_base", instruction: "Hi", reference_output: "Hello" },
      draft: { messages: [user("Hi")], teacherResponse: "Hello" },
    },
    { shape: "chat", row: { messages: [user("Hi"), assistant("Hello")] }, draft: { messages: [user("Hi")], teacherResponse: "Hello" } },
    {
      shape: "chat",
      what: "ShareGPT's",
      row: {
        conversations: [
          { from: "human", value: "Hi" },
          { from: "gpt", value: "Hello" },
        ],
      },
      draft: { messages: [user("Hi")], teacherResponse: "Hello" },
    },
    { shape: "preference", what: "as texts", row: { prompt: "Hi", chosen: "a", rejected: "b" }, draft: { messages: [user("Hi")], pairs: A_OVER_B } },
    {
      shape: "preference",
      what: "as messages",
      row: { prompt: [user("Hi")], chosen: [assistant("a")], rejected: [assistant("b")] },
      draft: { messages: [user("Hi")], pairs: A_OVER_B },
    },
    {
      shape: "preference",
      what: "whose chats go on from the prompt",
      row: {
        prompt: [user("Hi")],
        chosen: [assistant("Which?"), user("This"), assistant("a")],
        rejected: [assistant("Which?"), user("This"), assistant("b")],
      },
      draft: { messages: [user("Hi"), assistant("Which?"), user("This")], pairs: A_OVER_B },
    },
    {
      shape: "preference",
      what: "whose chats lack the prompt's system message",
      row: { prompt: [system("Be kind"), user("Hi")], chosen: [user("Hi"), assistant("a")], rejected: [user("Hi"), assistant("b")] },
      draft: { messages: [system("Be kind"), user("Hi")], pairs: A_OVER_B },
    },
    {
      shape: "preference",
      what: "whose chats lack a system message and say the prompt in other words",
      row: { prompt: [system("Be kind"), user("Hi ")], chosen: [user("Hi"), assistant("a")], rejected: [user("Hi"), assistant("b")] },
      draft: { messages: [system("Be kind"), user("Hi")], pairs: A_OVER_B },
    },
    {
      shape: "preference",
      what: "whose chats repeat the end of the prompt",
      row: {
        prompt: [system("Be kind"), user("1"), assistant("2"), user("3")],
        chosen: [user("3"), assistant("a")],
        rejected: [assistant("b")],
      },
      draft: { messages: [system("Be kind"), user("1"), assistant("2"), user("3")], pairs: A_OVER_B },
    },
    {
      shape: "preference",
      what: "whose prompt is one text of the chats",
      row: {
        prompt: "3",
        chosen: [user("1"), assistant("2"), user("3"), assistant("a")],
        rejected: [user("1"), assistant("2"), user("3"), assistant("b")],
      },
      draft: { messages: [user("1"), assistant("2"), user("3")], pairs: A_OVER_B },
    },
    {
      shape: "implicitPreference",
      row: { chosen: [user("Hi"), assistant("a")], rejected: [user("Hi"), assistant("b")] },
      draft: { messages: [user("Hi")], pairs: A_OVER_B },
    },
    {
      shape: "implicitPreference",
      what: "of several turns",
      row: { chosen: [user("1"), assistant("2"), user("3"), assistant("a")], rejected: [user("1"), assistant("2"), user("3"), assistant("b")] },
      draft: { messages: [user("1"), assistant("2"), user("3")], pairs: A_OVER_B },
    },
    {
      shape: "ultraFeedbackBinarised",
      row: {
        prompt: "Hi",
        prompt_id: "1",
        chosen: [user("Hi"), assistant("a")],
        rejected: [user("Hi"), assistant("b")],
        messages: [user("Hi"), assistant("a")],
        score_chosen: 9,
        score_rejected: "4.5",
      },
      draft: { messages: [user("Hi")], pairs: [pair("a", "b", 9, 4.5)] },
    },
    {
      shape: "ultraFeedback",
      row: {
        instruction: "Hi",
        source: "evol",
        models: ["x", "y", "z"],
        completions: [
          { model: "x", response: "worst", "fine-grained_score": 1.5, overall_score: 10 },
          { model: "y", response: "best", "fine-grained_score": 4.75, overall_score: 7 },
          { model: "z", response: "middle", "fine-grained_score": 3, overall_score: 8 },
        ],
      },
      draft: { messages: [user("Hi")], pairs: [pair("best", "worst", 4.75, 1.5), pair("best", "middle", 4.75, 3)] },
    },
    {
      shape: "ultraFeedback",
      what: "one completion of which has no text",
      row: {
        instruction: "Hi",
        completions: [
          { response: "a", overall_score: 3 },
          { response: null, overall_score: 9 },
          { response: "b", overall_score: 1 },
        ],
      },
      draft: { messages: [user("Hi")], pairs: [pair("a", "b", 3, 1)] },
    },
    {
      shape: "preference",
      what: "as a text and a message",
      row: { prompt: "Hi", chosen: "a", rejected: [assistant("b")] },
      draft: { messages: [user("Hi")], pairs: A_OVER_B },
    },
    {
      shape: "hhRlhf",
      row: {
        chosen: "\n\nHuman: One\n\nAssistant: Two\n\nHuman: Three\nmore\n\nAssistant: a",
        rejected: "\n\nHuman: One\n\nAssistant: Two\n\nHuman: Three\nmore\n\nAssistant: b",
      },
      draft: { messages: [user("One"), assistant("Two"), user("Three\nmore")], pairs: A_OVER_B },
    },
    {
      shape: "alpacaPreference",
      row: { instruction: "Sum", input: "1 2", chosen: "a", rejected: "b" },
      draft: { messages: [user("Sum\n\n1 2")], pairs: A_OVER_B },
    },
    {
      shape: "chatPreference",
      what: "LLaMA-Factory's",
      row: { conversations: [{ from: "human", value: "Hi" }], chosen: { from: "gpt", value: "a" }, rejected: { from: "gpt", value: "b" } },
      draft: { messages: [user("Hi")], pairs: A_OVER_B },
    },
    {
      shape: "alpacaEvalAnnotations",
      row: { instruction: "Hi", output_1: "a", generator_1: "x", output_2: "b", generator_2: "y", preference: 1.25, annotator: "j" },
      draft: { messages: [user("Hi")], pairs: [pair("a", "b", 0.75, 0.25)] },
    },
    {
      shape: "alpacaEvalAnnotations",
      what: "that prefer the second",
      row: { instruction: "Hi", output_1: "b", output_2: "a", preference: 2 },
      draft: { messages: [user("Hi")], pairs: [pair("a", "b", 1, 0)] },
    },
    { shape: "promptOnly", what: "with a split", row: { prompt: "Hi", split: "test" }, draft: { messages: [user("Hi")], split: "test" } },
    {
      shape: "promptOnly",
      what: "with Hugging Face's name of a split",
      row: { prompt: "Hi", split: "train" },
      draft: { messages: [user("Hi")], split: "training" },
    },
    {
      shape: "promptOnly",
      what: "with a name that HuggingFaceH4 gives a split",
      row: { prompt: "Hi", split: "test_prefs" },
      draft: { messages: [user("Hi")], split: "test" },
    },
  ])("$shape $what", ({ shape, row, draft }) => {
    expect(readRow(row)).toEqual({ shape, draft: { pairs: [], ...draft } });
  });
});

describe("preferences that cannot be used", () => {
  const problemOf = (row: unknown): string => {
    const draft = read(row);
    if (typeof draft === "string" || draft.pairProblem === undefined) return `no such problem: ${JSON.stringify(draft)}`;
    expect(draft.pairs).toEqual([]);
    return problemText(draft.pairProblem);
  };

  test.each<{ readonly row: unknown; readonly says: string }>([
    { row: { prompt: "Hi", chosen: "a", rejected: "a" }, says: '"chosen": expected another answer than in "rejected", got the same' },
    { row: { prompt: "Hi", chosen: " ", rejected: "a" }, says: '"chosen": expected an answer, got an empty one' },
    { row: { prompt: "Hi", chosen: 4, rejected: "a" }, says: '"chosen": expected a text or a list of messages, got a number' },
    { row: { prompt: "Hi", chosen: "a", rejected: null }, says: '"rejected": expected an answer, got null' },
    { row: { prompt: "Hi", rejected: "b" }, says: '"chosen": expected an answer, got nothing' },
    { row: { prompt: "Hi", chosen: "a", rejected: 4 }, says: '"rejected": expected a text or a list of messages, got a number' },
    { row: { instruction: "Hi", chosen: null, rejected: "b" }, says: '"chosen": expected an answer, got null' },
    {
      row: { prompt: [user("Hi")], chosen: [{ role: "assistant" }], rejected: [assistant("b")] },
      says: '"chosen, message 1": expected "content" to be a text, got nothing',
    },
    {
      row: { chosen: [user("Hi"), assistant("a")], rejected: [user("Hi"), assistant("b"), user("c"), assistant("d")] },
      says: '"chosen": expected one assistant message after what it shares with "rejected", got assistant against assistant, user, assistant',
    },
    {
      row: { instruction: "Hi", output_1: "a", output_2: "b", preference: 1.5 },
      says: '"preference": expected a number from 1 to 2 that is no tie, got 1.5, a tie',
    },
    {
      row: { instruction: "Hi", output_1: "a", output_2: "b", preference: null },
      says: '"preference": expected a number from 1 to 2 that is no tie, got null',
    },
    { row: { instruction: "Hi", output_1: "a", output_2: "b", preference: 3 }, says: '"preference": expected a number from 1 to 2, got 3' },
    {
      row: {
        instruction: "Hi",
        completions: [
          { response: "a", overall_score: 3 },
          { response: "b", overall_score: 3 },
        ],
      },
      says: '"completions": expected completions with different scores, got none that differ',
    },
  ])("$says", ({ row, says }) => {
    expect(problemOf(row)).toBe(says);
  });

  test("equal chats keep the answers out of the prompt", () => {
    const chat = [user("Hi"), assistant("Hello")];
    expect(read({ chosen: chat, rejected: chat })).toMatchObject({ messages: [user("Hi")], pairs: [], pairProblem: { got: "the same" } });
  });
});

describe("rows that are refused", () => {
  test.each<{ readonly row: unknown; readonly says: RegExp }>([
    { row: 7, says: /expected a text or an object .* got a number/ },
    { row: [], says: /got a list/ },
    { row: {}, says: /got an empty object/ },
    { row: { text: "x", id: 1 }, says: /"prompt", "messages" or "instruction".*only "text", "id"/ },
    { row: { prompt: 3 }, says: /"prompt": expected a text or a list of messages, got a number/ },
    { row: { prompt: "  " }, says: /expected a prompt, got an empty one/ },
    { row: { prompt: [] }, says: /got no messages/ },
    { row: { prompt: [user("Hi"), assistant("Hello")] }, says: /ends with role "assistant"/ },
    { row: { prompt: [{ role: "bot", content: "x" }] }, says: /"prompt, message 1": expected role system, user or assistant, got "bot"/ },
    { row: { prompt: [{ content: "x" }] }, says: /message 1": expected role .* got none/ },
    { row: { messages: [user("a"), { role: "user" }] }, says: /"messages, message 2": expected "content" to be a text, got nothing/ },
    { row: { instruction: null }, says: /"instruction": expected a text, got null/ },
    { row: { chosen: "Hi there", rejected: "Hi you" }, says: /where the prompt ends cannot be told/ },
    { row: { chosen: "Before Human: Hi", rejected: "\n\nHuman: Hi" }, says: /cannot be told/ },
    {
      row: { chosen: "x\n\nHuman: Hi", rejected: "\n\nHuman: Hi" },
      says: /"chosen": expected a dialogue that begins with "Human:", got a text that begins with "x/,
    },
    { row: { chosen: [user("a")], rejected: [user("b")] }, says: /got no messages/ },
    { row: { prompt: "Hi", teacher_response: 4 }, says: /"teacher_response": expected a text, got a number/ },
    { row: { prompt: "Hi", split: "other" }, says: /"split": expected training, validation or test, got "other"/ },
    { row: { prompt: "Hi", split: "constructor" }, says: /"split": expected training/ },
  ])("$row", ({ row, says }) => {
    expect(read(row)).toMatch(says);
  });
});
