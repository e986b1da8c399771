/** Answers an attempt's open asks by AI judges: many at a time, each answer durable when it is counted, a failure never a side. */
import { CancelledError, InternalError } from "#app/base/errors.ts";
import type { AuthorId, JudgmentId } from "#app/base/ids.ts";
import type { JuryRule } from "#app/domain/judge.ts";
import type { OracleConfig } from "#app/domain/oracle.ts";
import { judgmentFromReply, scoresFromReply, type ShownReply } from "#app/judging/judgment-from-reply.ts";
import { juryReply } from "#app/judging/jury.ts";
import type { OracleQuestion } from "#app/rounds/ports.ts";
import { judgeWords } from "#app/text/judges.ts";
import * as asks from "#main/store/queries/asks.ts";
import type { NewJudgment } from "#main/store/queries/judgments.ts";
import { requireJudges } from "../../judges/judge-terms.ts";
import type { MemberReply } from "../../judges/member-reply.ts";
import { type Member, openMembers } from "../../judges/members.ts";
import type { LabContext } from "../../context.ts";
import { engineOfRun } from "../run-device.ts";
import { checkPaused, type StageRun } from "../stage-run.ts";

export type QuestionOf = (ask: asks.StoredAsk) => OracleQuestion;

/** Resolves when no ask is open any more. The first error ends it, after what is under way has come in. */
export async function answerByJudges(run: StageRun, authorId: AuthorId, questionOf: QuestionOf): Promise<void> {
  const { lab, attempt, config, round } = run;
  requireJudges(lab, config);
  const open = asks.openAsks(lab.store.db, attempt.id, Number.MAX_SAFE_INTEGER);
  const members = await openMembers(lab, config.oracle, open[0]?.templateVersion ?? null, {
    round: round.number,
    engine: () => engineOfRun(lab, attempt.id),
    onWait: (sentence) => {
      run.progress.waitFor(sentence);
    },
  });
  const jury = config.oracle.kind === "jury" ? config.oracle.rule : null;
  let [next, failure] = [0, undefined as Error | undefined]; // set by whichever worker fails first
  const work = async (): Promise<void> => {
    while (failure === undefined) {
      checkPaused(run);
      const ask = open[next++];
      if (ask === undefined) return;
      const question = { ...questionOf(ask), askId: ask.id };
      const replies = await allOf(members.map((member) => member.ask(question, run.signal)));
      const reply = jury === null ? only(replies) : combined(jury, members, replies);
      await lab.commitTogether(() => {
        closeAsk(lab, ask, authorId, reply);
      });
      run.progress.add();
    }
  };
  const parallel = Math.max(1, ...members.map((member) => member.parallel));
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      await work().catch((thrown: unknown) => {
        failure ??= thrown instanceof Error ? thrown : new InternalError(String(thrown));
      });
    }),
  );
  if (run.signal.aborted) throw new CancelledError();
  if (failure !== undefined) throw failure;
}

/** As Promise.all, after all of them have ended: what one member was paid for is kept, though another cannot be asked. */
async function allOf<Value>(promises: readonly Promise<Value>[]): Promise<Value[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}

function only(replies: readonly MemberReply[]): MemberReply {
  const [reply] = replies;
  if (reply === undefined) throw new InternalError("an AI judge gave no reply");
  return reply;
}

/** One answer of all members, with what each of them said as the raw reply. */
function combined(rule: JuryRule, members: readonly Member[], replies: readonly MemberReply[]): MemberReply {
  const shown = juryReply(
    rule,
    replies.map((reply) => reply.shown ?? NO_VERDICT),
  );
  const votes = replies.map((reply, i) => ({
    oracle: nameOfOracle(members[i]?.config),
    verdict: reply.shown?.verdict ?? null,
    probability: reply.shown?.probability ?? null,
    reply: reply.rawReply,
  }));
  return {
    shown,
    scores: null,
    failure: shown.verdict?.kind === "invalid" ? shown.verdict.reason : null,
    rationale: null,
    rawReply: JSON.stringify(votes),
    promptTokens: sumKnown(replies.map((reply) => reply.promptTokens)),
    replyTokens: sumKnown(replies.map((reply) => reply.replyTokens)),
    costUsd: sumKnown(replies.map((reply) => reply.costUsd)),
    durationMs: Math.max(...replies.map((reply) => reply.durationMs)),
  };
}

const NO_VERDICT: ShownReply = { verdict: null, probability: null };

function sumKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

/** What an oracle is called where people read it. */
export function nameOfOracle(config: OracleConfig | undefined): string {
  if (config === undefined) return judgeWords.unknown;
  switch (config.kind) {
    case "judge":
      return config.model;
    case "localJudge":
      return config.policy;
    case "jury":
      return judgeWords.juryOf(config.members.map(nameOfOracle).join(", "));
    default:
      return config.kind;
  }
}

/** The ask, what was said of it and what it cost become durable together. */
function closeAsk(lab: LabContext, ask: asks.StoredAsk, authorId: AuthorId, reply: MemberReply): void {
  const { db } = lab.store;
  const nowMs = lab.clock.nowMs();
  const { rawReply, promptTokens, replyTokens, costUsd, durationMs } = reply;
  const facts = { rawReply, promptTokens, replyTokens, costUsd, durationMs };
  if (ask.mode === "listwise") {
    const scores = reply.scores === null ? [] : scoresFromReply(ask.id, ask.shown, reply.scores);
    if (typeof scores === "string") throw new InternalError(`scores of ask ${ask.id} do not fit: ${scores}`);
    asks.closeAsk(db, ask.id, authorId, { ...facts, outcome: reply.scores === null ? "failed" : "answered" }, [], scores, nowMs);
    return;
  }
  const judgment: NewJudgment = {
    ...judgmentFromReply(ask.shown, reply.shown ?? NO_VERDICT),
    id: lab.ids.next() as JudgmentId,
    askId: ask.id,
    criterion: null,
    rationale: reply.rationale,
    madeAtMs: nowMs,
    supersedesId: null,
    isRetraction: false,
    reinstatesId: null,
    authorId,
    deviceId: lab.deviceId,
    requestId: null,
  };
  const outcome = judgment.verdict.kind === "invalid" ? "failed" : "answered";
  asks.closeAsk(db, ask.id, authorId, { ...facts, outcome }, [judgment], [], nowMs);
}
