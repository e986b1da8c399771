/** Replies as they are kept: enough to be read again by the same rules. */
import * as z from "zod";
import { InternalError } from "#app/base/errors.ts";
import type { JudgeReply } from "#app/judging/judge-reply.ts";
import type { ChatReply } from "#app/rounds/ports.ts";
import type { StoredRequest } from "#main/store/queries/judge-requests.ts";

const replySchema = z.object({
  text: z.string(),
  finish: z.enum(["stop", "length", "filter", "other"]),
  refusal: z.string().nullable(),
  firstTokens: z.array(z.object({ token: z.string(), logprob: z.number() })).nullable(),
  fingerprint: z.string().nullable(),
});

export function storedReply({ text, finish, refusal, firstTokens, fingerprint }: ChatReply): string {
  return JSON.stringify({ text, finish, refusal, firstTokens, fingerprint });
}

export function parseStoredReply(request: Pick<StoredRequest, "id" | "reply">): JudgeReply {
  if (request.reply === null) throw new InternalError(`request ${request.id} has no reply`);
  return replySchema.parse(JSON.parse(request.reply));
}
