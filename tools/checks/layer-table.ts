/** Which room may use what: the plan of the house as data (docs/adr/0001). */

export type Room = {
  /** A folder, or one file; the longest that fits a file is its room. */
  readonly path: string;
  /** Folders and files of ours that it may use beside itself. */
  readonly uses: readonly string[];
  /** Packages by name; `@scope/*` for a scope. */
  readonly packages: readonly string[];
  /** Whether it may use Node's own modules. */
  readonly mayUseNode: boolean;
};

const pure = (path: string, uses: readonly string[], packages: readonly string[] = []): Room => ({ path, uses, packages, mayUseNode: false });
const onNode = (path: string, uses: readonly string[], packages: readonly string[] = []): Room => ({ path, uses, packages, mayUseNode: true });

const ALL_BUT_CONTRACT = [
  "app/text",
  "app/base",
  "app/domain",
  "app/statistics",
  "app/preferences",
  "app/graph",
  "app/autodiff",
  "app/models",
  "app/training",
  "app/decoding",
  "app/judging",
] as const;

export const ROOMS: readonly Room[] = [
  // Words for people and how their language writes numbers; every room may speak.
  pure("app/text", []),
  pure("app/base", ["app/text"], ["pure-rand"]),
  pure("app/domain", ["app/text", "app/base"], ["zod"]),
  pure("app/statistics", ["app/text", "app/base", "app/domain"]),
  pure("app/graph", ["app/base", "app/domain"]),
  pure("app/autodiff", ["app/base", "app/graph"]),
  pure("app/models", ["app/base", "app/graph"], ["zod"]),
  pure("app/training", ["app/text", "app/base", "app/domain", "app/graph", "app/autodiff", "app/models"]),
  pure("app/decoding", ["app/base", "app/domain", "app/statistics"], ["zod", "@huggingface/tokenizers", "@huggingface/jinja"]),
  pure("app/judging", ["app/text", "app/base", "app/domain", "app/statistics"], ["zod"]),
  pure("app/preferences", ["app/text", "app/base", "app/domain", "app/statistics"], ["zod"]),
  pure("app/rounds", ALL_BUT_CONTRACT),
  pure("app/contract", ["app/text", "app/base", "app/domain"], ["zod", "@orpc/contract"]),

  onNode("main/engine", ["app"], ["onnxruntime-node", "@huggingface/gguf", "@huggingface/hub", "zod"]),
  onNode("main/store", ["app"], ["better-sqlite3", "zod"]),
  onNode("main/oracles", ["app"], ["openai", "zod"]),
  onNode("main/data", ["app"], ["csv-parse", "hyparquet", "hyparquet-compressors", "hyparquet-writer"]),
  onNode("main/lab", ["app", "main/store"], ["@orpc/server", "zod"]),
  // The one composition root knows every driver.
  onNode("main/lab/compose.ts", ["app", "main/lab", "main/store", "main/engine", "main/oracles", "main/data", "main/host"], ["@orpc/server"]),
  onNode(
    "main/host",
    ["app/text", "app/base", "app/domain", "app/contract", "app/rounds/ports.ts", "main/lab"],
    ["@napi-rs/keyring", "@orpc/*", "better-sqlite3", "env-paths", "ws", "zod"],
  ),
  onNode(
    "main/cli",
    ["app/text", "app/base", "app/domain", "app/contract", "main/host", "main/lab", "main/http"],
    ["@orpc/client", "commander", "zod"],
  ),
  // The entry that old Nodes must be able to parse.
  onNode("main/cli/nashlab.js", ["main/cli", "tools/setup"]),
  onNode("main/http", ["app/text", "app/base", "app/domain", "app/contract", "main/host", "main/lab"], ["vite", "ws", "zod"]),
  onNode(
    "main/electron",
    ["app/text", "app/base", "app/domain", "app/contract", "app/rounds/ports.ts", "main/host", "main/lab"],
    ["electron", "zod"],
  ),

  pure(
    "renderer",
    ["app/text", "app/base", "app/domain", "app/contract"],
    [
      "react",
      "react-dom",
      "@mantine/*",
      "@tanstack/*",
      "@orpc/client",
      "@orpc/tanstack-query",
      "@fontsource-variable/*",
      "lucide-react",
      "react-markdown",
      "rehype-katex",
      "rehype-sanitize",
      "remark-gfm",
      "remark-math",
      "katex",
      "tinykeys",
      "@observablehq/plot",
      "uplot",
      "zod",
      "diff",
      "shiki",
    ],
  ),
];

/** The areas of the lab; one does not import another. */
export const LAB_AREAS: readonly string[] = ["experiments", "rounds", "queue", "judgments", "training", "results", "policies", "settings"];
