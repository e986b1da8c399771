/** Pairs, responses and judgments as tables for files, their rows made as they are asked for. */
import * as z from "zod";
import type { PairShape } from "#app/contract/results.ts";
import { messageSchema } from "#app/domain/prompt.ts";
import type { PreferencePair } from "#app/domain/pair.ts";
import type { Response } from "#app/domain/sampling.ts";
import { toTrlPreferenceRow, toUltraFeedbackRow } from "#app/preferences/dataset-rows.ts";
import type { DataCell, DataColumn, DataTable } from "#app/rounds/data-ports.ts";
import { resultWords } from "#app/text/results.ts";
import { promptById } from "#main/store/queries/experiments.ts";
import { judgmentsAfter, type ExportedJudgment, type ExportedResponse } from "#main/store/queries/judgment-export.ts";
import { policyById } from "#main/store/queries/policies.ts";
import { responseById } from "#main/store/queries/responses.ts";
import type { LabContext } from "../context.ts";
import { hashText } from "../system.ts";

const column = (name: string, kind: DataColumn["kind"] = "text"): DataColumn => ({ name, kind });

const PAIR_COLUMNS: Readonly<Record<PairShape, readonly DataColumn[]>> = {
  trl: [column("prompt", "messages"), column("chosen", "messages"), column("rejected", "messages")],
  trlText: [column("prompt"), column("chosen"), column("rejected")],
  ultraFeedback: [
    column("prompt"),
    column("prompt_id"),
    column("chosen", "messages"),
    column("rejected", "messages"),
    column("messages", "messages"),
    column("score_chosen", "number"),
    column("score_rejected", "number"),
  ],
};

export function pairTable(lab: LabContext, pairs: readonly PreferencePair[], shape: PairShape): DataTable {
  return { columns: PAIR_COLUMNS[shape], rows: mapped(pairs, (pair) => pairCells(lab, pair, shape)) };
}

function* mapped<Item>(items: readonly Item[], cells: (item: Item) => readonly DataCell[]): Generator<readonly DataCell[]> {
  for (const item of items) yield cells(item);
}

function pairCells(lab: LabContext, pair: PreferencePair, shape: PairShape): readonly DataCell[] {
  const { db } = lab.store;
  const { messages, hash } = promptById(db, pair.promptId);
  const texts = { messages, chosen: responseById(db, pair.chosenId).text, rejected: responseById(db, pair.rejectedId).text };
  if (shape !== "ultraFeedback") {
    const row = toTrlPreferenceRow(texts, shape === "trl" ? "conversational" : "text");
    return [row.prompt, row.chosen, row.rejected];
  }
  const row = toUltraFeedbackRow({
    ...texts,
    promptId: hash,
    chosenScore: pair.chosenScore ?? pair.chosenWinRate,
    rejectedScore: pair.rejectedScore ?? pair.rejectedWinRate,
  });
  return [row.prompt, row.prompt_id, row.chosen, row.rejected, row.messages, row.score_chosen, row.score_rejected];
}

/** Where each pair of a dataset came from, row by row as the pairs stand: what a trainer would drop as unknown columns. */
export function provenanceTable(lab: LabContext, pairs: readonly { readonly round: number; readonly pair: PreferencePair }[]): DataTable {
  return {
    columns: [
      column("pair_id"),
      column("round", "number"),
      column("prompt_hash"),
      column("prompt_source"),
      column("chosen_by"),
      column("chosen_hash"),
      column("rejected_by"),
      column("rejected_hash"),
      column("preference_margin", "number"),
      column("chosen_win_rate", "number"),
      column("rejected_win_rate", "number"),
      column("chosen_score", "number"),
      column("rejected_score", "number"),
    ],
    rows: mapped(pairs, ({ round, pair }) => {
      const { db } = lab.store;
      const prompt = promptById(db, pair.promptId);
      const [chosen, rejected] = [responseById(db, pair.chosenId), responseById(db, pair.rejectedId)];
      return [
        pair.id,
        round,
        prompt.hash,
        prompt.source,
        makerOf(lab, chosen),
        hashText(chosen.text),
        makerOf(lab, rejected),
        hashText(rejected.text),
        pair.preferenceMargin,
        pair.chosenWinRate,
        pair.rejectedWinRate,
        pair.chosenScore,
        pair.rejectedScore,
      ];
    }),
  };
}

function makerOf(lab: LabContext, response: Response): string {
  return response.policyId === null ? response.source : policyById(lab.store.db, response.policyId).name;
}

const JUDGMENT_COLUMNS: readonly DataColumn[] = [
  column("judgment_id"),
  column("ask_id"),
  column("round", "number"),
  column("purpose"),
  column("prompt_id"),
  column("prompt_hash"),
  column("prompt", "messages"),
  column("first_id"),
  column("first_by"),
  column("first"),
  column("second_id"),
  column("second_by"),
  column("second"),
  column("order"),
  column("verdict"),
  column("strength"),
  column("probability_first", "number"),
  column("criterion"),
  column("reason"),
  column("rationale"),
  column("tags"),
  column("author"),
  column("author_kind"),
  column("oracle"),
  column("oracle_version"),
  column("template_version"),
  column("guideline_version"),
  column("cost_usd", "number"),
  column("duration_ms", "number"),
  column("made_at"),
  column("is_live", "flag"),
  column("supersedes_id"),
];

const JUDGMENTS_A_PAGE = 200;

/**
 * Every judgment that was ever made, oldest first, in stored order, with the order in which the two were shown.
 * `numbersPeople` writes "person 1" and so on for the names of people.
 */
export function judgmentTable(lab: LabContext, { numbersPeople }: { readonly numbersPeople: boolean }): DataTable {
  const numbers = new Map<string, number>();
  const author = ({ author: name, authorKind }: ExportedJudgment): string => {
    if (!numbersPeople || authorKind !== "person") return name;
    const present = numbers.get(name) ?? numbers.size + 1;
    numbers.set(name, present);
    return resultWords.person(present);
  };
  return { columns: JUDGMENT_COLUMNS, rows: judgmentRows(lab, author) };
}

function* judgmentRows(lab: LabContext, author: (judgment: ExportedJudgment) => string): Generator<readonly DataCell[]> {
  for (let after = 0; ;) {
    const page = judgmentsAfter(lab.store.db, after, JUDGMENTS_A_PAGE);
    for (const judgment of page) yield judgmentCells(judgment, author(judgment));
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.number;
  }
}

const messagesSchema = z.array(messageSchema);

function judgmentCells(one: ExportedJudgment, author: string): readonly DataCell[] {
  return [
    one.id,
    one.askId,
    one.round,
    one.purpose,
    one.promptId,
    one.promptHash,
    messagesSchema.parse(JSON.parse(one.messages)),
    ...responseCells(one.first),
    ...responseCells(one.second),
    one.isShownAsStored ? "as-stored" : "swapped",
    one.verdict,
    one.strength,
    one.probability,
    one.criterion,
    one.reason,
    one.rationale,
    one.tags,
    author,
    one.authorKind,
    one.oracle,
    one.oracleVersion,
    one.templateVersion,
    one.guidelineVersion,
    one.costUsd,
    one.durationMs,
    new Date(one.madeAtMs).toISOString(),
    one.isLive,
    one.supersedesId,
  ];
}

function responseCells({ id, source, policy, text }: ExportedResponse): readonly DataCell[] {
  return [id, policy ?? source, text];
}
