/** The contract's area "judgments": the ledger, a page at a time. */
import * as z from "zod";
import type { JudgmentId } from "#app/base/ids.ts";
import type { judgmentRowSchema } from "#app/contract/judgments.ts";
import { messageSchema } from "#app/domain/prompt.ts";
import { flag, number, numberOrNull, type Row, text } from "#main/store/database.ts";
import { judgmentCount, judgmentPage, toJudgment } from "#main/store/queries/judgments.ts";
import type { LabContext } from "../context.ts";
import { api } from "../roles.ts";

export function judgmentHandlers(lab: LabContext) {
  const { db } = lab.store;
  return {
    list: api.judgments.list.handler(({ input }) => ({
      rows: judgmentPage(db, toId(input.before), input.limit).map(toLedgerRow),
      total: judgmentCount(db),
    })),
  };
}

function toId(id: string | undefined): JudgmentId | undefined {
  return id as JudgmentId | undefined; // it came over a wire; for an unknown one the page begins where it would stand
}

const messagesSchema = z.array(messageSchema);

function toLedgerRow(row: Row): z.infer<typeof judgmentRowSchema> {
  const { id, askId, verdict, madeAtMs } = toJudgment(row);
  const messages = messagesSchema.parse(JSON.parse(text(row, "messages")));
  return {
    id,
    askId,
    author: text(row, "author"),
    oracle: text(row, "oracle"),
    round: number(row, "round"),
    verdict,
    prompt: messages.findLast((message) => message.role === "user")?.content ?? "",
    madeAtMs,
    durationMs: numberOrNull(row, "duration_ms"),
    isLive: flag(row, "is_live"),
  };
}
