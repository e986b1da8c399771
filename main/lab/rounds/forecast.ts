/** What the next round is going to take, or the open one still takes, in rows: said before, so far, still to come. */
import { freemem, totalmem } from "node:os";
import { statfs } from "node:fs/promises";
import * as z from "zod";
import { ConfigError, ConflictError } from "#app/base/errors.ts";
import type { JudgeForecast } from "#app/contract/rounds.ts";
import { type ForecastRow, type ForecastView, quantitySchema, type QuantityView } from "#app/contract/forecast.ts";
import type { ExperimentConfig } from "#app/domain/experiment.ts";
import { type Round, STAGES } from "#app/domain/round.ts";
import { configChanges } from "#app/domain/config-changes.ts";
import { type Forecast, type ForecastFacts, forecastRound } from "#app/rounds/forecast.ts";
import { isRoundDone } from "#app/rounds/next-action.ts";
import { forecastWords as words } from "#app/text/forecast.ts";
import { roundWords } from "#app/text/rounds.ts";
import { keepForecast, keptForecast, type RoundSpent, roundSpent } from "#main/store/queries/forecasts.ts";
import { listPolicies, policyById } from "#main/store/queries/policies.ts";
import * as rounds from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";
import { presentConfig } from "./attempts.ts";
import { forecastFacts, newestConfigBefore } from "./forecast-facts.ts";
import { judgeForecast } from "./judge-forecast.ts";
import { requireInputs } from "./requirements.ts";

type Subject = { readonly config: ExperimentConfig; readonly number: number; readonly open: Round | undefined };

/** The round that a start would make or go on with. */
function subjectOf(lab: LabContext): Subject {
  const last = rounds.lastRound(lab.store.db);
  const isOpen = last !== undefined && !isRoundDone(rounds.liveAttempts(lab.store.db, last.id));
  return { config: presentConfig(lab), number: isOpen ? last.number : (last?.number ?? 0) + 1, open: isOpen ? last : undefined };
}

export async function forecastView(lab: LabContext): Promise<ForecastView> {
  const { db } = lab.store;
  const subject = subjectOf(lab);
  const facts = forecastFacts(lab, subject.config, subject.number, subject.open);
  const judges = await judgeForecast(lab);
  const forecast = withJudgeCost(forecastRound(facts), judges);
  const { open } = subject;
  const { bavail, bsize } = await statfs(lab.folder);
  return {
    round: subject.number,
    isStarted: open !== undefined,
    policy: policyNameOf(lab, open),
    refusal: refusalOf(lab, subject) ?? judges?.problems[0] ?? null,
    stages: forecast.stages.map(({ stage, state, units, remainingMs }) => ({ stage, state, units, remainingMs })),
    rows: rowsOf({
      facts,
      forecast,
      spent: open === undefined ? undefined : roundSpent(db, open.id),
      said: open === undefined ? {} : saidBefore(lab, open),
      judges,
      diskFreeBytes: bavail * bsize,
    }),
    changes: changesOf(lab, subject, facts),
  };
}

/** Keeps what is known of a round that is about to be made; called before it is started. */
export async function sayBefore(lab: LabContext): Promise<(roundNumber: number) => void> {
  const { config, number, open } = subjectOf(lab);
  if (open !== undefined) return () => undefined;
  const said = totalsOf(withJudgeCost(forecastRound(forecastFacts(lab, config, number, undefined)), await judgeForecast(lab)));
  return (roundNumber) => {
    if (roundNumber === number) keepForecast(lab.store.db, rounds.roundByNumber(lab.store.db, number).id, said, lab.clock.nowMs());
  };
}

/** Of judges behind endpoints their own price lists and replies tell the cost: spent and still to come, and what it can be at most. */
function withJudgeCost(forecast: Forecast, judges: JudgeForecast | null): Forecast {
  if (judges === null) return forecast;
  if (judges.costUsd === null) return { ...forecast, costUsd: null };
  const value = judges.spentUsd + judges.costUsd;
  const most = judges.stages.reduce((sum, stage) => sum + (stage.maxCostUsd ?? stage.costUsd ?? 0), judges.spentUsd);
  return { ...forecast, costUsd: { value, low: value, high: Math.max(value, most), source: "measured" } };
}

