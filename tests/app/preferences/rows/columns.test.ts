/** What stands beside a row's prompt: columns that a person chose, the system's message, answers of nothing, cells of CSV. */
import { describe, expect, test } from "vitest";
import { guardCell } from "#app/base/csv.ts";
import { parseCell, textCell } from "#app/preferences/rows/values.ts";
import { A_OVER_B, assistant, pair, read, system, user } from "#tests/support/row-readings.ts";

describe("columns that a person chose", () => {
  test("stand for what recognition would have looked for", () => {
    const row = { question: "Hi", good: "a", bad: "b", points: "3", fewer: "1", part: "dev", best: "t" };
    const columns = {
      prompt: "question",
      chosen: "good",
      rejected: "bad",
      chosenScore: "points",
      rejectedScore: "fewer",
      split: "part",
      teacher: "best",
    };
    expect(read(row, columns)).toEqual({ messages: [user("Hi")], pairs: [pair("a", "b", 3, 1)], split: "validation", teacherResponse: "t" });
  });

  test("take the last answer of messages, the best of completions, and a dialogue's answer to the prompt as the teacher's", () => {
    const binarised = { prompt: "Hi", chosen: [user("Hi"), assistant("a")], rejected: [user("Hi"), assistant("b")] };
    expect(read(binarised, { teacher: "chosen" })).toMatchObject({ teacherResponse: "a", pairs: A_OVER_B });
    const completions = [
      { response: "x", overall_score: 2 },
      { response: "y", overall_score: 5 },
    ];
    expect(read({ instruction: "Hi", completions }, { teacher: "completions" })).toMatchObject({ teacherResponse: "y" });
    const dialogues = { chosen: "\n\nHuman: Hi\n\nAssistant: a", rejected: "\n\nHuman: Hi\n\nAssistant: b" };
    expect(read(dialogues, { teacher: "chosen" })).toMatchObject({ teacherResponse: "a" });
    const goesOn = { chosen: `${dialogues.chosen}\n\nHuman: And?\n\nAssistant: c`, rejected: dialogues.rejected };
    expect(read(goesOn, { teacher: "chosen" })).toMatchObject({ messages: [user("Hi")], teacherResponse: "a" });
    expect(read({ instruction: "Hi", output: "Hello" }, { teacher: "output" })).toMatchObject({ teacherResponse: "Hello" });
  });

  test("take a text as it is where it only looks like a dialogue", () => {
    const output = "\n\nHuman: Hi\n\nAssistant: Hello";
    for (const row of [
      { instruction: "Hi", output, generator: "r1" },
      { prompt: "Hi", output },
    ]) {
      expect(read(row, { teacher: "output" })).toMatchObject({ teacherResponse: output });
    }
    const ofAnother = { chosen: "\n\nHuman: Hi\n\nAssistant: a", rejected: "\n\nHuman: Hi\n\nAssistant: b", output: "\n\nHuman: Ho\n\nAssistant: c" };
    for (const text of [ofAnother.output, "\n\nHuman: Hi", "c"]) {
      expect(read({ ...ofAnother, output: text }, { teacher: "output" })).toMatchObject({ teacherResponse: text });
    }
  });

  test("give no teacher where they are empty, whatever other column might", () => {
    for (const answer of [null, undefined, "", " ", [user("Hi"), assistant(" ")], [{ response: " ", overall_score: 1 }]]) {
      expect(read({ prompt: "Hi", answer, reference: "r", gold: "g" }, { teacher: "answer" })).toEqual({ messages: [user("Hi")], pairs: [] });
    }
    // The whole dialogue was taken for the answer that it lacks.
    const dialogues = { chosen: "\n\nHuman: Hi\n\nAssistant: ", rejected: "\n\nHuman: Hi\n\nAssistant: b" };
    expect(read(dialogues, { teacher: "chosen" })).not.toHaveProperty("teacherResponse");
  });

  test("are missed in the row that lacks them", () => {
    expect(read({ other: "Hi" }, { prompt: "question" })).toBe('"question": expected a text or a list of messages, got nothing');
  });

  test("leave a prompt of another column alone", () => {
    expect(read({ prompt: "Not this", question: "This", instruction: "Nor this" }, { prompt: "question" })).toEqual({
      messages: [user("This")],
      pairs: [],
    });
  });
});

describe("a column with the system's message", () => {
  const asked = [system("Be kind"), user("Hi")];

  test("stands before the prompt, whether columns were chosen or not", () => {
    const orca = { system: "Be kind", question: "Hi", chosen: "a", rejected: "b" };
    expect(read(orca, { prompt: "question" })).toEqual({ messages: asked, pairs: A_OVER_B });
    const chats = { conversations: [{ from: "human", value: "Hi" }], chosen: { from: "gpt", value: "a" }, rejected: { from: "gpt", value: "b" } };
    expect(read({ ...chats, system: "Be kind" })).toEqual({ messages: asked, pairs: A_OVER_B });
    expect(read({ instruction: "Hi", output: "Hello", system: "Be kind" })).toEqual({ messages: asked, pairs: [] });
    const dialogues = { system: "Be kind", chosen: "\n\nHuman: Hi\n\nAssistant: a", rejected: "\n\nHuman: Hi\n\nAssistant: b" };
    expect(read(dialogues, { teacher: "chosen" })).toEqual({ messages: asked, pairs: A_OVER_B, teacherResponse: "a" });
  });

  test("adds nothing where it is empty, no text, or said already", () => {
    for (const nothing of ["", " ", null, 3]) expect(read({ prompt: "Hi", system: nothing })).toEqual({ messages: [user("Hi")], pairs: [] });
    expect(read({ prompt: [system("Be brief"), user("Hi")], system: "Be kind" })).toMatchObject({ messages: [system("Be brief"), user("Hi")] });
  });
});

describe("an answer of nothing", () => {
  test.each(["", " ", "\n"])("is no teacher's: %j", (silence) => {
    expect(read({ messages: [user("Hi"), assistant(silence)] })).toEqual({ messages: [user("Hi")], pairs: [] });
    expect(read({ messages: [user("Hi"), assistant(silence)], teacher: "Hello" })).toMatchObject({ teacherResponse: "Hello" });
    expect(read({ prompt: "Hi", gold: silence })).toEqual({ messages: [user("Hi")], pairs: [] });
  });
});

describe("cells of CSV", () => {
  test("hold messages as JSON, and are texts otherwise", () => {
    expect(parseCell(JSON.stringify([user("Hi")]))).toEqual([user("Hi")]);
    const share = [{ from: "human", value: "Hi" }];
    expect(parseCell(JSON.stringify(share))).toEqual(share);
    const answers = ['{"from":"Paris","to":"Rome"}', '{"role":"admin"}', '[{"role":"user","content":"x"},{"from":"x"}]'];
    for (const text of ["[1, 2]", "{", "[not JSON", '{"a": 1}', "[]", ...answers]) expect(parseCell(text)).toBe(text);
  });

  test("are texts without the apostrophe that guards them", () => {
    expect(parseCell("'- one")).toBe("- one");
    expect(parseCell("'Tis")).toBe("'Tis");
    const json = JSON.stringify([user("Hi")]);
    for (const text of [json, `'${json}`, ` ${json}`, `\n${json}`]) expect(parseCell(guardCell(textCell(text)))).toBe(text);
  });
});
