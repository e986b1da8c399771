/** docs/results.md, made from the records. */
import { type NamedRecord, SECTIONS } from "../results/record.ts";
import { table } from "./markdown.ts";
import { describeFigure } from "./win-rate-figure.ts";

/** Longer tables are folded up, so that the page can be read from end to end. */
const LONGEST_OPEN_TABLE = 25;

const HEAD = `# Results

<!-- prettier-ignore-start -->
<!-- Made from docs/results/*.json by \`node tools/run.cjs docs\`; do not edit by hand. -->

What was measured, when and how. Each entry comes from one record in docs/results; docs/testing.md says how records are made. \`npm test\` lists entries whose sources have changed since.
`;

/** The whole page; the records in the order of their names within each section. */
export function renderResultsPage(records: readonly NamedRecord[]): string {
  const sections = SECTIONS.flatMap((section) => {
    const own = records.filter(({ record }) => record.section === section);
    return own.length === 0 ? [] : [`## ${section}`, ...own.map(renderEntry)];
  });
  return `${[HEAD.trim(), ...sections, "<!-- prettier-ignore-end -->"].join("\n\n")}\n`;
}

function renderEntry({ name, record }: NamedRecord): string {
  return [
    `### ${record.title}`,
    record.summary,
    ...(record.figure === undefined ? [] : [`![${describeFigure(record.figure)}](results/${name}.svg)`]),
    ...record.tables.map(({ columns, rows }) => folded(table(columns, rows), rows.length)),
    ...(record.notes.length === 0 ? [] : [record.notes.map((note) => `- ${note}`).join("\n")]),
    `\`\`\`sh\n${record.commands.join("\n")}\n\`\`\``,
    `${record.date}, commit ${record.commit}, load ${record.load}; ${record.machine}. Record: [${name}](results/${name}.json).`,
  ].join("\n\n");
}

function folded(lines: string, rows: number): string {
  return rows <= LONGEST_OPEN_TABLE ? lines : `<details>\n<summary>${rows} rows</summary>\n\n${lines}\n\n</details>`;
}