const saidSchema = z.partialRecord(
  z.enum(["time", "samples", "judgeCalls", "money", "people", "peopleTime", "memory", "disk", "diskKept"]),
  quantitySchema,
);
type Said = Readonly<z.infer<typeof saidSchema>>;

function saidBefore(lab: LabContext, round: Round): Said {
  return saidSchema.parse(keptForecast(lab.store.db, round.id) ?? {});
}

function totalsOf(forecast: Forecast): Said {
  const totals = {
    time: forecast.remainingMs,
    samples: forecast.samples,
    judgeCalls: forecast.judgeCalls,
    money: forecast.costUsd,
    people: forecast.peopleAnswers,
    peopleTime: forecast.peopleMs,
    memory: forecast.memoryBytes,
    disk: forecast.diskBytes,
    diskKept: forecast.diskKeptBytes,
  };
  return Object.fromEntries(Object.entries(totals).filter(([, quantity]) => quantity !== null));
}

type RowFacts = {
  readonly facts: ForecastFacts;
  readonly forecast: Forecast;
  /** Undefined before the round is started. */
  readonly spent: RoundSpent | undefined;
  readonly said: Said;
  readonly judges: JudgeForecast | null;
  readonly diskFreeBytes: number;
};

function rowsOf({ facts, forecast, spent, said, judges, diskFreeBytes }: RowFacts): ForecastRow[] {
  const isPeoples = [facts.config, facts.evaluateConfig].some(({ oracle }) => oracle.kind === "people");
  const runningMs = STAGES.reduce((sum, stage) => sum + facts.standing[stage].activeMs, 0);
  const row = (
    what: ForecastRow["what"],
    unit: ForecastRow["unit"],
    total: QuantityView | null,
    soFar: number | null | undefined,
    remark: string,
    toCome: QuantityView | null = less(total, soFar ?? 0),
  ): ForecastRow => ({ what, unit, saidBefore: spent === undefined ? total : (said[what] ?? null), soFar: soFar ?? null, toCome, remark });
  const rows = [
    row("time", "ms", forecast.remainingMs, spent && runningMs, timeRemark(forecast, isPeoples), forecast.remainingMs),
    row("samples", "count", forecast.samples, spent?.samples, words.samples(facts.prompts, facts.config.sampling.responsesPerPrompt)),
    row("judgeCalls", "count", forecast.judgeCalls, spent?.judgeCalls, judgeRemark(facts)),
    row("money", "usd", forecast.costUsd, spent && (judges?.spentUsd ?? spent.costUsd), moneyRemark(forecast, judges)),
    row("people", "count", forecast.peopleAnswers, spent?.peopleAnswers, peopleRemark(facts)),
    ...(isPeoples
      ? [
          row(
            "peopleTime",
            "ms",
            forecast.peopleMs,
            null,
            "",
            times(less(forecast.peopleAnswers, spent?.peopleAnswers ?? 0), facts.measured.personMs?.median),
          ),
        ]
      : []),
    row(
      "memory",
      "bytes",
      forecast.memoryBytes,
      spent?.memoryBytes,
      words.memory(forecast.memoryBytes.source !== "floor", freemem(), totalmem()),
      forecast.memoryBytes,
    ),
    row("disk", "bytes", forecast.diskBytes, spent?.diskBytes, words.disk(forecast.diskBytes !== null, diskFreeBytes)),
    row("diskKept", "bytes", forecast.diskKeptBytes, null, words.kept(facts.config.training.keepCheckpoints), forecast.diskKeptBytes),
  ];
  return rows.filter((one) => isTold(one, isPeoples));
}

