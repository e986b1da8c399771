/** Words for people stand in renderer/text and app/text: the lint rule that keeps them there, on planted words, and the code without tags. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
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
  expect(findings('const a = <Button why={isOn && "Nothing is changed"} busy="Saving" />;')).toEqual(["Nothing is changed", "Saving"]);
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
  const found = files.flatMap((file) =>
    sentencesIn(readFileSync(join(ROOT, file), "utf8"), { jsx: file.endsWith("x"), errors: /Error$/u }).map((words) => `${file}: ${words}`),
  );
  expect(found).toEqual([]);
  expect(
    sentencesIn('const a = on ? "not measured" : `run ${n}`; throw new Error("an odd thing");', { jsx: false, errors: /Error$/u }).toSorted(),
  ).toEqual(["not measured", "run "]);
});

/** Rooms and files of the lab whose sentences stay where they are (docs/adr/0013), each with its reason. */
const STAYS: readonly (readonly [path: string, why: string])[] = [
  ["app/text/", "the place itself"],
  ["main/cli/", "the command line's own help and tables, beside option names"],
  ["main/store/migrations/", "SQL"],
  ["main/store/invariants.ts", "rules of the database by name: a broken one is a bug of ours"],
  ["app/domain/stage-counts.ts", "names under which counts are stored; app/text/counts.ts words them"],
  ["app/graph/", "graphs and tensors, in the words of ONNX"],
  ["main/engine/runtime/", "graphs and tensors, in the words of ONNX"],
  ["app/models/families.ts", "fields of a model's files"],
  ["main/engine/training/prepare-pairs.ts", "tokens of a pair"],
  ["main/engine/sampling/sample-responses.ts", "tokens of a prompt"],
  ["app/judging/words.ts", "a list of common words"],
  ["app/judging/render-question.ts", "for a judge to read"],
  ["main/engine/checkpoints/tiny-tokenizer.ts", "a chat template, for a model to read"],
  ["main/lab/results/report-parts.ts", "styles"],
];

/** What these say in errors is of tensors, numbers and fields of files, in the words of those formats. */
const OF_TENSORS = /^(?:app\/(?:autodiff|models|decoding|statistics|training)|main\/engine\/(?:process|sampling|training))\//u;
const FOR_PROGRAMMERS = /^(?:Internal|Graph|Range|Type)?Error$/u;

/** SQL has words in capitals. */
const SQL = /\b(?:SELECT|INSERT|UPDATE|DELETE|FROM|WHERE|CREATE|JOIN|ORDER BY|GROUP BY|AND|OR|IN|PRAGMA|AS|IS NULL)\b/u;
const MARKUP = /^[^<>]*>|<[^<>]*>|<[^<>]*$/gu;

/** What else reads like words and is none for people: names that are stored, sent, compared or seeded with, and what a judge is tried with. */
const NONE_OF_THE_LAB = new Set([
  "What is the capital of France? Answer in one word.",
  "I would rather talk about the weather, which has been mild.",
  "script ",
  "weights ",
  "blob ",
  "Bearer ",
  "Not Found",
  "\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n",
  "Nash Lab: lab",
  "Nash Lab: engine",
  "point hollow",
  "pairs of a prompt",
  ...[" values", " ids", " normalisers", " losses", " of "],
]);

function isForPeople(words: string): boolean {
  if (SQL.test(words) || NONE_OF_THE_LAB.has(words)) return false;
  return !/<\w|\w>/u.test(words) || isSentence(words.replace(MARKUP, ""));
}

it("finds no sentence in the lab's code outside of app/text", () => {
  const files = globSync("{app,main}/**/*.ts", { cwd: ROOT })
    .map((file) => file.split(sep).join("/"))
    .filter((file) => !STAYS.some(([path]) => file.startsWith(path)));
  expect(files.length).toBeGreaterThan(300);
  const found = files.flatMap((file) =>
    sentencesIn(readFileSync(join(ROOT, file), "utf8"), { jsx: false, errors: OF_TENSORS.test(file) ? /Error$/u : FOR_PROGRAMMERS })
      .filter(isForPeople)
      .map((words) => `${file}: ${words}`),
  );
  expect(found).toEqual([]);
});

