/** Asks a judge behind an endpoint: by an earlier reply where there is one, else by an intent that is committed before it is sent. */
import { InternalError, OracleError } from "#app/base/errors.ts";
import type { AskId } from "#app/base/ids.ts";
import { costUsd, type Endpoint, type Price } from "#app/domain/endpoint.ts";
import type { EndpointJudge } from "#app/domain/judge.ts";
import type { Message } from "#app/domain/prompt.ts";
import { unusable } from "#app/judging/judge-reply.ts";
import { type JudgeQuestion, renderQuestion } from "#app/judging/render-question.ts";
import { readScores } from "#app/judging/read-scores.ts";
import { readVerdict } from "#app/judging/read-verdict.ts";
import { replySchema } from "#app/judging/reply-schema.ts";
import { readUsage } from "#app/judging/reported-usage.ts";
import { replyTokensAtMost } from "#app/judging/template.ts";
import { promptTokensAbout, promptTokensAtMost, USUAL_CHARACTERS_A_TOKEN } from "#app/judging/token-bounds.ts";
import type { ChatCall, ChatEndpoints, ChatHooks, ChatReply } from "#app/rounds/ports.ts";
import { endpointWords } from "#app/text/endpoints.ts";
import * as requests from "#main/store/queries/judge-requests.ts";
import type { LabContext } from "../context.ts";
import { hashJson } from "../system.ts";
import type { MemberReply } from "./member-reply.ts";
import type { Purse } from "./purse.ts";
import type { QuietWatch } from "./quiet-watch.ts";
import { parseStoredReply, storedReply } from "./stored-reply.ts";
import type { LoadedTemplate } from "./templates.ts";

/** A judge ready to be asked, for the length of a run. */
export type PaidJudge = {
  readonly config: EndpointJudge;
  readonly endpoint: Endpoint;
  readonly key: string | undefined;
  readonly template: LoadedTemplate;
  /** Undefined where nobody has said; nothing is capped then. */
  readonly price: Price | undefined;
  /** Its place in the jury; 0 alone. */
  readonly member: number;
  readonly purse: Purse;
  readonly chat: ChatEndpoints;
  /** Questions that are being asked now: the same question is not asked twice at a time. */
  readonly underWay: Map<string, Promise<unknown>>;
  /** Told in a sentence where the endpoint has not answered for a while. */
  readonly onWait: (sentence: string) => void;
  /** Notices a silence before a request is given up. */
  readonly quiet: QuietWatch;
};

/** Shorter waits are nothing to tell: three failures in a row, a pause that the endpoint asks for, or a time-out. */
const FAILURES_TOLD = 3;
const WAIT_TOLD_MS = 10_000;

type Asked = {
  readonly messages: readonly Message[];
  readonly hash: string;
  readonly shown: number;
  readonly maxReplyTokens: number;
  readonly promptAtMost: number;
  readonly maxCostUsd: number | null;
};

type Place = { readonly askId: AskId | null };

/**
 * Durable when it resolves, and then never asked again. Throws CancelledError when paused, BudgetError at a cap, and
 * OracleError where the endpoint cannot be used or has become another snapshot.
 */
export async function askPaidJudge(
  lab: LabContext,
  judge: PaidJudge,
  place: Place,
  question: JudgeQuestion,
  signal: AbortSignal,
): Promise<MemberReply> {
  const asked = prepare(judge, question);
  while (judge.underWay.has(asked.hash)) await judge.underWay.get(asked.hash)?.catch(() => undefined);
  const asking = answer(lab, judge, place, asked, signal);
  judge.underWay.set(asked.hash, asking);
  try {
    const reply = await asking;
    return place.askId === null ? reply : { ...reply, costUsd: requests.costOfTries(lab.store.db, place.askId, judge.member) };
  } finally {
    judge.underWay.delete(asked.hash);
  }
}

function prepare(judge: PaidJudge, question: JudgeQuestion): Asked {
  const { config, endpoint, template, price } = judge;
  const messages = renderQuestion(template, question);
  const shown = question.texts.length;
  const maxReplyTokens = replyTokensAtMost(template, shown);
  const promptAtMost = promptTokensAtMost(messages);
  return {
    messages,
    shown,
    maxReplyTokens,
    promptAtMost,
    maxCostUsd: price === undefined ? null : costUsd(price, promptAtMost, maxReplyTokens),
    // Template, texts and order are in the messages; the version stands for how the reply is read.
    hash: hashJson([endpoint.baseUrl, config.model, template.version, config.temperature, maxReplyTokens, messages]),
  };
}

