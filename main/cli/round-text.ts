/** Rounds, stages and win rates in words: direction and opponent first, no number without its doubt. */
import type { CollapseWatchView, RoundView, StageView, WinRateView } from "#app/contract/views.ts";
import { STAGE_COUNT } from "#app/domain/stage-counts.ts";
import { count, duration, percent, remaining, table } from "./format.ts";

/** Fewer prompts than this say nothing. */
const FEW = 20;

/** "r1 wins 57.8 % against r0 (95 % interval 52.6–62.8, n 40)". */
function winRateSentence(row: WinRateView, confidence: number): string {
  const level = `${Number((100 * confidence).toFixed(1))} %`;
  const interval = `${level} interval ${percent(row.low)}–${percent(row.high)}`;
  const kind = row.isSimultaneous ? ", simultaneous" : "";
  const missing = row.missing > 0 ? `, ${count(row.missing)} without an answer` : "";
  const sentence = `${row.policy} wins ${percent(row.winRate)} % against ${row.opponent} (${interval}${kind}, n ${count(row.n)}${missing})`;
  if (row.n < FEW) return `${sentence}: too few`;
  return row.low <= 0.5 && row.high >= 0.5 ? `${sentence}: no significant change` : sentence;
}

function lengthSentence(row: WinRateView): string {
  return `mean length ${row.meanLength.toFixed(1)} against ${row.opponentMeanLength.toFixed(1)}`;
}

/** A round as `status` shows it, line by line. */
export function roundLines(round: RoundView, confidence: number): string[] {
  const made = round.newPolicy === null ? "" : `, made ${round.newPolicy}`;
  const state = round.isDone ? "done" : round.isRunning ? "running" : "open";
  const lines = [`Round ${round.number}: ${state}, from ${round.policy}${made}`];
  lines.push(
    table(
      [{ title: "stage" }, { title: "state" }, { title: "units", align: "right" }, { title: "time", align: "right" }, { title: "" }],
      round.stages.map((stage) => [
        stage.stage,
        stateWord(stage),
        unitsText(stage),
        stage.activeMs > 0 ? duration(stage.activeMs) : "",
        stageRemark(stage),
      ]),
    ),
  );
  for (const row of round.winRates) lines.push(`${winRateSentence(row, confidence)}, ${lengthSentence(row)}.`);
  if (round.recommendation !== null) lines.push(round.recommendation.sentence);
  if (round.watch !== null) lines.push(...watchLines(round.watch));
  return lines;
}

function watchLines(watch: CollapseWatchView): string[] {
  return [watchSentence(watch), ...watch.warnings.map((warning) => `Watch out, ${watch.now.policy}: ${warning}`)];
}

/** "Watch: r1 is 3.2 ± 0.4 nats a response from r0 (k1, n 64), entropy 0.91 (r0 1.02), ...". */
function watchSentence({ now, first }: CollapseWatchView): string {
  const error = now.klStandardError === null ? "" : ` ± ${now.klStandardError.toFixed(2)}`;
  const pair = (name: string, value: string, of: string): string => `${name} ${value} (${first.policy} ${of})`;
  return [
    `Watch: ${now.policy} is ${now.klNats.toFixed(2)}${error} nats a response from ${first.policy} (estimator k1, n ${count(now.responses)})`,
    pair("entropy a token", now.entropyNatsPerToken.toFixed(2), first.entropyNatsPerToken.toFixed(2)),
    pair("distinct-3", now.distinct[2]?.toFixed(2) ?? "none", first.distinct[2]?.toFixed(2) ?? "none"),
    pair("finished", `${percent(now.finishedShare)} %`, `${percent(first.finishedShare)} %`),
    `${pair("perplexity of plain text", now.perplexity.toFixed(1), first.perplexity.toFixed(1))}.`,
  ].join(", ");
}

export function stateWord(stage: StageView): string {
  if (stage.waitsForPeople) return "waits for people";
  return stage.isPauseRequested && stage.state === "running" ? "pausing" : stage.state;
}

/** "3,318 of 6,000 responses". */
export function unitsText(stage: StageView): string {
  if (stage.attemptId === null) return "";
  const total = stage.unitsTotal === null ? "" : ` of ${count(stage.unitsTotal)}`;
  return `${count(stage.unitsDone)}${total} ${stage.unit}`;
}

function stageRemark(stage: StageView): string {
  const counts = Object.entries(stage.counts)
    .filter(([, value]) => value !== 0)
    .map(([name, value]) => `${name} ${Number.isInteger(value) ? count(value) : value.toPrecision(3)}`);
  return [...(stage.error === null ? [] : [stage.error]), ...stage.remarks, ...counts].join(", ");
}

/** "Round 1: sample: 3,318 of 6,000 responses, 3.4 a second, about 45 min left". */
export function progressLine(round: number, stage: StageView): string {
  return `Round ${round}: ${stage.stage}: ${goesOnText(stage)}`;
}

/** "Comparison: 120 of 3,220 responses and comparisons, 1.3 a second, about 40 min left". */
export function comparisonLine(comparison: StageView): string {
  return `Comparison: ${goesOnText(comparison)}`;
}

function goesOnText(stage: StageView): string {
  const parts = [unitsText(stage), referencesText(stage)];
  if (stage.state === "running") {
    if (stage.rate !== null && stage.rate > 0) parts.push(rateText(stage.rate));
    if (stage.remainingMs !== null) parts.push(remaining(stage.remainingMs));
  } else {
    parts.push(stateWord(stage));
  }
  if (stage.error !== null) parts.push(stage.error);
  return parts.filter((part) => part !== "").join(", ");
}

/** What a training run does before its first step; "" once it is done. */
function referencesText({ counts }: StageView): string {
  const [scored, pairs] = [counts[STAGE_COUNT.references], counts[STAGE_COUNT.pairs]];
  return scored === undefined || pairs === undefined || scored >= pairs
    ? ""
    : `${STAGE_COUNT.references} of ${count(scored)} of ${count(pairs)} pairs`;
}

function rateText(perSecond: number): string {
  if (perSecond >= 1) return `${perSecond.toFixed(1)} a second`;
  const perMinute = 60 * perSecond;
  return perMinute >= 1 ? `${perMinute.toFixed(1)} a minute` : `${(60 * perMinute).toFixed(1)} an hour`;
}
