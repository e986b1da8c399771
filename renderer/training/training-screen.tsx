/** A training run as it goes: its curves over those of earlier rounds, what they mean, and its checkpoints. */
import { useQueries, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { TrainingRunView } from "#app/contract/training.ts";
import type { RoundView } from "#app/contract/views.ts";
import { useKeyedCommands } from "../commands/use-keyed-commands.ts";
import { EmptyState, Loading } from "../design/empty-state.tsx";
import { LiveChart } from "../design/live-chart.tsx";
import { Note } from "../design/note.tsx";
import type { MetricRow } from "../lab-client/apply-event.ts";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { useRoundCommands } from "../rounds/use-round-commands.ts";
import { Fill } from "../text/fill.tsx";
import { commandText } from "../text/commands.ts";
import { trainingText as text } from "../text/training.ts";
import { Checkpoints } from "./checkpoints.tsx";
import { type Curve, CURVES, curveData, curveSentence, type EarlierRun, fixed, lastOf, measuredSeries } from "./curves.ts";
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
  const rounds = useQuery(queries.rounds.list.queryOptions());
  const trained = (rounds.data ?? []).filter((round) => trainStage(round)?.attemptId != null);
  const open = trained.find((round) => round.number === openRound) ?? trained.at(-1);
  const run = useQuery({ ...queries.training.run.queryOptions({ input: { round: open?.number ?? 1 } }), enabled: open !== undefined });
  const failure = rounds.error ?? run.error;
  if (failure !== null) return <Frame>{<Note kind="error">{sentenceOf(failure)}</Note>}</Frame>;
  if (rounds.data === undefined || (open !== undefined && run.data === undefined)) {
    return (
      <Frame>
        <Loading>{text.reading}</Loading>
      </Frame>
    );
  }
  if (open === undefined || run.data == null) {
    return (
      <Frame>
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
      </Frame>
    );
  }
  return <OpenRun key={open.number} round={open} isNewest={open === rounds.data.at(-1)} trained={trained} run={run.data} />;
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

export function trainStage(round: RoundView): RoundView["stages"][number] | undefined {
  return round.stages.find((stage) => stage.stage === "train");
}

type OpenRunProps = {
  readonly round: RoundView;
  readonly isNewest: boolean;
  /** All rounds with a training run. */
  readonly trained: readonly RoundView[];
  readonly run: TrainingRunView;
};

function OpenRun({ round, isNewest, trained, run }: OpenRunProps): ReactNode {
  const commands = useRoundCommands();
  const { rows, earlier } = useRuns(round.number, trained);
  const stage = trainStage(round);
  useKeyedCommands(KEYS, commandText.groups.page, {
    pauseTraining: () => {
      if (!isNewest || stage === undefined || stage.state === "done" || commands.isPausing || commands.isStarting) return;
      if (!round.isRunning) commands.resume();
      else if (!stage.isPauseRequested) commands.pause();
    },
  });
  return (
    <main className="main">
      <TrainingBar round={round} isNewest={isNewest} trained={trained} run={run} commands={commands} />
      <div className="content training" tabIndex={0} role="region" aria-label={text.region(round.number)}>
        {commands.failure !== null && (
          <Note kind="error" onPutAway={commands.putFailureAway}>
            {commands.failure}
          </Note>
        )}
        {run.kept !== null && (
          <Note kind="plain">
            <Fill text={text.kept(run.kept.step, text.keptLoss(fixed(3)(run.kept.loss)))} />
          </Note>
        )}
        <TrainingFacts round={round} run={run} rows={rows} />
        <Legend round={round.number} earlier={earlier} />
        <div className="curves">
          {CURVES.map((curve) => (
            <RunCurve key={curve.key} curve={withStart(curve, run.startLoss)} rows={rows} earlier={earlier} />
          ))}
        </div>
        <div className="training-foot">
          <Readings run={run} />
          <Checkpoints run={run} />
        </div>
        <Numbers round={round.number} rows={rows} />
      </div>
    </main>
  );
}

type Runs = { readonly rows: readonly MetricRow[]; readonly earlier: readonly EarlierRun[] };

/** The numbers of a round and of the few before it. */
function useRuns(round: number, trained: readonly RoundView[]): Runs {
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
    rows: own ?? [],
    earlier: before.map((number, i) => ({ round: number, rows: others[i] ?? [] })).filter((one) => one.rows.length > 0),
  };
}

function withStart(curve: Curve, startLoss: number | null): Curve {
  return curve.key === "loss" && startLoss !== null ? { ...curve, mark: { at: startLoss, label: text.startLoss } } : curve;
}

type RunCurveProps = { readonly curve: Curve } & Runs;

function RunCurve({ curve, rows, earlier }: RunCurveProps): ReactNode {
  const { steps, lines } = curveData(curve, rows, earlier);
  return (
    <LiveChart
      title={text.curves[curve.key]}
      metric={curve.metric}
      now={<Now curve={curve} rows={rows} />}
      label={curveSentence(curve, rows)}
      steps={steps}
      lines={lines}
      format={curve.format}
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
