/** Data files in words: what one holds, and what importing it came to. */
import type { ImportLook, ImportReport, ImportSample, Leak, RejectedRow } from "#app/contract/imports.ts";
import { count, plural } from "./format.ts";

const FORMATS: Readonly<Record<ImportLook["format"], string>> = {
  jsonl: "JSON lines",
  json: "a JSON array",
  csv: "CSV",
  parquet: "Parquet",
  text: "plain text",
};

/** What a look found, section by section. */
export function lookText(look: ImportLook): string {
  const sections = [headText(look), ...look.samples.map(sampleText), troubleText(look)];
  return sections.filter((section) => section !== "").join("\n\n");
}

function headText(look: ImportLook): string {
  const lines = [`${look.name}: ${plural(look.rows, "row")} of ${FORMATS[look.format]}.`];
  for (const { title, why, rows } of look.shapes) lines.push(`${plural(rows, "row")} taken for ${title}: ${why}.`);
  if (look.shapes.length === 0) lines.push("No row has a shape that is known.");
  if (!look.isCertain && look.columns.length > 0) {
    lines.push(`Its columns: ${look.columns.map(({ name }) => name).join(", ")}. If others are meant, choose them with --column.`);
  }
  if (look.proposedPrompt !== null) lines.push(`The prompts may be in ${look.proposedPrompt}: --column "prompt=${look.proposedPrompt}".`);
  const splits = Object.entries(look.splits).map(([split, prompts]) => `${count(prompts)} for ${split}`);
  lines.push(`${plural(look.fresh, "prompt")} would be new${splits.length === 0 ? "" : `: ${splits.join(", ")}`}.`);
  if (look.teacherResponses > 0) lines.push(`${plural(look.teacherResponses, "row")} with a teacher response.`);
  if (look.pairs > 0) lines.push(`${plural(look.pairs, "preference")} of others.`);
  return lines.join("\n");
}

function sampleText(sample: ImportSample): string {
  const lines = [`Row ${sample.row} would be stored for ${sample.split}${sample.isStoredAlready ? ", and is there already" : ""}:`];
  for (const { role, content } of sample.messages) lines.push(`  ${role}: ${short(content)}`);
  if (sample.teacherResponse !== null) lines.push(`  teacher: ${short(sample.teacherResponse)}`);
  for (const { chosen, rejected, chosenScore, rejectedScore } of sample.pairs.slice(0, 1)) {
    lines.push(`  chosen${scoreText(chosenScore)}: ${short(chosen)}`, `  rejected${scoreText(rejectedScore)}: ${short(rejected)}`);
  }
  if (sample.pairs.length > 1) lines.push(`  and ${plural(sample.pairs.length - 1, "more preference")}`);
  return lines.join("\n");
}

function scoreText(score: number | null): string {
  return score === null ? "" : ` (${score})`;
}

/** One line, cut. */
function short(text: string): string {
  const line = text.replace(/\s+/gu, " ").trim();
  return line.length <= 160 ? line : `${line.slice(0, 159)}…`;
}

type Trouble = Pick<
  ImportReport,
  "duplicates" | "duplicatesInFile" | "unusablePairs" | "unusable" | "leftOut" | "rejected" | "rejectedCount" | "leaks"
>;

function troubleText(trouble: Trouble): string {
  const lines: string[] = [];
  const { duplicates, duplicatesInFile, leftOut, leaks, rejected, rejectedCount } = trouble;
  if (duplicates > 0) {
    const inFile =
      duplicatesInFile === 0
        ? ""
        : duplicatesInFile === duplicates
          ? " earlier in the file"
          : `; ${count(duplicatesInFile)} of them earlier in the file`;
    lines.push(`${plural(duplicates, "prompt")} had been there already${inFile}.`);
  }
  lines.push(...unusableLines(trouble));
  if (leaks.equal > 0)
    lines.push(`${plural(leaks.equal, "row")} asked for another split than their prompt has; it stays where it is held out or stored.`);
  if (leaks.near > 0) {
    const fate = leftOut > 0 ? `${count(leftOut)} left out` : "kept; --leave-out-near-copies leaves those for training out";
    lines.push(`${plural(leaks.near, "prompt")} nearly the same as one on the other side of a split (${fate}).`);
  }
  lines.push(...leaks.listed.slice(0, SHOWN).map(leakText));
  lines.push(...rejected.slice(0, SHOWN).map(rejectedText));
  if (rejectedCount > SHOWN) lines.push(`${count(rejectedCount - SHOWN)} more rows were rejected; --json lists the first ${count(rejected.length)}.`);
  return lines.join("\n");
}

const SHOWN = 10;

function unusableLines({ unusablePairs, unusable }: Trouble): string[] {
  if (unusablePairs === 0) return [];
  const lines = [`${plural(unusablePairs, "row")} with a preference that cannot be used, and a prompt that can.`];
  lines.push(...unusable.slice(0, SHOWN).map(({ row, reason }) => `The preference of row ${row} cannot be used: ${reason}`));
  if (unusablePairs > SHOWN) lines.push(`${count(unusablePairs - SHOWN)} more of them; --json lists the first ${count(unusable.length)}.`);
  return lines;
}

function rejectedText({ row, reason }: RejectedRow): string {
  return `Row ${row} was rejected: ${reason}`;
}

function leakText({ row, split, otherRow, otherSplit, share, text }: Leak): string {
  const other = otherRow === null ? `a stored prompt of ${otherSplit}` : `row ${otherRow} (${otherSplit})`;
  return `Row ${row} (${split}) ${share === 1 ? "has the same prompt as" : `shares ${Math.floor(share * 100)}% of its words with`} ${other}: ${short(text).slice(0, 80)}`;
}

/** Where a round has been begun: from which on the new prompts take part. Empty before the first. */
function fromRoundText({ fromRound, splits }: Pick<ImportReport, "fromRound" | "splits">): string {
  const heldOut = splits.validation + splits.test;
  const parts = [
    ...(splits.training > 0 ? [{ what: "trained on", round: fromRound.training }] : []),
    ...(heldOut > 0 ? [{ what: "measured on", round: fromRound.heldOut }] : []),
  ];
  if (parts.every(({ round }) => round === 1)) return "";
  return `They are ${parts.map(({ what, round }) => `${what} from round ${round}`).join(", ")} on.`;
}

/** What an import came to. */
export function importText(report: ImportReport): string {
  const parts = Object.entries(report.splits).map(([split, prompts]) => `${count(prompts)} for ${split}`);
  const lines = [`Imported ${plural(report.imported, "prompt")}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}.`];
  const from = report.imported > 0 ? fromRoundText(report) : "";
  if (from !== "") lines.push(from);
  if (report.teacherResponses > 0) lines.push(`${plural(report.teacherResponses, "teacher response")} came along.`);
  if (report.pairs > 0) lines.push(`${plural(report.pairs, "preference")} of others came along; the pair rule "imported" trains on them.`);
  const trouble = troubleText(report);
  return trouble === "" ? lines.join("\n") : [...lines, trouble].join("\n");
}
