/** The Markdown pages of the repository, and the commands that stand in them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "#tools/checks/root.ts";

const AT_ROOT = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"];

/** Paths from the root. */
export function documentPaths(): string[] {
  const docs = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" });
  return [...AT_ROOT, ...docs.filter((name) => name.endsWith(".md")).map((name) => `docs/${name.replaceAll("\\", "/")}`)];
}

export function readDocument(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** Lines of blocks marked `sh`, without comments and prompts. */
export function shellLines(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```sh\n(.*?)^```$/gmsu)].map((match) => match[1] ?? "");
  return blocks.flatMap((block) =>
    block
      .split("\n")
      .map((line) =>
        line
          .replace(/\s#.*$/u, "")
          .replace(/^\$ /u, "")
          .trim(),
      )
      .filter((line) => line !== "" && !line.startsWith("#")),
  );
}

/** Shell lines, and what stands between backticks and begins like a command of ours. */
export function documentedCommands(markdown: string): string[] {
  const inline = [...markdown.replaceAll(/^```.*?^```$/gmsu, "").matchAll(/`([^`\n]+)`/gu)].map((match) => match[1] ?? "");
  return [...shellLines(markdown), ...inline.filter((text) => /^(npx nashlab|nashlab|npm (run|test|start)|node tools\/run\.cjs) ?/u.test(text))];
}

/** A line as words; quotes hold words together. */
export function words(line: string): string[] {
  return [...line.matchAll(/(?:"[^"]*"|'[^']*'|\S)+/gu)].map((match) => match[0].replaceAll(/["']/gu, ""));
}