it("finds a sentence in an error that a person may see, and none in one for programmers", () => {
  const code =
    'throw new ConfigError(`expected one, got ${n} of them`); throw new InternalError("no such thing"); const a = "nothing is measured yet";';
  expect(sentencesIn(code, { jsx: false, errors: FOR_PROGRAMMERS })).toEqual(["expected one, got ", " of them", "nothing is measured yet"]);
});

it("holds no reason for what is not there any more", () => {
  for (const [path] of STAYS) expect(existsSync(join(ROOT, path)), path).toBe(true);
});

/** Where numbers are drawn, or written for programs, and not told. */
const DRAWN = [
  "renderer/results/cycle-note.tsx",
  "main/lab/results/report-charts.ts",
  "main/lab/results/report-parts.ts",
  "main/lab/judges/local-judge.ts",
];

it("writes numbers and dates of texts by app/text/language.ts alone", () => {
  const files = globSync(
    ["renderer/**/*.{ts,tsx}", "app/{text,statistics,training,preferences,rounds,contract}/**/*.ts", "main/{lab,host,http,electron}/**/*.ts"],
    {
      cwd: ROOT,
    },
  ).map((file) => file.split(sep).join("/"));
  const past = /\.to(?:Fixed|Precision|Exponential|Locale\w*)\(|\bIntl\./u;
  const found = files
    .filter((file) => file !== "app/text/language.ts" && !DRAWN.includes(file))
    .filter((file) => past.test(readFileSync(join(ROOT, file), "utf8")));
  expect(found).toEqual([]);
});

it("makes plural forms by app/text/language.ts alone", () => {
  const byHand = /\b(?!share\b)\w+ === 1 \?|\.replace\(\/s\$/u;
  const files = globSync(["renderer/**/*.{ts,tsx}", "app/text/**/*.ts"], { cwd: ROOT });
  const found = files.flatMap((file) =>
    readFileSync(join(ROOT, file), "utf8")
      .split("\n")
      .filter((line) => byHand.test(line)),
  );
  expect(found.map((line) => line.trim())).toEqual([]);
  expect(byHand.test('`${count} ${count === 1 ? "row" : "rows"}`')).toBe(true);
});

type Reading = {
  readonly jsx: boolean;
  /** Classes of errors whose messages are for programmers. */
  readonly errors: RegExp;
};

type Parse = (code: string, options: { readonly jsx: boolean }) => { readonly ast: { readonly body: unknown } };
const parse = tseslint.parser.parseForESLint as Parse; // its own type leaves out the options and what it returns

type Node = { readonly type: string; readonly [key: string]: unknown };

function sentencesIn(code: string, { jsx, errors }: Reading): string[] {
  const { ast } = parse(code, { jsx });
  const found: string[] = [];
  const look = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(look);
    else if (isNode(value)) lookAt(value);
  };
  const lookAt = (node: Node): void => {
    if (isForPrograms(node, errors)) return;
    if (node.type === "Literal" && typeof node["value"] === "string" && SENTENCE.test(node["value"])) found.push(node["value"]);
    if (node.type === "TemplateElement") {
      const { cooked } = node["value"] as { readonly cooked: string }; // every template element has it
      if (isSentence(cooked)) found.push(cooked);
    }
    for (const [key, child] of Object.entries(node)) if (key !== "parent") look(child);
  };
  look(ast.body);
  return found.filter((words) => !NO_WORDS.has(words));
}

function isSentence(words: string): boolean {
  return SENTENCE.test(words) || WORD_BESIDE_SPACE.test(words);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

/** Imports, types, errors, and the attributes that nobody reads. */
function isForPrograms(node: Node, errors: RegExp): boolean {
  if (/^Import|^TS.*Type$|^TSTypeAnnotation$/u.test(node.type)) return true;
  if (node.type === "NewExpression") return isNode(node["callee"]) && errors.test(nameOf(node["callee"]));
  if (node.type === "CallExpression") return isNode(node["callee"]) && node["callee"].type === "Super";
  if (node.type !== "JSXAttribute" || !isNode(node["name"])) return false;
  return ["className", "style", "d", "viewBox"].includes(nameOf(node["name"]));
}

function nameOf({ name }: Node): string {
  return typeof name === "string" ? name : "";
}
