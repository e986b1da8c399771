/** What AI judges have yet to do in the open round or the next one: counted where it can be, else guessed, and what it takes. */
import type { JudgeForecast } from "#app/contract/rounds.ts";
import type { ResponseId } from "#app/base/ids.ts";
import { toLabError } from "#app/base/errors.ts";
import { hostOf, isLoopback, priceOf } from "#app/domain/endpoint.ts";
import type { ExperimentConfig } from "#app/domain/experiment.ts";
import { membersOf } from "#app/domain/oracle.ts";
import { needsJudging } from "#app/domain/pair.ts";
import type { Prompt } from "#app/domain/prompt.ts";
import { type AskSize, forecastJudge, type JudgeForecastPart, type Length } from "#app/judging/forecast.ts";
import { planComparisons } from "#app/judging/plan-comparisons.ts";
import { isRoundDone, type LiveAttempts } from "#app/rounds/next-action.ts";
import { promptsOfRound } from "#app/rounds/sample-units.ts";
import { forecastWords } from "#app/text/forecast.ts";
import { askCount, openAskCount } from "#main/store/queries/asks.ts";
import { endpointByName, isHostAllowed, listEndpoints } from "#main/store/queries/endpoints.ts";
import { getExperiment, listPrompts } from "#main/store/queries/experiments.ts";
import { averagesOf } from "#main/store/queries/judge-requests.ts";
import { promptUses } from "#main/store/queries/replay.ts";
import { meanPolicyLength, responsesOfAttempt, teacherResponses } from "#main/store/queries/responses.ts";
import { configOfAttempt, lastRound, liveAttempts } from "#main/store/queries/rounds.ts";
import { spendingByRound, totalSpending } from "#main/store/queries/spending.ts";
import { getCaps } from "../caps.ts";
import type { LabContext } from "../context.ts";
import { keyFor, requireJudges } from "../judges/judge-terms.ts";
import { liability } from "../judges/purse.ts";
import { loadTemplate } from "../judges/templates.ts";

type Stage = "judge" | "evaluate";

/** Null where no AI judge is asked. */
export async function judgeForecast(lab: LabContext): Promise<JudgeForecast | null> {
  const { db } = lab.store;
  const present = getExperiment(db)?.config;
  if (present === undefined) return null;
  const last = lastRound(db);
  const lastAttempts: LiveAttempts = last === undefined ? new Map() : liveAttempts(db, last.id);
  const isOpen = last !== undefined && !isRoundDone(lastAttempts);
  const number = isOpen ? last.number : (last?.number ?? 0) + 1;
  const live: LiveAttempts = isOpen ? lastAttempts : new Map();
  const configOf = (stage: Stage): ExperimentConfig => {
    const attempt = live.get(stage);
    return attempt === undefined ? present : configOfAttempt(db, attempt.id);
  };
  const stages = (["judge", "evaluate"] as const).filter((stage) => configOf(stage).oracle.kind !== "people");
  if (!stages.some((stage) => membersOf(configOf(stage).oracle).some((member) => member.kind === "judge" || member.kind === "localJudge")))
    return null;
  const parts = stages.map((stage) => forecastStage(lab, configOf(stage), stage, number, live));
  const spending = spendingByRound(db).find((one) => one.round === number)?.spending;
  const cost = parts.map((part) => part.costUsd);
  const forecast = {
    round: number,
    stages: parts,
    costUsd: sumOrNull(cost),
    durationMs: parts.reduce((sum, part) => sum + part.durationMs, 0),
    spentUsd: spending === undefined ? 0 : liability(spending),
    capUsd: getCaps(db).roundUsd,
    hosts: hostsOf(lab, present),
  };
  return { ...forecast, problems: await problemsOf(lab, present, forecast) };
}

function forecastStage(lab: LabContext, config: ExperimentConfig, stage: Stage, round: number, live: LiveAttempts): JudgeForecast["stages"][number] {
  const { db } = lab.store;
  const mode = stage === "judge" ? config.judging.mode : "pairwise";
  const { asks, prompts, shown } = stage === "judge" ? judgeAsks(lab, config, round, live) : evaluateAsks(lab, config, round, live);
  const conversation = meanLength(prompts);
  const size: AskSize = { conversation, response: meanPolicyLength(db) ?? guessedLength(config, conversation), shown };
  const known = new Set(listEndpoints(db).map((endpoint) => endpoint.name));
  const parts = membersOf(config.oracle).flatMap((member): JudgeForecastPart[] => {
    if (member.kind === "localJudge") return [{ ...NOTHING, durationMs: asks * LOCAL_MS }];
    if (member.kind !== "judge" || !known.has(member.endpoint)) return [];
    const endpoint = endpointByName(db, member.endpoint);
    const template = loadTemplate(lab, mode === "listwise" ? member.listTemplate : member.template);
    const measured = averagesOf(db, endpoint.baseUrl, member.model, mode);
    return [forecastJudge(asks, size, template, endpoint, priceOf(endpoint, member.model), member.tries, measured)];
  });
  return {
    stage,
    asks,
    requests: sum(parts.map((part) => part.requests)),
    promptTokens: sum(parts.map((part) => part.promptTokens)),
    replyTokens: sum(parts.map((part) => part.replyTokens)),
    costUsd: sumOrNull(parts.map((part) => part.costUsd)),
    maxCostUsd: sumOrNull(parts.map((part) => part.maxCostUsd)),
    // The members of a jury work side by side.
    durationMs: Math.max(0, ...parts.map((part) => part.durationMs)),
    isMeasured: parts.length > 0 && parts.every((part) => part.isMeasured || part.requests === 0),
  };
}

