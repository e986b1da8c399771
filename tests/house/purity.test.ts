/** The pure rooms compile with neither Node's nor a browser's globals: a planted use of each is a type error. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { checkTypes, projectNames } from "#tools/checks/types.ts";
import { ROOT } from "#tools/checks/root.ts";

/** Type-checks one file under the rules of a project of ours. */
function findingsOf(project: string, file: string, text: string): string[] {
  const folder = tempFolder();
  const path = join(folder, file);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  const config = join(folder, "tsconfig.json");
  const platform = join(ROOT, "app/base/platform.d.ts");
  writeFileSync(config, JSON.stringify({ extends: join(ROOT, project), include: [], files: [path, platform] }));
  return checkTypes(config);
}

test("a sound file of a pure room passes, with the globals that every platform has", () => {
  const text = "export const size = (signal: AbortSignal): number => (signal.aborted ? 0 : new TextEncoder().encode('x').length);\n";
  expect(findingsOf("tsconfig.app.json", "app/x.ts", text)).toEqual([]);
});

test.each(["process.pid", "console.log", "window.document", "document.title", "Buffer.from", "setTimeout", "fetch", "globalThis.process", "require"])(
  "%s is a type error in a pure room",
  (name) => {
    const [first] = findingsOf("tsconfig.app.json", "app/x.ts", `export const planted: unknown = ${name};\n`);
    expect(first).toMatch(/TS(2304|2584|2591|2580|7017|2339)/u);
  },
);

test("an unchecked index is an error in app, and allowed in kernels only", () => {
  const text = "export function first(numbers: readonly number[]): number {\n  return numbers[0];\n}\n";
  expect(findingsOf("tsconfig.app.json", "app/x.ts", text)[0]).toContain("TS2322");
  expect(findingsOf("tsconfig.kernels.json", "app/x.kernel.ts", text)).toEqual([]);
});

test("every project is checked, and each code file belongs to one", () => {
  expect(projectNames()).toHaveLength(7);
  const files = projectNames().map((name) => {
    const path = join(ROOT, name);
    const read: { readonly config?: unknown } = ts.readConfigFile(path, ts.sys.readFile);
    return ts.parseJsonConfigFileContent(read.config, ts.sys, ROOT, undefined, path).fileNames;
  });
  const all = files.flat().filter((file) => !file.endsWith(".d.ts"));
  expect(all.filter((file, i) => all.indexOf(file) !== i)).toEqual([]);
});
