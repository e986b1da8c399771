/** What one oracle made of one ask, whichever way it was asked. */
import type { ShownReply } from "#app/judging/judgment-from-reply.ts";

export type MemberReply = {
  /** Of the responses as shown; invalid with the reason where nothing could be used. Null for a list. */
  readonly shown: ShownReply | null;
  /** Of a list, in shown order; null where it could not be used, and for comparisons. */
  readonly scores: readonly number[] | null;
  /** Why nothing could be used; null where something could. */
  readonly failure: string | null;
  readonly rationale: string | null;
  readonly rawReply: string | null;
  readonly promptTokens: number | null;
  readonly replyTokens: number | null;
  readonly costUsd: number | null;
  readonly durationMs: number;
};
