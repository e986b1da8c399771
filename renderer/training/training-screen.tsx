/** A training run as it goes: its curves over those of earlier rounds, what they mean, and its checkpoints. */
import { useQueries, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { TrainingRunView } from "#app/contract/training.ts";
import type { RoundView } from "#app/contract/views.ts";
import { useKeyedCommands } from "../commands/use-keyed-commands.ts";
import { EmptyState, Loading } from "../design/empty-state.tsx";
import { type Reading, Unread } from "../design/failed.tsx";
import { fixed } from "../design/format.ts";
import { LiveChart } from "../design/live-chart.tsx";
import { Note } from "../design/note.tsx";
import type { MetricRow } from "../lab-client/apply-event.ts";
import { useLab } from "../lab-client/lab-context.tsx";
import { GettingStarted } from "../rounds/getting-started.tsx";
import { RoundNotes } from "../rounds/round-notes.tsx";
import { useRoundCommands } from "../rounds/use-round-commands.ts";
import { Fill } from "../text/fill.tsx";
import { commandText } from "../text/commands.ts";
import { trainingText as text } from "../text/training.ts";
import { Checkpoints } from "./checkpoints.tsx";
import { type Curve, CURVES, curveData, curveSentence, type EarlierRun, lastOf, measuredSeries } from "./curves.ts";
import { Numbers } from "./numbers.tsx";
import { Readings } from "./readings.tsx";
import { TrainingBar } from "./training-bar.tsx";
import { TrainingFacts } from "./training-facts.tsx";
import "./training.css";

const KEYS = ["pauseTraining"] as const;

/** So many earlier rounds are drawn behind the one that is open. */
const EARLIER_ROUNDS = 2;

/** `openRound`: the number of the round whose training is shown; the newest that has one without it. */
export function TrainingScreen({ openRound }: { readonly openRound: number | undefined }): ReactNode {
  const { queries } = useLab();
  const experiment = useQuery(queries.experiments.get.queryOptions());
  const rounds = useQuery(queries.rounds.list.queryOptions());
  const failure = experiment.error ?? rounds.error;
  if (failure !== null) {
    return (
      <Frame>
        <Unread of={[experiment, rounds]} />
      </Frame>
    );
  }
  if (experiment.data === undefined || rounds.data === undefined) {
    return (
      <Frame>
        <Loading>{text.reading}</Loading>
      </Frame>
    );
  }
  const trained = rounds.data.filter((round) => trainStage(round)?.attemptId != null);
  const open = trained.find((round) => round.number === openRound) ?? trained.at(-1);
  if (open === undefined) return <Frame>{experiment.data === null ? <GettingStarted lacks="experiment" /> : <NothingTrained />}</Frame>;
  return <OpenTraining round={open} isNewest={open === rounds.data.at(-1)} trained={trained} />;
}

function Frame({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <main className="main">
      <header className="top">
        <h1>{text.title}</h1>
      </header>
      <div className="content">{children}</div>
    </main>
  );
}

function NothingTrained(): ReactNode {
  return (
    <EmptyState
      title={text.empty.title}
      action={
        <Link className="btn" to="/rounds">
          {text.empty.toRounds}
        </Link>
      }
    >
      <p>{text.empty.sentence}</p>
    </EmptyState>
  );
}

export function trainStage(round: RoundView): RoundView["stages"][number] | undefined {
  return round.stages.find((stage) => stage.stage === "train");
}

type OpenTrainingProps = {
  readonly round: RoundView;
  readonly isNewest: boolean;
  /** All rounds with a training run. */
  readonly trained: readonly RoundView[];
};

/** The bar stays while another round is read: the choice of the round keeps its place and its focus. */
function OpenTraining({ round, isNewest, trained }: OpenTrainingProps): ReactNode {
  const { queries } = useLab();
  const commands = useRoundCommands();
  const run = useQuery(queries.training.run.queryOptions({ input: { round: round.number } }));
  const runs = useRuns(round.number, trained);
  const stage = trainStage(round);
  const isUnread = [run, ...runs.readings].some(({ error }) => error !== null);
  useKeyedCommands(KEYS, commandText.groups.page, {
    pauseTraining: () => {
      if (!isNewest || stage === undefined || stage.state === "done" || commands.isPausing || commands.isStarting) return;
      if (!round.isRunning) commands.resume();
      else if (!stage.isPauseRequested) commands.pause();
    },
  });
  return (
    <main className="main">
      <TrainingBar round={round} isNewest={isNewest} trained={trained} run={run.data ?? undefined} commands={commands} />
      <div className="content training" tabIndex={0} role="region" aria-label={text.region(round.number)}>
        <RoundNotes open={round} commands={commands} of="train" />
        <Unread of={[run, ...runs.readings]} />
        {run.data != null && runs.isRead ? (
          <OpenRun key={round.number} round={round} run={run.data} runs={runs} />
        ) : (
          !isUnread && (run.data === null ? <NothingTrained /> : <Loading>{text.reading}</Loading>)
        )}
      </div>
    </main>
  );
}

type OpenRunProps = { readonly round: RoundView; readonly run: TrainingRunView; readonly runs: Runs };

function OpenRun({ round, run, runs: { rows, earlier } }: OpenRunProps): ReactNode {
  const isOver = trainStage(round)?.state === "done";
  return (
    <>
      {run.kept !== null && (
        <Note kind="plain">
          <Fill text={text.kept(run.kept.step, text.keptLoss(fixed(3)(run.kept.loss)))} />
        </Note>
      )}
      <TrainingFacts round={round} run={run} rows={rows} />
      <Legend round={round.number} earlier={earlier} />
      <div className="curves">
        {CURVES.map((curve) => (
          <RunCurve
            key={curve.key}
            curve={withStart(curve, run.startLoss)}
            rows={rows}
            earlier={earlier}
            nothing={isOver ? text.notMeasured : text.noNumbers}
          />
        ))}
      </div>
      <div className="training-foot">
        <Readings run={run} />
        <Checkpoints run={run} isOver={isOver} />
      </div>
      <Numbers round={round.number} rows={rows} />
    </>
  );
}

type Runs = { readonly rows: readonly MetricRow[]; readonly earlier: readonly EarlierRun[] };

/** The numbers of a round and of the few before it. `isRead`: all of them are here, so that nothing moves later. */
function useRuns(round: number, trained: readonly RoundView[]): Runs & { readonly isRead: boolean; readonly readings: readonly Reading[] } {
  const { queries } = useLab();
  const before = trained
    .map((one) => one.number)
    .filter((number) => number < round)
    .slice(-EARLIER_ROUNDS)
    .toReversed();
  const results = useQueries({
    queries: [round, ...before].map((number) => queries.training.metrics.queryOptions({ input: { round: number } })),
  });
  const [own, ...others] = results.map((result) => result.data ?? []);
  return {
    isRead: results.every((result) => result.data !== undefined),
    readings: results,
    rows: own ?? [],
    earlier: before.map((number, i) => ({ round: number, rows: others[i] ?? [] })).filter((one) => one.rows.length > 0),
  };
}

function withStart(curve: Curve, startLoss: number | null): Curve {
  return curve.key === "loss" && startLoss !== null ? { ...curve, mark: { at: startLoss, label: text.startLoss } } : curve;
}

type RunCurveProps = { readonly curve: Curve; readonly nothing: string } & Runs;

function RunCurve({ curve, rows, earlier, nothing }: RunCurveProps): ReactNode {
  const { steps, lines } = curveData(curve, rows, earlier);
  return (
    <LiveChart
      title={text.curves[curve.key]}
      metric={curve.metric}
      now={<Now curve={curve} rows={rows} />}
      label={curveSentence(curve, rows)}
      steps={steps}
      lines={lines}
      nothing={nothing}
      format={curve.format}
      {...(curve.isShare === undefined ? {} : { isShare: curve.isShare })}
      {...(curve.mark === undefined ? {} : { mark: curve.mark })}
      {...(curve.hasZero === undefined ? {} : { hasZero: curve.hasZero })}
    />
  );
}

/** The last number; of two sides both, in their colours. */
function Now({ curve, rows }: { readonly curve: Curve; readonly rows: readonly MetricRow[] }): ReactNode {
  return measuredSeries(curve, rows)
    .toReversed()
    .map(({ metric, label, side }) => {
      const value = lastOf(rows, metric);
      if (value === undefined) return null;
      return (
        <span key={metric} className={side ?? (label === undefined ? "" : "ink-3")} title={label}>
          {side === undefined && label !== undefined && `${label} `}
          {curve.format(value)}
        </span>
      );
    });
}

function Legend({ round, earlier }: { readonly round: number; readonly earlier: readonly EarlierRun[] }): ReactNode {
  if (earlier.length === 0) return null;
  return (
    <ul className="legend" aria-label={text.legend}>
      <li className="line-now">{text.now(round)}</li>
      {earlier.map((run, i) => (
        <li key={run.round} className={`line-before-${i + 1}`}>
          {text.now(run.round)}
        </li>
      ))}
    </ul>
  );
}