/** A judge's rows where people judge all, and people's where a judge does, say nothing. */
function isTold({ what, soFar, toCome }: ForecastRow, isPeoples: boolean): boolean {
  // What stays is as little known as what is written, and that says so.
  if (what === "diskKept") return toCome !== null;
  if (what === "judgeCalls" || what === "money") return !isPeoples || (soFar ?? 0) > 0 || (toCome?.high ?? 0) > 0;
  return what !== "people" || isPeoples || (soFar ?? 0) > 0;
}

function less(total: QuantityView | null, done: number): QuantityView | null {
  return total && { ...total, value: Math.max(0, total.value - done), low: Math.max(0, total.low - done), high: Math.max(0, total.high - done) };
}

function times(quantity: QuantityView | null, factor: number | undefined): QuantityView | null {
  if (quantity === null || factor === undefined) return null;
  return { ...quantity, value: quantity.value * factor, low: quantity.low * factor, high: quantity.high * factor };
}

function timeRemark({ stages }: Forecast, isPeoples: boolean): string {
  const unknown = stages.filter((stage) => stage.remainingMs === null).map((stage) => stage.stage);
  return words.remarks([...(unknown.length === 0 ? [] : [words.notMeasured(unknown)]), ...(isPeoples ? [words.withoutPeople] : [])]);
}

function judgeRemark({ config, measured }: ForecastFacts): string {
  return words.orders(config.judging.bothOrders && config.judging.mode === "pairwise", measured.askShare.length === 0);
}

function moneyRemark({ costUsd }: Forecast, judges: JudgeForecast | null): string {
  const cap = judges?.capUsd == null ? [] : [words.pausesAt(judges.capUsd)];
  const hosts = judges?.hosts.map(({ host, prompts }) => words.promptsGo(prompts, host)) ?? [];
  return words.remarks([...(costUsd === null ? [words.noPrice] : []), ...cap, ...hosts]);
}

function peopleRemark({ measured }: ForecastFacts): string {
  if (measured.personMs === null) return words.noPace;
  return words.pace(Math.round(measured.personMs.median / 1000), measured.personMs.answers);
}

function policyNameOf(lab: LabContext, open: Round | undefined): string | null {
  const { db } = lab.store;
  if (open !== undefined) return policyById(db, open.policyId).name;
  const made = rounds.lastRound(db)?.newPolicyId;
  return made === undefined || made === null ? (listPolicies(db)[0]?.name ?? null) : policyById(db, made).name;
}

/** What a start would be refused for. */
function refusalOf(lab: LabContext, { config, number, open }: Subject): string | null {
  if (policyNameOf(lab, open) === null) return roundWords.needsPolicy;
  try {
    requireInputs(lab, config, number, "evaluate", open === undefined ? new Map() : rounds.liveAttempts(lab.store.db, open.id));
    return null;
  } catch (thrown) {
    if (thrown instanceof ConfigError || thrown instanceof ConflictError) return thrown.message;
    throw thrown;
  }
}

function changesOf(lab: LabContext, { number, open }: Subject, facts: ForecastFacts): ForecastView["changes"] {
  const { config } = facts;
  const before = newestConfigBefore(lab, number);
  if (before === undefined) return [];
  const last = rounds.configOfAttempt(lab.store.db, before.attemptId);
  const { shards } = config.splits;
  const { changes } = words;
  const shard = (round: number): string => changes.shard(((round - 1) % shards) + 1, shards);
  const policy = policyNameOf(lab, open);
  const beforePolicy = policyById(lab.store.db, rounds.roundByNumber(lab.store.db, before.round).policyId).name;
  return [
    { name: changes.startsFrom, from: beforePolicy, to: policy, remark: changes.startsFromNote },
    ...(shards > 1
      ? [
          {
            name: changes.prompts,
            from: shard(before.round),
            to: shard(number),
            remark: number <= shards ? changes.fresh(facts.prompts) : changes.seen(facts.prompts),
          },
        ]
      : [{ name: changes.prompts, from: null, to: changes.allPrompts(facts.prompts), remark: changes.anew }]),
    ...configChanges(last, config).map(({ path, from, to }) => ({ name: path, from, to, remark: "" })),
  ];
}
