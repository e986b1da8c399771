/** docs/results.md, made from the records. */
import { type NamedRecord, type ResultRecord, SECTIONS } from "./record.ts";

const HEAD = `# Results

<!-- prettier-ignore-start -->
<!-- Made from docs/results/*.json by \`node tools/run.cjs results\`; do not edit by hand. -->

What was measured, when and how. Each entry comes from one record in docs/results; docs/testing.md says how records are made. \`npm test\` lists entries whose sources have changed since.
`;

/** The whole page; the records in the order of their names within each section. */
export function renderPage(records: readonly NamedRecord[]): string {
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
    ...record.tables.map(renderTable),
    ...(record.notes.length === 0 ? [] : [record.notes.map((note) => `- ${note}`).join("\n")]),
    `\`\`\`sh\n${record.commands.join("\n")}\n\`\`\``,
    `${record.date}, commit ${record.commit}, load ${record.load}; ${record.machine}. Record: [${name}](results/${name}.json).`,
  ].join("\n\n");
}

function renderTable(table: ResultRecord["tables"][number]): string {
  const rows = [table.columns, table.columns.map(() => "---"), ...table.rows];
  return rows.map((row) => `| ${row.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`).join("\n");
}
