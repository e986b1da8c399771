/** The round that comes next: what differs from the one before, what it takes, and the one button that starts it. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ForecastView } from "#app/contract/forecast.ts";
import { Loading } from "../design/empty-state.tsx";
import { Note } from "../design/note.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { Fill } from "../text/fill.tsx";
import { roundsText as text } from "../text/rounds.ts";
import { ForecastTable } from "./forecast-table.tsx";
import { MeasureTraining } from "./measure-training.tsx";
import { StartRounds } from "./round-series.tsx";
import type { RoundCommands } from "./use-round-commands.ts";

/** While a round runs, what is left changes by itself. */
const READ_AGAIN_MS = 3000;

export function useForecast(isRunning: boolean): { readonly forecast: ForecastView | undefined; readonly failure: string | null } {
  const { queries } = useLab();
  const { data, error } = useQuery({ ...queries.rounds.forecast.queryOptions(), refetchInterval: isRunning ? READ_AGAIN_MS : false });
  return { forecast: data, failure: error === null ? null : sentenceOf(error) };
}

/** For the round that runs or rests. */
export function RoundTakes({ forecast }: { readonly forecast: ForecastView }): ReactNode {
  return (
    <section aria-label={text.takes.title}>
      <div className="head">
        <h2>{text.takes.title}</h2>
        <span className="sub">{text.takes.sub}</span>
      </div>
      <ForecastTable forecast={forecast} />
    </section>
  );
}

export type ForecastToComeProps = { readonly forecast: ForecastView | undefined; readonly failure: string | null };

/** What stands in the place of a forecast that is read, or that failed. */
export function ForecastToCome({ forecast, failure }: ForecastToComeProps): ReactNode {
  if (failure !== null) return <Note kind="error">{failure}</Note>;
  return forecast === undefined ? <Loading>{text.reading}</Loading> : null;
}

/** Why the next round cannot be started as things are. */
export function Refusal({ reason }: { readonly reason: string }): ReactNode {
  return (
    <Note kind="notice">
      <Fill text={text.next.refused} values={{ reason: sentenceOf(new Error(reason)) }} />
    </Note>
  );
}

export type NextRoundProps = { readonly forecast: ForecastView | undefined; readonly failure: string | null; readonly commands: RoundCommands };

export function NextRound({ forecast, failure, commands }: NextRoundProps): ReactNode {
  if (failure !== null || forecast === undefined) return <ForecastToCome forecast={forecast} failure={failure} />;
  const { round, changes, refusal } = forecast;
  return (
    <section className="panel next-round" aria-label={text.next.title(round)}>
      <div className="head">
        <h2>{text.next.title(round)}</h2>
        {round > 1 && <span className="sub">{text.next.changes(round - 1, changes.length)}</span>}
        <div className="actions">
          <StartRounds round={round} isRefused={refusal !== null} commands={commands} />
        </div>
      </div>
      {refusal !== null && <Refusal reason={refusal} />}
      {changes.length > 0 && (
        <dl className="changes">
          {changes.map((change) => (
            <div key={change.name}>
              <dt>{change.name}</dt>
              <dd>
                {change.to ?? text.nothing}
                {change.from !== null && <span className="ink-3"> {text.next.was(change.from)}</span>}
              </dd>
              <dd className="ink-3">{change.remark}</dd>
            </div>
          ))}
        </dl>
      )}
      <ForecastTable forecast={forecast} />
      <MeasureTraining />
    </section>
  );
}