async function answer(lab: LabContext, judge: PaidJudge, place: Place, asked: Asked, signal: AbortSignal): Promise<MemberReply> {
  const { db } = lab.store;
  const { config, endpoint, member } = judge;
  const own = place.askId === null ? [] : requests.requestsOfAsk(db, place.askId).filter((request) => request.member === member);
  const answered = own.find((request) => request.state === "answered" || request.state === "cached");
  if (answered !== undefined) return ofStored(lab, judge, answered, asked);
  const known = place.askId === null ? undefined : requests.knownReply(db, asked.hash);
  if (known !== undefined) {
    const request = { ...newRequest(lab, judge, place, asked, 1), maxCostUsd: 0 };
    await lab.commitTogether(() => {
      requests.noteCached(db, request, known, lab.clock.nowMs());
    });
    return { ...read(judge, parseStoredReply(known), asked), promptTokens: null, replyTokens: null, costUsd: 0, durationMs: 0 };
  }
  const unusableBefore = own.filter((request) => request.state === "unusable");
  let last: MemberReply | undefined = unusableBefore.length < config.tries ? undefined : ofStored(lab, judge, unusableBefore.at(-1), asked);
  for (let attempt = unusableBefore.length + 1; attempt <= config.tries && last?.failure !== null; attempt++) {
    const open = own.find((request) => request.state === "open" && request.attempt === attempt);
    const sent = await sendPaid(lab, judge, open ?? newRequest(lab, judge, place, asked, attempt), open, asked, signal);
    if (!sent.isAccepted) throw otherSnapshot(endpoint, config, sent.snapshot);
    last = sent.reply;
    if (sent.isFinal) break;
  }
  if (last === undefined) throw new InternalError(`a judge was asked ${config.tries} times and nothing came of it`);
  return last;
}

function newRequest(lab: LabContext, judge: PaidJudge, place: Place, asked: Asked, attempt: number): requests.NewRequest {
  return {
    id: lab.ids.next(),
    askId: place.askId,
    member: judge.member,
    attempt,
    baseUrl: judge.endpoint.baseUrl,
    model: judge.config.model,
    requestHash: asked.hash,
    honoursIdempotency: judge.endpoint.honoursIdempotency,
    maxCostUsd: asked.maxCostUsd,
  };
}

type Sent = { readonly reply: MemberReply; readonly isFinal: boolean; readonly isAccepted: boolean; readonly snapshot: string };

/** `open` is the intent that a process before this one left behind; its key is used again. */
async function sendPaid(
  lab: LabContext,
  judge: PaidJudge,
  request: requests.NewRequest,
  open: requests.StoredRequest | undefined,
  asked: Asked,
  signal: AbortSignal,
): Promise<Sent> {
  const { db } = lab.store;
  const reserved = request.maxCostUsd ?? 0;
  let [sends, isInFlight] = open === undefined ? [0, false] : [open.sends, open.isInFlight];
  // Of an endpoint that knows repeats, unsure sends are not counted.
  let isInDoubt = open !== undefined && (open.isInFlight || open.unsureSends > 0 || request.honoursIdempotency);
  const beforeSend = async (): Promise<void> => {
    const isUnsure = isInFlight && !request.honoursIdempotency;
    if (sends === 0 || isUnsure) judge.purse.reserve(reserved);
    await lab.commitTogether(() => {
      if (sends === 0) requests.openRequest(db, request, lab.clock.nowMs());
      else requests.sendAgain(db, request.id);
    });
    sends += 1;
    isInFlight = true;
    judge.quiet.sent();
  };
  const onLost = async ({ reason, mayBePaid }: { readonly reason: string; readonly mayBePaid: boolean }): Promise<void> => {
    judge.quiet.lost();
    if (mayBePaid) isInDoubt = true;
    if (mayBePaid) return;
    isInFlight = false;
    await lab.commitTogether(() => {
      requests.noteTurnedAway(db, request.id, reason);
    });
  };
  let reply: ChatReply;
  try {
    reply = await judge.chat.ask(toCall(judge, request.id, asked), { beforeSend, onLost, onWait: tellWait(judge) }, signal);
  } catch (thrown) {
    // Turned away at last: nothing is owed, unless a send before it was lost and the endpoint may yet know its key.
    const isOver = sends > 0 && !isInFlight && !isInDoubt;
    if (isOver && !signal.aborted) close(lab, judge, request, refused(thrown), reserved);
    if (thrown instanceof OracleError && thrown.details["refused"] === true) {
      return { reply: failed(endpointWords.refusesQuestion(thrown.message)), isFinal: true, isAccepted: true, snapshot: "" };
    }
    throw thrown;
  }
  judge.quiet.answered(reply.durationMs);
  return await lab.commitTogether(() => record(lab, judge, request, reply, asked, reserved));
}

function tellWait({ endpoint, onWait, quiet }: PaidJudge): ChatHooks["onWait"] {
  return ({ reason, failures, maxSends, waitMs, silentMs }) => {
    if (failures < FAILURES_TOLD && Math.max(waitMs, silentMs) < WAIT_TOLD_MS) return;
    quiet.told();
    onWait(endpointWords.silent(endpoint.name, reason, failures, maxSends));
  };
}

