/** Plans an attempt's asks once, and answers the open ones by script, or leaves them to people. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { InternalError } from "#app/base/errors.ts";
import type { AskId, AuthorId, JudgmentId, OracleId, PromptId, ResponseId } from "#app/base/ids.ts";
import type { AskPurpose } from "#app/domain/ask.ts";
import { isScripted, membersOf, type OracleConfig, type ScriptedOracle } from "#app/domain/oracle.ts";
import type { Message } from "#app/domain/prompt.ts";
import type { Response } from "#app/domain/sampling.ts";
import { judgmentFromReply, scoresFromReply } from "#app/judging/judgment-from-reply.ts";
import type { Oracle, OracleQuestion, OracleReply } from "#app/rounds/ports.ts";
import * as asks from "#main/store/queries/asks.ts";
import { ensureAuthor, ensureOracle } from "#main/store/queries/authors.ts";
import { withdrawItems } from "#main/store/queries/check-items.ts";
import { endpointByName } from "#main/store/queries/endpoints.ts";
import { type NewJudgment, unansweredCount } from "#main/store/queries/judgments.ts";
import type { LabContext } from "../../context.ts";
import { templateVersions } from "../../judges/members.ts";
import { hashJson, hashText } from "../../system.ts";
import { checkPaused, type StageOutcome, type StageRun } from "../stage-run.ts";
import { answerByJudges, nameOfOracle } from "./judging.ts";

/** One ask as a stage plans it; the plan is a function of what the stage reads, so a later process finds the same. */
export type Plan = {
  readonly promptId: PromptId;
  /** In the order in which they are to be shown. */
  readonly shown: readonly ResponseId[];
  /** The draws of a noisy oracle follow from it. */
  readonly seed: number;
};

export type AskingOptions = {
  readonly purpose: AskPurpose;
  readonly mode: "pairwise" | "listwise";
  readonly messagesOf: (promptId: PromptId) => readonly Message[];
  readonly responseOf: (id: ResponseId) => Response;
};

/** Scripts answer so many asks before they are written down together. */
const BATCH = 32;

/** The oracle of a configuration as a record, made if its version is new: with its templates and addresses it is another. */
export function oracleOf(lab: LabContext, config: OracleConfig, mode: AskingOptions["mode"]): OracleId {
  const templates = templateVersions(lab, config, mode);
  const addresses = membersOf(config).map((member) => (member.kind === "judge" ? endpointByName(lab.store.db, member.endpoint).baseUrl : null));
  const version = templates === null ? hashJson(config) : hashJson({ config, templates, addresses });
  return ensureOracle(lab.store.db, { id: lab.ids.next() as OracleId, version, name: nameOfOracle(config), config });
}

/** Writes the plan down unless that has been done, then answers what is open; people are waited for. */
export async function askOracle(run: StageRun, plan: readonly Plan[], options: AskingOptions, unitsBefore: number): Promise<StageOutcome> {
  const { lab, attempt, config } = run;
  const { db } = lab.store;
  planOnce(run, plan, options);
  const unanswered = unansweredCount(db, attempt.id);
  run.progress.begin(unitsBefore + plan.length - unanswered, unitsBefore + plan.length);
  if (unanswered === 0) {
    withdrawItems(db, attempt.id);
    return "done";
  }
  if (config.oracle.kind === "people") {
    lab.events.publish({ type: "queue.changed" });
    return "waitsForPeople";
  }
  if (isScripted(config.oracle)) await answerByScript(run, config.oracle, plan, options);
  else await answerByJudges(run, judgeAuthor(lab, config.oracle), (ask) => questionOf(ask, plan[ask.ordinal], options));
  return "done";
}

function planOnce(run: StageRun, plan: readonly Plan[], options: AskingOptions): void {
  const { lab, attempt } = run;
  if (asks.askCount(lab.store.db, attempt.id) === 0) writePlan(run, plan, options);
  const planned = asks.askCount(lab.store.db, attempt.id);
  if (planned !== plan.length) throw new InternalError(`the plan of attempt ${attempt.id} has ${plan.length} asks, but ${planned} are stored`);
}

