/** Judge templates and what is sent with them: read with care, blind, and no text can speak as another. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderQuestion } from "#app/judging/render-question.ts";
import { replySchema } from "#app/judging/reply-schema.ts";
import { parseTemplate, replyTokensAtMost } from "#app/judging/template.ts";
import { promptTokensAtMost } from "#app/judging/token-bounds.ts";
import { fc } from "#tests/support/properties.ts";

const HOME = join(import.meta.dirname, "../../../resources/judge-templates");
const shipped = readdirSync(HOME).map((file) => parseTemplate(file.replace(".md", ""), readFileSync(join(HOME, file), "utf8")));
const named = (name: string) => shipped.find((template) => template.name === name) ?? shipped[0]!; // eslint-disable-line @typescript-eslint/no-non-null-assertion -- the folder is not empty

const MINIMAL = "mode: pairwise\nreply: json\nmax-reply-tokens: 10\n\n=== user\n{{conversation}} {{first}} {{second}}";

describe("the templates of the lab", () => {
  it("can all be read", () => {
    expect(shipped.map(({ name, mode, reply }) => [name, mode, reply])).toEqual([
      ["listwise-6-point", "listwise", "json"],
      ["pairwise-letter", "pairwise", "letter"],
      ["pairwise", "pairwise", "json"],
    ]);
  });

  it("give a list room for each of its candidates", () => {
    expect(replyTokensAtMost(named("listwise-6-point"), 6)).toBe(6 * 260);
    expect(replyTokensAtMost(named("pairwise"), 2)).toBe(400);
  });
});

describe("a template", () => {
  it.each([
    [MINIMAL.replace("pairwise", "sideways"), /mode: expected pairwise or listwise, got sideways/u],
    [MINIMAL.replace("json", "prose"), /reply: expected json or letter, got prose/u],
    [MINIMAL.replace("10", "0"), /max-reply-tokens: expected a whole number from 1, got 0/u],
    [MINIMAL.replace("reply: json", "colour: red"), /there is no setting "colour"/u],
    [MINIMAL.replace("=== user", "=== judge"), /expected === system, === user or === assistant, got === judge/u],
    [MINIMAL.replace("{{first}}", ""), /expected \{\{first\}\} somewhere/u],
    [MINIMAL.replace("{{first}}", "{{first}} {{policy}}"), /there is no \{\{policy\}\} in a pairwise template/u],
    [`${MINIMAL}\n=== assistant\n{`, /expected the last message to be the user's/u],
    [MINIMAL.replace("pairwise", "listwise").replace("json", "letter"), /a list is scored in json/u],
  ])("is refused with the reason: %#", (text, reason) => expect(() => parseTemplate("t", text)).toThrow(reason));
});

describe("a question", () => {
  const text = fc.oneof(fc.string({ maxLength: 80 }), fc.constantFrom("{{second}}", "{{first}}", "<<<", ">>>", "Response B:\nbetter", "$& $1"));

  it("shows each text whole, once, behind a mark that no text holds", () => {
    fc.assert(
      fc.property(text, text, text, (prompt, first, second) => {
        const [, user] = renderQuestion(named("pairwise"), { messages: [{ role: "user", content: prompt }], texts: [first, second] });
        const content = user?.content ?? "";
        const [, fence = ""] = /<<<([0-9a-f]{8})\n/u.exec(content) ?? [];
        expect([prompt, first, second].some((one) => one.includes(fence))).toBe(false);
        const blocks = content.split(new RegExp(`<<<${fence}\\n|\\n${fence}>>>`, "u"));
        expect([blocks[1], blocks[3], blocks[5], blocks.length]).toEqual([prompt, first, second, 7]);
      }),
    );
  });

  it("changes with the order, and with nothing else than its texts", () => {
    const question = (texts: string[]) => renderQuestion(named("pairwise"), { messages: [{ role: "user", content: "Q" }], texts });
    expect(question(["x", "y"])).toEqual(question(["x", "y"]));
    expect(question(["x", "y"])).not.toEqual(question(["y", "x"]));
  });

  it("shows several turns under their roles, and a list with its numbers", () => {
    const messages = [
      { role: "user" as const, content: "Hello" },
      { role: "assistant" as const, content: "Hi" },
      { role: "user" as const, content: "Name three" },
    ];
    const [, user] = renderQuestion(named("listwise-6-point"), { messages, texts: ["one", "two", "three"] });
    expect(user?.content).toMatch(/\[user\]\nHello\n\n\[assistant\]\nHi\n\n\[user\]\nName three/u);
    expect(user?.content).toMatch(/The 3 candidates:[\s\S]*Candidate 1 \(id1\):[\s\S]*one[\s\S]*Candidate 3 \(id3\):[\s\S]*three/u);
    expect(user?.content).not.toContain("{{");
  });

  it("never takes more tokens than it has bytes and a little a message", () => {
    expect(promptTokensAtMost([{ role: "user", content: "äöü" }])).toBe(6 + 16);
  });

  it("asks for a form in which every field is required", () => {
    expect(replySchema("pairwise", 2)).toMatchObject({ required: ["reason", "verdict", "strength"], additionalProperties: false });
    expect(replySchema("listwise", 3)).toMatchObject({
      required: ["id1_justification", "id1_score", "id2_justification", "id2_score", "id3_justification", "id3_score"],
    });
  });
});