const NOTHING = { requests: 0, promptTokens: 0, replyTokens: 0, costUsd: 0, maxCostUsd: 0, isMeasured: false };
/** For two short answers scored by a small policy, before anything was measured. */
const LOCAL_MS = 500;

type Asks = { readonly asks: number; readonly prompts: readonly Prompt[]; readonly shown: number };

function judgeAsks(lab: LabContext, config: ExperimentConfig, round: number, live: LiveAttempts): Asks {
  const { db } = lab.store;
  const prompts = promptsOfRound(listPrompts(db, "training", live.get("sample")?.id), round, config.splits.shards, promptUses(db, round));
  const taught = new Set(teacherResponses(db, live.get("judge")?.id).map((response) => response.promptId));
  const sample = live.get("sample");
  const textsByPrompt =
    sample?.state === "done"
      ? Map.groupBy(responsesOfAttempt(db, sample.id), (response) => response.promptId)
      : new Map<string, readonly { text: string }[]>();
  const candidates = (prompt: Prompt): number => {
    const sampled = textsByPrompt.get(prompt.id);
    return (
      (sampled === undefined ? config.sampling.responsesPerPrompt : new Set(sampled.map(({ text }) => text)).size) + (taught.has(prompt.id) ? 1 : 0)
    );
  };
  const planned = prompts.map((prompt) => (needsJudging(config.pairs) ? asksOfPrompt(candidates(prompt), config) : 0));
  return { asks: leftOf(lab, live, "judge", sum(planned)), prompts, shown: config.judging.mode === "listwise" ? mean(prompts.map(candidates)) : 2 };
}

function asksOfPrompt(candidates: number, config: ExperimentConfig): number {
  const ids = Array.from({ length: candidates }, (_, i) => String(i) as ResponseId);
  return planComparisons(ids, config.judging, 0).length;
}

/** Against the policy before and, from the second round on, the first. */
function evaluateAsks(lab: LabContext, config: ExperimentConfig, round: number, live: LiveAttempts): Asks {
  const { split, maxPrompts } = config.evaluation;
  const all = listPrompts(lab.store.db, split, live.get("evaluate")?.id);
  const prompts = maxPrompts === 0 ? all : all.slice(0, maxPrompts);
  const asks = prompts.length * (round === 1 ? 1 : 2) * (config.judging.bothOrders ? 2 : 1);
  return { asks: leftOf(lab, live, "evaluate", asks), prompts, shown: 2 };
}

/** Nothing of a stage that is done; what is open of one that has been planned. */
function leftOf(lab: LabContext, live: LiveAttempts, stage: Stage, planned: number): number {
  const attempt = live.get(stage);
  if (attempt === undefined) return planned;
  if (attempt.state === "done") return 0;
  return askCount(lab.store.db, attempt.id) === 0 ? planned : openAskCount(lab.store.db, attempt.id);
}

function meanLength(prompts: readonly Prompt[]): Length {
  const encoder = new TextEncoder();
  const texts = prompts.map(({ messages }) => messages.map(({ content }) => content).join(""));
  return { characters: mean(texts.map((text) => text.length)), bytes: mean(texts.map((text) => encoder.encode(text).length)) };
}

/** About six tenths of the longest, at four characters a token, in the writing of the prompts. */
function guessedLength(config: ExperimentConfig, prompts: Length): Length {
  const characters = 0.6 * 4 * config.sampling.maxNewTokens;
  return { characters, bytes: prompts.characters === 0 ? characters : (characters * prompts.bytes) / prompts.characters };
}

function hostsOf(lab: LabContext, config: ExperimentConfig): JudgeForecast["hosts"] {
  const { db } = lab.store;
  const named = new Set(membersOf(config.oracle).flatMap((member) => (member.kind === "judge" ? [member.endpoint] : [])));
  const hosts = new Set(
    listEndpoints(db)
      .filter((endpoint) => named.has(endpoint.name))
      .map((endpoint) => hostOf(endpoint.baseUrl)),
  );
  const prompts = listPrompts(db).length;
  return [...hosts].filter((host) => !isLoopback(host)).map((host) => ({ host, prompts, isAllowed: isHostAllowed(db, host) }));
}

async function problemsOf(lab: LabContext, config: ExperimentConfig, forecast: Omit<JudgeForecast, "problems">): Promise<string[]> {
  const problems: string[] = [];
  try {
    requireJudges(lab, config);
    for (const member of membersOf(config.oracle)) if (member.kind === "judge") await keyFor(lab, endpointByName(lab.store.db, member.endpoint));
  } catch (thrown) {
    problems.push(toLabError(thrown).message);
  }
  const { capUsd, costUsd, spentUsd } = forecast;
  if (capUsd !== null && costUsd !== null && spentUsd + costUsd > capUsd) {
    problems.push(forecastWords.overCap(spentUsd + costUsd, forecast.round, capUsd));
  }
  const { totalUsd } = getCaps(lab.store.db);
  const totalSpentUsd = liability(totalSpending(lab.store.db));
  if (totalUsd !== null && costUsd !== null && totalSpentUsd + costUsd > totalUsd) {
    problems.push(forecastWords.overTotal(totalSpentUsd + costUsd, forecast.round, totalUsd));
  }
  return problems;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}

function sumOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length ? null : sum(known);
}