function writePlan(run: StageRun, plan: readonly Plan[], options: AskingOptions): void {
  const { lab, attempt, config } = run;
  const { oracle } = config;
  const guidelineVersion = oracle.kind !== "people" || oracle.guidelines === "" ? null : hashText(oracle.guidelines);
  const templateVersion = templateVersions(lab, oracle, options.mode);
  const rows = plan.map(({ promptId, shown }): asks.PlannedAskRow => ({
    id: lab.ids.next() as AskId,
    promptId,
    shown,
    purpose: options.purpose,
    mode: options.mode,
    guidelineVersion,
    templateVersion,
  }));
  asks.planAsks(lab.store.db, attempt.id, oracleOf(lab, oracle, options.mode), lab.deviceId, rows);
}

function judgeAuthor(lab: LabContext, config: OracleConfig): AuthorId {
  return ensureAuthor(lab.store.db, lab.ids, `${nameOfOracle(config)} ${hashJson(config).slice(0, 8)}`, "judge");
}

async function answerByScript(run: StageRun, config: ScriptedOracle, plan: readonly Plan[], options: AskingOptions): Promise<void> {
  const { lab, attempt } = run;
  const { db } = lab.store;
  const oracle = lab.oracles.make(config);
  const authorId = ensureAuthor(db, lab.ids, `script ${config.kind} ${hashJson(config).slice(0, 8)}`, "script");
  for (;;) {
    checkPaused(run);
    const open = asks.openAsks(db, attempt.id, BATCH);
    if (open.length === 0) return;
    const answers: Answer[] = [];
    for (const ask of open) answers.push(await answer(run, oracle, ask, plan[ask.ordinal], options));
    db.transaction(() => {
      for (const one of answers) close(lab, one, authorId);
    });
    run.progress.add(open.length);
    // A script answers at once; without a turn of the event loop no request to pause would be heard.
    await nextTurn();
  }
}

type Answer = { readonly ask: asks.StoredAsk; readonly reply: OracleReply };

async function answer(run: StageRun, oracle: Oracle, ask: asks.StoredAsk, plan: Plan | undefined, options: AskingOptions): Promise<Answer> {
  return { ask, reply: await oracle.ask(questionOf(ask, plan, options), run.signal) };
}

/** Texts alone: who wrote them is nobody's business who judges. */
function questionOf(ask: asks.StoredAsk, plan: Plan | undefined, options: AskingOptions): OracleQuestion {
  if (plan === undefined) throw new InternalError(`ask ${ask.id} is not in the plan of its attempt`);
  return {
    messages: options.messagesOf(ask.promptId),
    shown: ask.shown.map((id) => {
      const { text, tokenIds } = options.responseOf(id);
      return { text, tokenCount: tokenIds.length };
    }),
    mode: ask.mode,
    seed: plan.seed,
  };
}

function close(lab: LabContext, { ask, reply }: Answer, authorId: AuthorId): void {
  const nowMs = lab.clock.nowMs();
  if (ask.mode === "listwise") {
    const scores = scoresFromReply(ask.id, ask.shown, reply.scores);
    if (typeof scores !== "string") {
      asks.closeAsk(lab.store.db, ask.id, authorId, { ...reply, outcome: "answered" }, [], scores, nowMs);
      return;
    }
    const reason = reply.verdict?.kind === "invalid" ? reply.verdict.reason : scores;
    asks.closeAsk(lab.store.db, ask.id, authorId, { ...reply, outcome: "failed", rawReply: reply.rawReply ?? reason }, [], [], nowMs);
    return;
  }
  const judgment: NewJudgment = {
    ...judgmentFromReply(ask.shown, reply),
    id: lab.ids.next() as JudgmentId,
    askId: ask.id,
    criterion: null,
    rationale: null,
    madeAtMs: nowMs,
    supersedesId: null,
    isRetraction: false,
    reinstatesId: null,
    authorId,
    deviceId: lab.deviceId,
    requestId: null,
  };
  const outcome = judgment.verdict.kind === "invalid" ? "failed" : reply.outcome;
  asks.closeAsk(lab.store.db, ask.id, authorId, { ...reply, outcome }, [judgment], [], nowMs);
}