function toCall(judge: PaidJudge, idempotencyKey: string, asked: Asked): ChatCall {
  const { config, endpoint, key, template } = judge;
  return {
    endpoint,
    key,
    model: config.model,
    messages: asked.messages,
    maxReplyTokens: asked.maxReplyTokens,
    temperature: config.temperature,
    tries: config.tries,
    replySchema: template.reply === "json" ? replySchema(template.mode, asked.shown) : null,
    wantsFirstTokens: template.reply === "letter",
    idempotencyKey,
    tokensAbout: Math.ceil(promptTokensAbout(asked.messages, USUAL_CHARACTERS_A_TOKEN)) + asked.maxReplyTokens,
  };
}

/** The reply, its price and its snapshot become durable together. */
function record(lab: LabContext, judge: PaidJudge, request: requests.NewRequest, reply: ChatReply, asked: Asked, reserved: number): Sent {
  const { config, endpoint, price } = judge;
  const made = read(judge, reply, asked);
  const usage = readUsage(reply, { prompt: asked.promptAtMost, reply: asked.maxReplyTokens }, price, reserved);
  const closing: requests.Closing = {
    state: made.failure === null ? "answered" : "unusable",
    costUsd: usage.costUsd,
    promptTokens: usage.promptTokens,
    replyTokens: usage.replyTokens,
    hasOddUsage: usage.isOdd,
    snapshot: reply.snapshot,
    reply: storedReply(reply),
    error: made.failure,
    durationMs: reply.durationMs,
  };
  close(lab, judge, request, closing, reserved);
  const { snapshot } = reply;
  const key = { baseUrl: endpoint.baseUrl, model: config.model, snapshot };
  // A test of the endpoint pins nothing.
  const isAccepted = request.askId === null || requests.noteSnapshot(lab.store.db, key, config.otherSnapshot === "accept", lab.clock.nowMs());
  const { promptTokens, replyTokens, costUsd: cost, durationMs } = closing;
  return {
    reply: { ...made, promptTokens, replyTokens, costUsd: cost, durationMs },
    isFinal: made.failure === null || made.isFinal,
    isAccepted,
    snapshot,
  };
}

function close(lab: LabContext, judge: PaidJudge, request: requests.NewRequest, closing: requests.Closing, reserved: number): void {
  if (requests.closeRequest(lab.store.db, request.id, closing, lab.clock.nowMs())) judge.purse.settle(reserved, closing.costUsd ?? 0);
}

function refused(thrown: unknown): requests.Closing {
  const error = thrown instanceof Error ? thrown.message : String(thrown);
  const nothing = { promptTokens: null, replyTokens: null, hasOddUsage: false, snapshot: null, reply: null, durationMs: 0 };
  return { ...nothing, state: "refused", costUsd: 0, error };
}

type Reading = Pick<MemberReply, "shown" | "scores" | "failure" | "rationale" | "rawReply"> & { readonly isFinal: boolean };

/** What a reply says, by the rules of the template's mode. */
function read({ template }: PaidJudge, reply: ReturnType<typeof parseStoredReply>, asked: Asked): Reading {
  const base = { shown: null, scores: null, failure: null, rationale: null, rawReply: reply.refusal ?? reply.text, isFinal: true };
  if (template.mode === "listwise") {
    const scores = readScores(asked.shown, reply);
    return scores.kind === "usable" ? { ...base, scores: scores.scores } : { ...base, failure: scores.reason, isFinal: scores.isFinal };
  }
  const verdict = readVerdict(template, reply);
  if (verdict.kind === "usable")
    return { ...base, shown: { verdict: verdict.verdict, probability: verdict.probability }, rationale: verdict.rationale };
  return { ...base, shown: invalid(verdict.reason), failure: verdict.reason, isFinal: verdict.isFinal };
}

/** Of a request that was closed before: what it says, and what it cost. */
function ofStored(lab: LabContext, judge: PaidJudge, request: requests.StoredRequest | undefined, asked: Asked): MemberReply {
  if (request?.reply == null || request.snapshot === null) throw new InternalError("a closed request has no reply");
  const key = { baseUrl: request.baseUrl, model: request.model, snapshot: request.snapshot };
  if (!requests.noteSnapshot(lab.store.db, key, judge.config.otherSnapshot === "accept", lab.clock.nowMs())) {
    throw otherSnapshot(judge.endpoint, judge.config, request.snapshot);
  }
  const { promptTokens, replyTokens, costUsd: cost, durationMs } = request;
  return { ...read(judge, parseStoredReply(request), asked), promptTokens, replyTokens, costUsd: cost, durationMs: durationMs ?? 0 };
}

function failed(reason: string): MemberReply {
  const { reason: failure } = unusable(reason);
  return {
    shown: invalid(failure),
    scores: null,
    failure,
    rationale: null,
    rawReply: failure,
    promptTokens: null,
    replyTokens: null,
    costUsd: 0,
    durationMs: 0,
  };
}

function invalid(reason: string): NonNullable<MemberReply["shown"]> {
  return { verdict: { kind: "invalid", reason }, probability: null };
}

function otherSnapshot(endpoint: Endpoint, config: EndpointJudge, snapshot: string): OracleError {
  return new OracleError(endpointWords.otherSnapshot(endpoint.name, config.model, snapshot), { otherSnapshot: snapshot });
}
