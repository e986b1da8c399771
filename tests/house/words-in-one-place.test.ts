/** Words for people stand in renderer/text: the lint rule that keeps them there, on planted words, and the code without tags. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Linter } from "eslint";
import tseslint from "typescript-eslint";
import { expect, it } from "vitest";
import { house } from "../../tools/checks/lint-rules.js";
import { ROOT } from "../../tools/checks/root.ts";

function findings(code: string): string[] {
  const linter = new Linter();
  const messages = linter.verify(
    code,
    {
      files: ["**/*.tsx"],
      plugins: { house },
      languageOptions: { parser: tseslint.parser, parserOptions: { ecmaFeatures: { jsx: true } } },
      rules: { "house/words-in-one-place": "error" },
    },
    "planted.tsx",
  );
  return messages.map((message) => message.message.replace(/^.*: /u, ""));
}

it("finds words between tags, in attributes that are read out, and in choices", () => {
  expect(findings("const a = <p>Start round {n}</p>;")).toEqual(["Start round"]);
  expect(findings('const a = <i aria-label="Pause" title={`Round ${n}`} className="big red" />;')).toEqual(["Pause", "Round"]);
  expect(findings('const a = <b>{isOn ? "Going" : none ?? "Nothing"}</b>;')).toEqual(["Going", "Nothing"]);
});

it("passes over what is no word for people", () => {
  expect(findings('const a = <p className={on ? "row" : "column"} key="x">{text.start} · {`${n} %`}</p>;')).toEqual([]);
  expect(findings('const a = <b>{kind === "paused" ? text.paused : null}</b>;')).toEqual([]);
});

/** What reads like words and is none for people: names of records, classes and fonts, what a search may find, and the wording of a sample script. */
const NO_WORDS = new Set([
  "reference log-probabilities",
  "thank you",
  "600 12px ",
  "px 'Inter Variable', system-ui, sans-serif",
  "theme colours",
  "criterion ",
  "left much",
  "right much",
]);

/** Two words in a row; in a template one beside a space is enough. */
const SENTENCE = /\p{Ll}{2,} \p{L}{2,}/u;
const WORD_BESIDE_SPACE = /(?:^|\s)\p{L}{2,}\s|\s\p{L}{2,}(?:\s|$)/u;

it("finds no sentence in the page's code outside of renderer/text: errors that only programmers read are none", () => {
  const files = globSync("renderer/**/*.{ts,tsx}", { cwd: ROOT }).filter((file) => !file.startsWith(join("renderer", "text")));
  expect(files.length).toBeGreaterThan(100);
  const found = files.flatMap((file) => sentencesIn(readFileSync(join(ROOT, file), "utf8"), file.endsWith("x")).map((words) => `${file}: ${words}`));
  expect(found).toEqual([]);
  expect(sentencesIn('const a = on ? "not measured" : `run ${n}`; throw new Error("an odd thing");', false).toSorted()).toEqual([
    "not measured",
    "run ",
  ]);
});

type Parse = (code: string, options: { readonly jsx: boolean }) => { readonly ast: { readonly body: unknown } };
const parse = tseslint.parser.parseForESLint as Parse; // its own type leaves out the options and what it returns

type Node = { readonly type: string; readonly [key: string]: unknown };

function sentencesIn(code: string, jsx: boolean): string[] {
  const { ast } = parse(code, { jsx });
  const found: string[] = [];
  const look = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(look);
    else if (isNode(value)) lookAt(value);
  };
  const lookAt = (node: Node): void => {
    if (isForPrograms(node)) return;
    if (node.type === "Literal" && typeof node["value"] === "string" && SENTENCE.test(node["value"])) found.push(node["value"]);
    if (node.type === "TemplateElement") {
      const { cooked } = node["value"] as { readonly cooked: string }; // every template element has it
      if (SENTENCE.test(cooked) || WORD_BESIDE_SPACE.test(cooked)) found.push(cooked);
    }
    for (const [key, child] of Object.entries(node)) if (key !== "parent") look(child);
  };
  look(ast.body);
  return found.filter((words) => !NO_WORDS.has(words));
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

/** Imports, types, errors, and the attributes that nobody reads. */
function isForPrograms(node: Node): boolean {
  if (/^Import|^TS.*Type$|^TSTypeAnnotation$/u.test(node.type)) return true;
  if (node.type === "NewExpression") return isNode(node["callee"]) && /Error$/u.test(nameOf(node["callee"]));
  if (node.type === "CallExpression") return isNode(node["callee"]) && node["callee"].type === "Super";
  if (node.type !== "JSXAttribute" || !isNode(node["name"])) return false;
  return ["className", "style", "d", "viewBox"].includes(nameOf(node["name"]));
}

function nameOf({ name }: Node): string {
  return typeof name === "string" ? name : "";
}
