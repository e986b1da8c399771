/** The rounds: the open one with its five stages and what came of it, and all others in a table. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ExperimentView, RoundView } from "#app/contract/views.ts";
import { EmptyState, Loading } from "../design/empty-state.tsx";
import { Unread } from "../design/failed.tsx";
import { count, nonBreaking } from "../design/format.ts";
import { useLab } from "../lab-client/lab-context.tsx";
import { Fill } from "../text/fill.tsx";
import { roundsText } from "../text/rounds.ts";
import { ForecastTable } from "./forecast-table.tsx";
import { GettingStarted } from "./getting-started.tsx";
import { MeasureTraining } from "./measure-training.tsx";
import { ForecastToCome, NextRound, Refusal, RoundTakes, useForecast } from "./next-round.tsx";
import { mainAction } from "./round-actions.ts";
import { RoundBar } from "./round-bar.tsx";
import { RoundNotes } from "./round-notes.tsx";
import { RoundResult } from "./round-result.tsx";
import { RoundSeries, StartRounds } from "./round-series.tsx";
import { RoundsTable } from "./rounds-table.tsx";
import { StageCard } from "./stage-card.tsx";
import { type RoundCommands, useRoundCommands } from "./use-round-commands.ts";
import { useRoundKeys } from "./use-round-keys.ts";
import "./rounds.css";

/** `openRound`: the number of the round to show; the newest without it. */
export function RoundsScreen({ openRound }: { readonly openRound: number | undefined }): ReactNode {
  const { queries } = useLab();
  const experiment = useQuery(queries.experiments.get.queryOptions());
  const rounds = useQuery(queries.rounds.list.queryOptions());
  const commands = useRoundCommands();
  useRoundKeys(experiment.data, rounds.data, commands);
  const failure = experiment.error ?? rounds.error;
  if (experiment.data === undefined || rounds.data === undefined) {
    return <Frame>{failure === null ? <Loading>{roundsText.readingRounds}</Loading> : <Unread of={[experiment, rounds]} />}</Frame>;
  }
  if (experiment.data === null) {
    return (
      <Frame>
        <GettingStarted lacks="experiment" />
      </Frame>
    );
  }
  const open = rounds.data.find((round) => round.number === openRound) ?? rounds.data.at(-1);
  return (
    <main className="main">
      <RoundBar experiment={experiment.data} rounds={rounds.data} open={open} commands={commands} />
      <div className="content rounds" tabIndex={0} role="region" aria-label={open === undefined ? roundsText.title : roundsText.round(open.number)}>
        <RoundNotes open={open} commands={commands} />
        {open === undefined ? (
          <FirstRound experiment={experiment.data} rounds={rounds.data} commands={commands} />
        ) : (
          <OpenRound experiment={experiment.data} rounds={rounds.data} open={open} commands={commands} />
        )}
      </div>
    </main>
  );
}

function Frame({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <main className="main">
      <header className="top">
        <h1>{roundsText.title}</h1>
      </header>
      <div className="content">{children}</div>
    </main>
  );
}

type OpenRoundProps = {
  readonly experiment: ExperimentView;
  readonly rounds: readonly RoundView[];
  readonly open: RoundView;
  readonly commands: RoundCommands;
};

function OpenRound({ experiment, rounds, open, commands }: OpenRoundProps): ReactNode {
  const action = mainAction(experiment, rounds);
  const { forecast, reading } = useForecast(open.isRunning);
  const isNewest = open === rounds.at(-1);
  const isRead = forecast !== undefined || reading.error !== null;
  const isForecast = forecast?.round === open.number && forecast.isStarted;
  const isAtRest = action.kind === "start" || action.kind === "resume";
  return (
    <>
      {open.recommendation !== null && <Claim sentence={open.recommendation.sentence} />}
      <h2 className="unseen">{roundsText.stages}</h2>
      <ol className="stages" aria-label={roundsText.stagesOf(open.number)}>
        {open.stages.map((stage) => (
          <StageCard
            key={stage.stage}
            stage={stage}
            round={open.number}
            isRunning={open.isRunning}
            isForecastToCome={isNewest && !open.isDone && !isRead}
            forecast={isForecast ? forecast.stages.find((one) => one.stage === stage.stage) : undefined}
          />
        ))}
      </ol>
      {action.kind === "judge" && isNewest && (
        <p className="after-stages ink-2">
          {roundsText.goesOn} <Link to="/annotate">{roundsText.judgeThem}</Link>
        </p>
      )}
      {isNewest && isAtRest && isForecast && forecast.refusal !== null && <Refusal reason={forecast.refusal} isOpen />}
      {isNewest && <RoundSeries newest={open} commands={commands} />}
      {action.kind === "none" && <GettingStarted lacks={action.lacks} folder={experiment.folder} />}
      <RoundResult round={open} confidence={experiment.config.evaluation.confidence} />
      {isNewest && !open.isDone && (isForecast ? <RoundTakes forecast={forecast} /> : <ForecastToCome forecast={forecast} reading={reading} />)}
      {isNewest && open.isDone && <NextRound forecast={forecast} reading={reading} commands={commands} />}
      {/* Not before what stands above it has its height: it would be pushed down. */}
      {rounds.length > 1 && (isRead || !isNewest) && <RoundsTable rounds={rounds} openNumber={open.number} />}
    </>
  );
}

/** A sentence longer than this is read rather than glanced at. */
const GLANCE_LENGTH = 90;

/** The one sentence that the screen exists for. */
function Claim({ sentence }: { readonly sentence: string }): ReactNode {
  return <p className={sentence.length > GLANCE_LENGTH ? "claim long" : "claim"}>{nonBreaking(sentence)}</p>;
}

type FirstRoundProps = {
  readonly experiment: ExperimentView;
  readonly rounds: readonly RoundView[];
  readonly commands: RoundCommands;
};

function FirstRound({ experiment, rounds, commands }: FirstRoundProps): ReactNode {
  const action = mainAction(experiment, rounds);
  const { forecast, reading } = useForecast(false);
  if (action.kind === "none") return <GettingStarted lacks={action.lacks} folder={experiment.folder} />;
  const { training, validation, test } = experiment.prompts;
  const policy = experiment.policies.at(-1)?.name ?? "";
  return (
    <>
      <EmptyState
        title={roundsText.first.title}
        action={<StartRounds round={1} isRefused={forecast !== undefined && forecast.refusal !== null} commands={commands} isLarge />}
      >
        <p>
          <Fill
            text={roundsText.first.sentence(count(training), count(validation + test))}
            values={{ policy: <span className="tag mono">{policy}</span> }}
          />
        </p>
      </EmptyState>
      <ForecastToCome forecast={forecast} reading={reading} />
      {forecast !== undefined && forecast.refusal !== null && <Refusal reason={forecast.refusal} />}
      {forecast !== undefined && (
        <section aria-label={roundsText.takes.willTake}>
          <div className="head">
            <h2>{roundsText.takes.willTake}</h2>
            <span className="sub">{roundsText.takes.sub}</span>
          </div>
          <ForecastTable forecast={forecast} />
          <MeasureTraining />
        </section>
      )}
    </>
  );
}
