/** A stage in words: its name, how it stands, what it did and how long it takes. */
import type { Stage } from "#app/domain/round.ts";
import { STAGE_UNITS } from "#app/domain/stage-counts.ts";
import type { RoundView, StageView } from "#app/contract/views.ts";
import { countForms, unitForms } from "#app/text/counts.ts";
import { compact, type Forms, plural } from "#app/text/language.ts";
import { nouns } from "#app/text/nouns.ts";
import { count, counted, duration, money, rate, remaining } from "../design/format.ts";
import { roundsText } from "../text/rounds.ts";

export const STAGE_NAMES: Readonly<Record<Stage, string>> = roundsText.stageNames;

export type StageMood = "waiting" | "live" | "people" | "resting" | "done" | "failed";

/** How a stage is drawn. `isRunning`: of its round; a run that nobody carries on rests, whatever the record says. */
export function moodOf(stage: StageView, isRunning: boolean): StageMood {
  if (stage.waitsForPeople) return "people";
  switch (stage.state) {
    case "waiting":
    case "superseded":
      return "waiting";
    case "queued":
      return isRunning ? "live" : "waiting";
    case "running":
      return isRunning ? "live" : "resting";
    case "paused":
      return "resting";
    case "done":
      return "done";
    case "failed":
      return "failed";
    default:
      return stage.state satisfies never;
  }
}

/** The word at the right of a stage's head. */
export function stateText(stage: StageView, isRunning: boolean): string {
  const mood = moodOf(stage, isRunning);
  const { states } = roundsText;
  switch (mood) {
    case "waiting":
    case "people":
    case "done":
    case "failed":
      return states[mood];
    case "live":
      if (stage.isPauseRequested) return states.pausing;
      if (stage.judgeSilence !== null) return states.silent;
      return stage.remainingMs === null ? states.running : remaining(stage.remainingMs);
    case "resting":
      return stage.state === "paused" ? states.paused : states.interrupted;
    default:
      return mood satisfies never;
  }
}

export type StageFigure = {
  /** Null where nothing is known yet. */
  readonly figure: string | null;
  readonly unit: string;
};

/** Units that are too long for a card: what policies and oracles give are answers. */
const CARD_UNITS: Readonly<Record<string, Forms>> = { ...unitForms, [STAGE_UNITS.evaluate]: nouns.answers };

/** The large figure: what was counted, of how many; before the stage begins, how many it will be if that is known. */
export function figureOf(stage: StageView): StageFigure {
  const hasBegun = stage.attemptId !== null;
  const forms = CARD_UNITS[stage.unit] ?? { other: stage.unit };
  const figure = (value: number): StageFigure => ({ figure: count(value), unit: plural(value, forms) });
  if (!hasBegun) return stage.unitsTotal === null ? { figure: null, unit: forms.other } : figure(stage.unitsTotal);
  if (stage.unitsTotal === null || stage.state === "done") return figure(stage.unitsDone);
  return { figure: count(stage.unitsDone), unit: roundsText.of(counted(stage.unitsTotal, forms)) };
}

/** The quiet lines under a stage's bar: how fast and how long, what is worth knowing, how it was done. A silent judge is said above all stages. */
export function detailsOf(stage: StageView, isRunning: boolean): readonly string[] {
  const pace: string[] = [];
  if (stage.activeMs > 0) pace.push(duration(stage.activeMs));
  if (moodOf(stage, isRunning) === "live" && stage.judgeSilence === null && stage.rate !== null && stage.rate > 0) pace.push(rate(stage.rate));
  if (stage.costUsd !== null) pace.push(roundsText.cost(money(stage.costUsd)));
  if (stage.attemptNumber !== null && stage.attemptNumber > 1) pace.push(roundsText.attempt(stage.attemptNumber));
  return [pace.join(" · "), countsOf(stage).join(" · "), ...stage.remarks.filter((line) => line !== stage.judgeSilence)].filter(
    (line) => line !== "",
  );
}

/** "12,345 tokens", "4 defective"; shares and means keep three digits: "flip rate 0.18". */
function countsOf(stage: StageView): string[] {
  return Object.entries(stage.counts)
    .filter(([name, value]) => value !== 0 && name !== stage.unit)
    .map(([name, value]) => {
      const forms = countForms[name] ?? { other: inWords(name) };
      return Number.isInteger(value) ? counted(value, forms) : `${forms.other} ${compact(value, 3)}`;
    });
}

/** A name that nothing words, as it is read: "flip_rate" as "flip rate"; names with a slash are TRL's and stay. */
function inWords(name: string): string {
  if (name.includes("/")) return name;
  return name.replace(/_/gu, " ").replace(/([a-z])([A-Z])/gu, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
}

/** The stage that a round is at: the first that is not done; the last of a done round. */
export function currentStage(round: RoundView): StageView | undefined {
  return round.stages.find((stage) => stage.state !== "done") ?? round.stages.at(-1);
}

/** Comparisons that only people can take further, in the newest round. */
export function comparisonsForPeople(rounds: readonly RoundView[]): number {
  const stages = rounds.at(-1)?.stages ?? [];
  return stages.filter((stage) => stage.waitsForPeople).reduce((sum, stage) => sum + Math.max(0, (stage.unitsTotal ?? 0) - stage.unitsDone), 0);
}

/** The state of a round in a few words: "judging", "paused in training", "done". */
export function roundText(round: RoundView): string {
  const { states, roundStates } = roundsText;
  if (round.isDone) return roundStates.done;
  const stage = currentStage(round);
  if (stage === undefined) return roundStates.notStarted;
  const doing = roundsText.doings[stage.stage];
  const mood = moodOf(stage, round.isRunning);
  switch (mood) {
    case "live":
      if (stage.isPauseRequested) return roundStates.pausing(doing);
      return stage.judgeSilence === null ? doing : roundStates.silent(doing);
    case "people":
      return roundStates.people(doing);
    case "resting":
      return roundStates.resting(stage.state === "paused" ? states.paused : states.interrupted, doing);
    case "failed":
      return roundStates.failed(doing);
    case "waiting":
    case "done":
      return round.isRunning ? doing : roundStates.before(doing);
    default:
      return mood satisfies never;
  }
}
