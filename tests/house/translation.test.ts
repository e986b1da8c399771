/** A translation of the words is checked by the compiler: it may not lack a sentence, nor ask for facts that nobody has. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "#tools/checks/root.ts";
import { checkTypes } from "#tools/checks/types.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

/** Type-checks a translation that stands beside the words of `app/text`. */
function findingsOf(file: string, translation: string): string[] {
  const folder = tempFolder();
  mkdirSync(join(folder, "text"));
  const path = join(folder, "text", file);
  writeFileSync(path, `import * as english from ${JSON.stringify(join(ROOT, "app/text", file))};\n${translation}\n`);
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  const config = join(folder, "tsconfig.json");
  writeFileSync(config, JSON.stringify({ extends: join(ROOT, "tsconfig.app.json"), include: [], files: [path] }));
  return checkTypes(config);
}

test("a noun may have as many forms as its language asks for", () => {
  const prompts = '{ one: "zapytanie", few: "zapytania", many: "zapytań", other: "zapytania" }';
  expect(findingsOf("nouns.ts", `export const nouns: typeof english.nouns = { ...english.nouns, prompts: ${prompts} };`)).toEqual([]);
  const [first] = findingsOf("nouns.ts", 'export const nouns: typeof english.nouns = { ...english.nouns, prompts: { one: "zapytanie" } };');
  expect(first).toContain("Property 'other' is missing");
});

test("a sentence that is lacking is named", () => {
  const [first] = findingsOf("watch.ts", 'export const watchWords: typeof english.watchWords = { entropy: () => "Kaum Abwechslung." };');
  expect(first).toMatch(/TS27(39|40).*\bkl\b/su);
});

test("a sentence may leave a fact out, and may not take another", () => {
  const german = (finished: string): string =>
    `export const watchWords: typeof english.watchWords = { ...english.watchWords, finished: ${finished} };`;
  expect(findingsOf("watch.ts", german("(now: number) => `Nur ${now} enden.`"))).toEqual([]);
  expect(findingsOf("watch.ts", german("(policy: string) => `${policy} endet selten.`"))[0]).toContain("TS2322");
});
