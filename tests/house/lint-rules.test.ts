/** Each ban of the house finds a planted breach, and lets through what it is not about. */
import { ESLint } from "eslint";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { ROOT } from "#tools/checks/root.ts";

let eslint: ESLint;
beforeAll(() => {
  eslint = new ESLint({ cwd: ROOT });
});

/** The rules that a text breaks if it stood in the place of a file of ours (one that exists: types are looked up). */
async function broken(file: string, text: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: join(ROOT, file) });
  return [...new Set(result?.messages.map(({ ruleId, message }) => ruleId ?? message))].sort();
}

const PURE = "app/base/log-space.ts";
const NODE = "main/lab/events.ts";
const ICON_BUTTON = "renderer/design/icon-button.tsx";
const HEAD = "/** A file. */\n";

test.each([
  ["a file that does not say what it is", PURE, "export const a = 1;\n", "house/file-header"],
  ["a first comment that is none of a file", PURE, "// A file.\nexport const a = 1;\n", "house/file-header"],
  ["an assertion of a type without a reason", PURE, `${HEAD}export const a = (x: unknown): string => x as string;\n`, "house/reasoned-assertion"],
  ["randomness in a pure room", PURE, `${HEAD}export const a = (): number => Math.random();\n`, "no-restricted-properties"],
  ["a clock in a pure room", PURE, `${HEAD}export const a = (): number => Date.now();\n`, "no-restricted-properties"],
  ["a default export", PURE, `${HEAD}export default 1;\n`, "no-restricted-syntax"],
  ["a barrel", PURE, `${HEAD}export * from "./ids.ts";\n`, "no-restricted-syntax"],
  ["any", PURE, `${HEAD}export const a = (x: any): unknown => x;\n`, "@typescript-eslint/no-explicit-any"],
  ["a non-null assertion", PURE, `${HEAD}export const a = (x: string | undefined): string => x!;\n`, "@typescript-eslint/no-non-null-assertion"],
  [
    "a fork outside of main/host",
    NODE,
    `${HEAD}import { fork } from "node:child_process";\nexport const a = (): unknown => fork("x");\n`,
    "no-restricted-syntax",
  ],
  [
    "a worker ended in mid-run",
    NODE,
    `${HEAD}export const a = (worker: { terminate(): void }): void => worker.terminate();\n`,
    "no-restricted-syntax",
  ],
  [
    "a shipped file looked for where no build has it",
    NODE,
    `${HEAD}export const a = new URL("../../../resources/x.txt", import.meta.url);\n`,
    "no-restricted-syntax",
  ],
  ["electron in a pure room", PURE, `${HEAD}import { app } from "electron";\nexport const a = app;\n`, "no-restricted-imports"],
  ["electron in the page", "renderer/keys/bindings.ts", `${HEAD}import { app } from "electron";\nexport const a = app;\n`, "no-restricted-imports"],
  ["electron outside of main/electron", NODE, `${HEAD}import { app } from "electron";\nexport const a = app;\n`, "no-restricted-imports"],
  [
    "property tests whose cases differ from run to run",
    "tests/app/text/language.test.ts",
    `${HEAD}import fc from "fast-check";\nexport const a = fc;\n`,
    "no-restricted-imports",
  ],
  [
    "a promise that nobody waits for",
    NODE,
    `${HEAD}export function a(work: () => Promise<void>): void {\n  work();\n}\n`,
    "@typescript-eslint/no-floating-promises",
  ],
  [
    "a button of an icon alone that says no word to those who do not see it",
    ICON_BUTTON,
    `${HEAD}export const a = (x: () => void) => <button type="button" className="btn icon-only" onClick={x} />;\n`,
    "house/icon-has-word",
  ],
  [
    "a button that rests without a reason",
    ICON_BUTTON,
    `${HEAD}import type { ReactNode } from "react";\nexport const a = (rests: boolean): ReactNode => <button type="button" disabled={rests} />;\n`,
    "house/rests-with-reason",
  ],
  [
    "a choice of a menu that rests without a reason",
    ICON_BUTTON,
    `${HEAD}import type { ReactNode } from "react";\nexport const a = (rests: boolean): ReactNode => <div role="menuitem" aria-disabled={rests} />;\n`,
    "house/rests-with-reason",
  ],
  ["console", NODE, `${HEAD}export const a = (): void => console.log("x");\n`, "no-console"],
  ["more than 400 lines", PURE, `${HEAD}${"export {};\n".repeat(401)}`, "max-lines"],
])("finds %s", async (_, file, text, rule) => {
  expect(await broken(file, text)).toContain(rule);
});

test("finds syntax that old Nodes cannot parse in what looks for the right Node", async () => {
  const optionalChain = '/** A file. */\n"use strict";\nmodule.exports = { a: module?.exports };\n';
  expect(await broken("tools/setup/say.cjs", optionalChain)).toEqual([expect.stringMatching(/^Parsing error/u)]);
  expect(await broken("tools/setup/say.cjs", optionalChain.replace("?.", "."))).toEqual([]);
});

test.each([
  ["an assertion with its reason", PURE, `${HEAD}export const a = (x: unknown): string => x as string; // it was checked by the caller\n`],
  ["an assertion of a constant", PURE, `${HEAD}export const a = { kind: "a" } as const;\n`],
  ["an id that is made", PURE, `${HEAD}import type { PromptId } from "./ids.ts";\nexport const a = (x: string): PromptId => x as PromptId;\n`],
  [
    "a button of an icon alone with its word",
    ICON_BUTTON,
    `${HEAD}import type { ReactNode } from "react";\nexport const a = (word: string): ReactNode => <button type="button" className="btn icon-only" aria-label={word} />;\n`,
  ],
  [
    "a button that rests with its reason, and a field",
    ICON_BUTTON,
    `${HEAD}import type { ReactNode } from "react";\nimport { Button } from "./button.tsx";\nimport { useResting } from "./why.tsx";\nexport function A({ why }: { readonly why: string }): ReactNode {\n  const { field, reason } = useResting(why);\n  return (\n    <>\n      <Button why={why} />\n      <select {...field} />\n      {reason}\n    </>\n  );\n}\n`,
  ],
  ["a timer that is ended", NODE, `${HEAD}export const a = (timer: { terminate(): void }): void => timer.terminate();\n`],
  [
    "a fork in main/host",
    "main/host/process-host.ts",
    `${HEAD}import { fork } from "node:child_process";\nexport const a = (): unknown => fork("x");\n`,
  ],
])("lets through %s", async (_, file, text) => {
  expect(await broken(file, text)).toEqual([]);
});
