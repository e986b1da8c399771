/** Colours for code: Shiki's core with the JavaScript engine, fetched when the first code comes into sight. */
import type { HighlighterCore, ThemedToken } from "shiki/core";

/** Languages by the names that people write behind the fence. */
const LANGUAGES: Readonly<Record<string, () => Promise<unknown>>> = {
  bash: async () => await import("shiki/langs/bash.mjs"),
  c: async () => await import("shiki/langs/c.mjs"),
  cpp: async () => await import("shiki/langs/cpp.mjs"),
  css: async () => await import("shiki/langs/css.mjs"),
  diff: async () => await import("shiki/langs/diff.mjs"),
  go: async () => await import("shiki/langs/go.mjs"),
  html: async () => await import("shiki/langs/html.mjs"),
  java: async () => await import("shiki/langs/java.mjs"),
  javascript: async () => await import("shiki/langs/javascript.mjs"),
  json: async () => await import("shiki/langs/json.mjs"),
  python: async () => await import("shiki/langs/python.mjs"),
  ruby: async () => await import("shiki/langs/ruby.mjs"),
  rust: async () => await import("shiki/langs/rust.mjs"),
  sql: async () => await import("shiki/langs/sql.mjs"),
  typescript: async () => await import("shiki/langs/typescript.mjs"),
  yaml: async () => await import("shiki/langs/yaml.mjs"),
};

const ALIASES: Readonly<Record<string, string>> = {
  sh: "bash",
  shell: "bash",
  zsh: "bash",
  console: "bash",
  "c++": "cpp",
  js: "javascript",
  jsx: "javascript",
  py: "python",
  rb: "ruby",
  rs: "rust",
  ts: "typescript",
  tsx: "typescript",
  yml: "yaml",
  xml: "html",
};

const THEME = "nashlab";
/** Colours are the tokens': they follow the theme by themselves. */
const COLOURS: readonly (readonly [string, readonly string[]])[] = [
  ["var(--code-quiet)", ["comment", "punctuation.definition.comment", "meta.diff.header"]],
  ["var(--code-text)", ["string", "punctuation.definition.string", "markup.inserted"]],
  ["var(--code-word)", ["keyword", "storage", "support.function", "entity.name.function", "entity.name.tag", "variable.language"]],
  ["var(--code-name)", ["constant", "constant.numeric", "entity.other.attribute-name", "support.type", "entity.name.type", "markup.deleted"]],
];

/** More is shown without colours: nobody compares it by them, and it would take long. */
const MAX_LENGTH = 20_000;
const LIMITS = { tokenizeMaxLineLength: 500, tokenizeTimeLimit: 50 } as const;

export type ColouredLine = readonly { readonly text: string; readonly colour: string | undefined }[];

let highlighter: Promise<HighlighterCore> | undefined;

async function load(): Promise<HighlighterCore> {
  const [{ createHighlighterCore }, { createJavaScriptRegexEngine }] = await Promise.all([import("shiki/core"), import("shiki/engine/javascript")]);
  return await createHighlighterCore({
    engine: createJavaScriptRegexEngine({ forgiving: true }),
    langs: [],
    themes: [
      {
        name: THEME,
        type: "light",
        fg: "inherit",
        bg: "transparent",
        settings: [
          { settings: { foreground: "inherit", background: "transparent" } },
          ...COLOURS.map(([foreground, scope]) => ({ scope: [...scope], settings: { foreground } })),
        ],
      },
    ],
  });
}

/** The lines of a piece of code with their colours; undefined for a language that is not known, or for very much code. */
export async function colourCode(code: string, name: string): Promise<readonly ColouredLine[] | undefined> {
  const lower = name.toLowerCase();
  const language = ALIASES[lower] ?? lower;
  const loadLanguage = Object.hasOwn(LANGUAGES, language) ? LANGUAGES[language] : undefined;
  if (loadLanguage === undefined || code.length > MAX_LENGTH) return undefined;
  highlighter ??= load();
  const core = await highlighter;
  if (!core.getLoadedLanguages().includes(language)) {
    const module = (await loadLanguage()) as { readonly default: Parameters<HighlighterCore["loadLanguage"]>[0] }; // Shiki's languages are default exports
    await core.loadLanguage(module.default);
  }
  const lines = core.codeToTokensBase(code, { lang: language, theme: THEME, ...LIMITS });
  return lines.map((line) =>
    line.map((token: ThemedToken) => ({ text: token.content, colour: token.color === "inherit" ? undefined : token.color })),
  );
}
