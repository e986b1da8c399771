/** The lint rule that keeps words for people in renderer/text, on planted words. */
import { Linter } from "eslint";
import tseslint from "typescript-eslint";
import { expect, it } from "vitest";
import { house } from "../../tools/checks/lint-rules.js";

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
