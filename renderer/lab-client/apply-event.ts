/** What an event changes in what the page already shows. */
import type { LabEvent } from "#app/contract/rounds.ts";
import type { RoundView, StageView } from "#app/contract/views.ts";

/** The rounds with a stage as the event brought it; the same array if no such round is known yet. */
export function withStage(rounds: RoundView[], number: number, stage: StageView): RoundView[] {
  if (!rounds.some((round) => round.number === number)) return rounds;
  return rounds.map((round) =>
    round.number === number ? { ...round, stages: round.stages.map((one) => (one.stage === stage.stage ? stage : one)) } : round,
  );
}

export type MetricRow = { readonly step: number; readonly values: Record<string, number> };

/** The rows with more, in the order in which they came; a step that was computed again replaces its row and those after it. */
export function withMetricRows(rows: readonly MetricRow[], more: readonly MetricRow[]): MetricRow[] {
  const all = [...rows];
  for (const row of more) {
    while ((all.at(-1)?.step ?? 0) >= row.step) all.pop();
    all.push(row);
  }
  return all;
}

/** News that belongs to no answer of the lab: kept until it is put away or no longer true. */
export type News = {
  readonly engineDeath: { readonly deaths: number; readonly message: string } | null;
  /** Old training checkpoints that could not be removed. */
  readonly notRemoved: { readonly count: number; readonly message: string } | null;
  readonly policyProgress: { readonly message: string; readonly share: number } | null;
};

export const NO_NEWS: News = { engineDeath: null, notRemoved: null, policyProgress: null };

export function withNews(news: News, event: LabEvent): News {
  switch (event.type) {
    case "engine.died":
      return { ...news, engineDeath: { deaths: event.deaths, message: event.message } };
    case "policy.progressed":
      return {
        ...news,
        policyProgress: event.share >= 1 ? null : { message: event.message, share: event.share },
      };
    case "checkpoints.notRemoved":
      return { ...news, notRemoved: { count: event.count, message: event.message } };
    case "stage.changed":
      // Whatever the stage became (failed, paused, done), it says itself what is to be known.
      return event.stage.state === "running" ? news : { ...news, engineDeath: null };
    default:
      return news;
  }
}
