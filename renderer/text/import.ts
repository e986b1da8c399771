/** The words of looking at a data file and importing it. */
import type { ImportLook, Leak } from "#app/contract/imports.ts";
import { type Split, splitSchema } from "#app/domain/prompt.ts";
import { count, counted, percent } from "#app/text/language.ts";
import { nouns } from "#app/text/nouns.ts";

const FORMATS: Readonly<Record<ImportLook["format"], string>> = {
  jsonl: "JSON lines",
  json: "a JSON array",
  csv: "CSV",
  parquet: "Parquet",
  text: "plain text",
};
const FOR: Readonly<Record<Split, string>> = { training: "to train on", validation: "to choose by", test: "to report on" };

/** From which round on the prompts take part; empty before the first round. */
export function fromRound({ fromRound: from, splits }: Pick<ImportLook, "fromRound" | "splits">): string {
  const parts = [
    ...(splits.training > 0 ? [{ what: "trained on", round: from.training }] : []),
    ...(splits.validation + splits.test > 0 ? [{ what: "measured on", round: from.heldOut }] : []),
  ];
  if (parts.every(({ round }) => round === 1)) return "";
  return `They are ${parts.map(({ what, round }) => `${what} from round ${count(round)}`).join(", ")} on.`;
}

export const importText = {
  title: (name: string) => `Import ${name}`,
  reading: "Reading the file…",
  whileReading: "It waits until the file has been looked at.",
  unreadable: "The file could not be looked at.",
  nothingNew: "The file brings nothing that the experiment does not have.",
  rows: (rows: number, format: ImportLook["format"]) => `${counted(rows, nouns.rows)} of ${FORMATS[format]}.`,
  brings: ({ fresh, splits, teacherResponses, pairs }: ImportLook) => {
    const places = splitSchema.options.filter((split) => splits[split] > 0).map((split) => `${count(splits[split])} ${FOR[split]}`);
    const parts = [`${counted(fresh, nouns.prompts)} would be new${places.length === 0 ? "" : ` (${places.join(", ")})`}`];
    if (teacherResponses > 0) parts.push(counted(teacherResponses, nouns.teacherResponses));
    if (pairs > 0) parts.push(`${counted(pairs, nouns.preferences)} of others`);
    return `${parts.join(", ")}.`;
  },
  fromRound: (look: Pick<ImportLook, "fromRound" | "splits">) => fromRound(look),
  takenFor: (rows: number, title: string, why: string) => `${counted(rows, nouns.rows)} taken for ${title}: ${why}.`,
  unknown: (column: string | null) =>
    `No row has a shape that the lab knows. ${column === null ? "Choose the columns." : `Choose the columns; “${column}” may hold the prompts.`}`,
  columns: "Columns",
  recognised: "As recognised",
  roles: { prompt: "Prompt", teacher: "Teacher", chosen: "Chosen", rejected: "Rejected", split: "Split" },
  messageRoles: { system: "System", user: "User", assistant: "Assistant" },
  scored: (name: string, score: number | null) => (score === null ? name : `${name} (${score})`),
  morePairs: (pairs: number) => `and ${counted(pairs, nouns.preferences)} more`,
  samples: "As they would be stored",
  row: (row: number) => `Row ${count(row)}`,
  sampleSplit: (split: Split, isStored: boolean) => (isStored ? `Stored already, ${FOR[split]}` : FOR[split].replace(/^t/u, "T")),
  duplicates: ({ duplicates, duplicatesInFile }: ImportLook) => {
    const inFile = duplicatesInFile === 0 ? "" : `, ${count(duplicatesInFile)} of them earlier in the file`;
    return `${counted(duplicates, nouns.prompts)} there already${inFile}.`;
  },
  unusable: (rows: number) => `${counted(rows, nouns.rows)} with a preference that cannot be used, and a prompt that can.`,
  rejected: (rows: number) => `${counted(rows, nouns.rows)} cannot be used.`,
  rowHead: "Row",
  columnHead: "Column",
  expectedHead: "Expected",
  gotHead: "Came",
  wholeRow: "the row",
  more: (rows: number) => `and ${counted(rows, nouns.rows)} more`,
  leaks: "Prompts on both sides of a split",
  leakSentence: (equal: number, near: number, leftOut: number) => {
    const parts: string[] = [];
    if (equal > 0)
      parts.push(`${counted(equal, nouns.rows)} asked for another split than their prompt has; it stays where it is held out or stored.`);
    if (near > 0)
      parts.push(
        `${counted(near, nouns.prompts)} nearly the same as one on the other side of a split${leftOut > 0 ? `, ${count(leftOut)} left out` : ""}.`,
      );
    return parts.join(" ");
  },
  leak: ({ row, split, otherRow, otherSplit, share }: Leak) =>
    `Row ${count(row)} (${split}) ${share === 1 ? "repeats" : `shares ${percent(share)} with`} ${otherRow === null ? "a stored prompt" : `row ${count(otherRow)}`} (${otherSplit}):`,
  splitLabel: "Put the prompts",
  splits: { asItIs: "where the file says, else by hash", training: "all to train on", validation: "all to choose by", test: "all to report on" },
  leaveOut: "Leave training prompts out that nearly repeat a held-out one",
  cancel: "Cancel",
  importNothing: "Import",
  take: ({ fresh, rejectedCount }: ImportLook) =>
    fresh === 0 ? "Import" : rejectedCount > 0 ? `Import the ${counted(fresh, nouns.goodPrompts)}` : `Import ${counted(fresh, nouns.prompts)}`,
};
