/** What goes on in all labs of a host: for a taskbar, a tray, notifications. */
import type { LabEvent } from "#app/contract/rounds.ts";
import type { RoundView, StageView } from "#app/contract/views.ts";
import { activityWords } from "#app/text/activity.ts";
import type { Line } from "./line.ts";

export type Activity = {
  readonly runningCount: number;
  /** Of the run that is furthest behind; null where nothing can be told. */
  readonly share: number | null;
  /** "Haiku: round 3, training", one a line. */
  readonly lines: readonly string[];
};

export type News = { readonly title: string; readonly body: string };

type FollowedLine = Pick<Line, "client" | "isClosed">;

export type ActivityWatch = {
  /** Watches a lab for as long as its line lasts. */
  follow(line: FollowedLine): void;
  close(): void;
};

export type ActivityListeners = {
  readonly onActivity: (activity: Activity) => void;
  readonly onNews: (news: News) => void;
};

/** An experiment, as far as it tells what runs. */
export type WatchedExperiment = {
  readonly name: string;
  readonly rounds: readonly RoundView[];
  /** The comparison among policies that is not done. */
  readonly comparison: StageView | null;
};

type Watched = { -readonly [Field in keyof WatchedExperiment]: WatchedExperiment[Field] };

const AGAIN_MS = 1000;

export function createActivityWatch(listeners: ActivityListeners): ActivityWatch {
  const abort = new AbortController();
  const watched = new Set<Watched>();
  const report = (): void => {
    listeners.onActivity(activityOf([...watched]));
  };
  const follow = async (line: FollowedLine): Promise<void> => {
    while (!abort.signal.aborted && !line.isClosed()) {
      let one: Watched | undefined;
      try {
        const client = await line.client();
        const events = await client.rounds.watch(undefined, { signal: abort.signal });
        const experiment = await client.experiments.get();
        one = { name: experiment?.name ?? "", rounds: await client.rounds.list(), comparison: await client.results.comparison() };
        watched.add(one);
        report();
        for await (const event of events) {
          const before = one.rounds;
          one.rounds = event.type === "stage.changed" ? await client.rounds.list() : withProgress(before, event);
          if (tellsOfComparison(event)) one.comparison = await client.results.comparison();
          if (event.type === "stage.changed") for (const news of newsOf(one.name, before, one.rounds)) listeners.onNews(news);
          report();
        }
      } catch {
        // The lab is gone, or goes; its line finds the next one.
      }
      if (one !== undefined && watched.delete(one)) report();
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  };
  return {
    follow: (line) => void follow(line),
    close: () => {
      abort.abort();
    },
  };
}

function withProgress(rounds: readonly RoundView[], event: LabEvent): readonly RoundView[] {
  if (event.type !== "stage.progressed") return rounds;
  return rounds.map((round) =>
    round.number === event.round
      ? { ...round, stages: round.stages.map((stage) => (stage.stage === event.stage.stage ? event.stage : stage)) }
      : round,
  );
}

/** A comparison's own events say only that it went on; that one began or ended is a change of the experiment. */
function tellsOfComparison({ type }: LabEvent): boolean {
  return type === "comparison.progressed" || type === "results.changed" || type === "experiment.changed";
}

export function activityOf(experiments: readonly WatchedExperiment[]): Activity {
  const runs = experiments.flatMap(runsOf);
  const shares = runs.flatMap(({ share }) => share ?? []);
  return { runningCount: runs.length, share: shares.length === 0 ? null : Math.min(...shares), lines: runs.map(({ line }) => line) };
}

type Run = { readonly line: string; readonly share: number | undefined };

function runsOf({ name, rounds, comparison }: WatchedExperiment): Run[] {
  const round = rounds.at(-1);
  const runs: Run[] = [];
  if (round?.isRunning === true) runs.push({ line: activityWords.line(name, round.number, openStage(round)?.stage), share: shareOf(round) });
  if (comparison?.state === "running" && !comparison.waitsForPeople) runs.push({ line: activityWords.comparing(name), share: unitShare(comparison) });
  return runs;
}

function openStage(round: RoundView): StageView | undefined {
  return round.stages.find((stage) => stage.state !== "done");
}

/** Stages count alike: how long each will take is not known before it has begun. */
function shareOf(round: RoundView): number | undefined {
  const stage = openStage(round);
  if (stage === undefined) return 1;
  const done = round.stages.filter((one) => one.state === "done").length;
  return (done + (unitShare(stage) ?? 0)) / round.stages.length;
}

function unitShare({ unitsDone, unitsTotal }: StageView): number | undefined {
  return unitsTotal === null || unitsTotal === 0 ? undefined : Math.min(1, unitsDone / unitsTotal);
}

/** What a person who looks elsewhere wants to hear of: a round is done, a stage failed, people are waited for. */
export function newsOf(name: string, before: readonly RoundView[], after: readonly RoundView[]): News[] {
  const round = after.at(-1);
  if (round === undefined) return [];
  const earlier = before.find((one) => one.number === round.number);
  if (round.isDone && earlier?.isDone !== true) {
    return [{ title: activityWords.done(name, round.number), body: round.recommendation?.sentence ?? "" }];
  }
  return round.stages.flatMap((stage): News[] => {
    const past = earlier?.stages.find((one) => one.stage === stage.stage);
    if (stage.state === "failed" && past?.state !== "failed") {
      return [{ title: activityWords.stopped(name, round.number, stage.stage), body: stage.error ?? "" }];
    }
    if (stage.waitsForPeople && past?.waitsForPeople !== true) {
      const left = Math.max(0, (stage.unitsTotal ?? 0) - stage.unitsDone);
      return [{ title: activityWords.peoplesTurn(name), body: activityWords.waiting(left, round.number) }];
    }
    return [];
  });
}
