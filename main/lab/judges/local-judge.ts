/** A policy of the lab as judge: the log-probabilities that it gives to the answers "A" and "B" are compared. */
import { EngineError } from "#app/base/errors.ts";
import type { ResponseId } from "#app/base/ids.ts";
import type { EngineOptions } from "#app/domain/device.ts";
import type { Policy } from "#app/domain/policy.ts";
import type { Message } from "#app/domain/prompt.ts";
import { preferenceOfLogps, verdictOfProbability } from "#app/judging/letter-probability.ts";
import { type JudgeQuestion, renderQuestion } from "#app/judging/render-question.ts";
import type { ScoreUnit } from "#app/rounds/ports.ts";
import { judgeWords } from "#app/text/judges.ts";
import type { LabContext } from "../context.ts";
import type { MemberReply } from "./member-reply.ts";
import type { LoadedTemplate } from "./templates.ts";

export type LocalJudge = {
  readonly parallel: number;
  ask(question: JudgeQuestion, signal: AbortSignal): Promise<MemberReply>;
};

/** So many questions are scored together. */
const BATCH = 16;

type Waiting = {
  readonly messages: readonly Message[];
  readonly resolve: (reply: MemberReply) => void;
  readonly reject: (thrown: unknown) => void;
};

/** Questions that come in the same turn of the event loop are scored in one call of the engine. */
export function createLocalJudge(lab: LabContext, policy: Policy, template: LoadedTemplate, engine: () => EngineOptions): LocalJudge {
  const waiting: Waiting[] = [];
  let scoring: Promise<void> = Promise.resolve();

  const scoreAll = async (signal: AbortSignal): Promise<void> => {
    const batch = waiting.splice(0, BATCH);
    if (batch.length === 0) return;
    const startedAtMs = lab.clock.nowMs();
    try {
      const probabilities = await score(
        lab,
        policy,
        batch.map((one) => one.messages),
        engine(),
        signal,
      );
      const durationMs = (lab.clock.nowMs() - startedAtMs) / batch.length;
      batch.forEach((one, i) => {
        one.resolve(toReply(probabilities[i] ?? 0.5, durationMs));
      });
    } catch (thrown) {
      for (const one of [...batch, ...waiting.splice(0)]) one.reject(thrown);
    }
  };

  return {
    parallel: BATCH,
    ask: async (question, signal) => {
      const messages = renderQuestion(template, question);
      return await new Promise<MemberReply>((resolve, reject) => {
        waiting.push({ messages, resolve, reject });
        scoring = scoring.then(() => scoreAll(signal));
      });
    },
  };
}

/** P(the first is preferred) for each question. */
async function score(
  lab: LabContext,
  policy: Policy,
  questions: readonly (readonly Message[])[],
  engine: EngineOptions,
  signal: AbortSignal,
): Promise<number[]> {
  const weights = await lab.checkpoints.prepare(policy, signal);
  const [a, b] = (await lab.engine.tokeniseResponses(weights, ["A", "B"], signal)).map(withoutEnd);
  if (a === undefined || b === undefined) throw new EngineError(judgeWords.noLetters);
  const units = questions.flatMap((messages, i): ScoreUnit[] => [
    { responseId: `${i}/A` as ResponseId, messages, tokenIds: a },
    { responseId: `${i}/B` as ResponseId, messages, tokenIds: b },
  ]);
  const scored = new Map(
    (await lab.engine.score({ policy: weights, units, engine }, signal)).map(({ responseId, tokenLogps }) => [responseId, sum(tokenLogps)]),
  );
  return questions.map((_, i) => {
    const [logpA, logpB] = [scored.get(`${i}/A` as ResponseId), scored.get(`${i}/B` as ResponseId)];
    if (logpA === undefined || logpB === undefined) throw new EngineError(judgeWords.notAllScored(scored.size, units.length));
    return preferenceOfLogps(logpA, logpB);
  });
}

/** A judge need not end its answer: the letter alone is compared. */
function withoutEnd(tokenIds: readonly number[]): readonly number[] {
  return tokenIds.slice(0, -1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function toReply(probability: number, durationMs: number): MemberReply {
  return {
    shown: { verdict: verdictOfProbability(probability), probability },
    scores: null,
    failure: null,
    rationale: null,
    rawReply: `P(A) = ${probability.toFixed(6)}`,
    promptTokens: null,
    replyTokens: null,
    costUsd: null,
    durationMs,
  };
}
