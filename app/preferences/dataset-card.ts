/** A dataset card as the Hugging Face hub reads it: YAML at the head, then where every row came from. */
import { cardWords as words } from "#app/text/dataset-card.ts";

export type CardTable = { readonly columns: readonly string[]; readonly rows: readonly (readonly (string | number | null)[])[] };

export type CardFacts = {
  readonly name: string;
  readonly version: string;
  readonly madeAt: string;
  readonly seed: number;
  readonly pairs: number;
  readonly shape: string;
  /** Sets of the card's head: a name, and its file of each split. */
  readonly sets: readonly { readonly name: string; readonly splits: Readonly<Record<string, string>> }[];
  readonly sections: readonly { readonly title: string; readonly sentence: string; readonly table: CardTable }[];
};

const SIZES: readonly (readonly [number, string])[] = [
  [1_000, "n<1K"],
  [10_000, "1K<n<10K"],
  [100_000, "10K<n<100K"],
  [1_000_000, "100K<n<1M"],
  [Infinity, "1M<n<10M"],
];

/** Nothing of what is named can end the YAML or a table: texts are quoted there as JSON and escaped here. */
export function datasetCard(facts: CardFacts): string {
  const parts = [
    head(facts),
    `# ${inline(facts.name)}`,
    words.lead(facts),
    words.licence,
    ...facts.sections.flatMap(({ title, sentence, table }) => [`## ${title}`, sentence, markdownTable(table)]),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function head({ name, pairs, sets }: CardFacts): string {
  const size = SIZES.find(([bound]) => pairs < bound)?.[1] ?? "n>1T";
  const configs = sets.flatMap((set, i) => [
    `- config_name: ${JSON.stringify(set.name)}`,
    ...(i === 0 ? ["  default: true"] : []),
    "  data_files:",
    ...Object.entries(set.splits).flatMap(([split, path]) => [`  - split: ${JSON.stringify(split)}`, `    path: ${JSON.stringify(path)}`]),
  ]);
  return [
    "---",
    `pretty_name: ${JSON.stringify(name)}`,
    "license: unknown",
    "task_categories:",
    "- text-generation",
    "tags:",
    "- preference",
    "- dpo",
    "- direct-nash-optimization",
    "size_categories:",
    `- ${JSON.stringify(size)}`,
    "configs:",
    ...configs,
    "---",
  ].join("\n");
}

function markdownTable({ columns, rows }: CardTable): string {
  if (rows.length === 0) return words.none;
  const line = (cells: readonly (string | number | null)[]): string =>
    `| ${cells.map((cell) => (cell === null ? "" : inline(String(cell)))).join(" | ")} |`;
  return [line(columns), `|${" --- |".repeat(columns.length)}`, ...rows.map(line)].join("\n");
}

/** One line in which nothing is markup. */
function inline(text: string): string {
  return text.replace(/\s+/gu, " ").replace(/[\\`*_{}[\]<>|#~!]/gu, "\\$&");
}
