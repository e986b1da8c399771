/** The round that comes next: what differs from the one before, what it takes, and the one button that starts it. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ForecastView } from "#app/contract/forecast.ts";
import { Loading } from "../design/empty-state.tsx";
import { type Reading, Unread } from "../design/failed.tsx";
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

export type ForecastToComeProps = { readonly forecast: ForecastView | undefined; readonly reading: Reading };

export function useForecast(isRunning: boolean): ForecastToComeProps {
  const { queries } = useLab();
  const reading = useQuery({ ...queries.rounds.forecast.queryOptions(), refetchInterval: isRunning ? READ_AGAIN_MS : false });
  return { forecast: reading.data, reading };
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

/** What stands in the place of a forecast that is read, or that failed. */
export function ForecastToCome({ forecast, reading }: ForecastToComeProps): ReactNode {
  if (reading.error !== null) return <Unread of={[reading]} />;
  return forecast === undefined ? <Loading>{text.reading}</Loading> : null;
}

/** Why the next round cannot be started as things are, or the open one not gone on with. */
export function Refusal({ reason, isOpen = false }: { readonly reason: string; readonly isOpen?: boolean }): ReactNode {
  return (
    <Note kind="notice">
      <Fill text={isOpen ? text.next.cannotGoOn : text.next.refused} values={{ reason: sentenceOf(new Error(reason)) }} />
    </Note>
  );
}

export type NextRoundProps = ForecastToComeProps & { readonly commands: RoundCommands };

export function NextRound({ forecast, reading, commands }: NextRoundProps): ReactNode {
  if (reading.error !== null || forecast === undefined) return <ForecastToCome forecast={forecast} reading={reading} />;
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
