/** Several rounds one after the other: how many to start, what is still to come, and an earlier or a later end. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import type { RoundSeriesView } from "#app/contract/rounds.ts";
import type { RoundView } from "#app/contract/views.ts";
import { Button } from "../design/button.tsx";
import { Note } from "../design/note.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { Fill } from "../text/fill.tsx";
import { designText } from "../text/design.ts";
import { roundsText } from "../text/rounds.ts";
import type { RoundCommands } from "./use-round-commands.ts";

const text = roundsText.series;
const MAX_ROUNDS = 100;

export type StartRoundsProps = { readonly round: number; readonly isRefused: boolean; readonly commands: RoundCommands; readonly isLarge?: boolean };

/** The one button that starts the next round, or so many of them as stand in the field beside it. */
export function StartRounds({ round, isRefused, commands, isLarge = false }: StartRoundsProps): ReactNode {
  const [wanted, setWanted] = useState("1");
  const fieldId = useId();
  const rounds = Number(wanted);
  const isUsable = Number.isInteger(rounds) && rounds >= 1 && rounds <= MAX_ROUNDS;
  const label = rounds === 1 || !isUsable ? roundsText.next.start(round) : text.start(round, round + rounds - 1);
  return (
    <div className="start-rounds">
      <label className="ink-2" htmlFor={fieldId}>
        {text.field}
      </label>
      <input
        id={fieldId}
        className="field"
        type="number"
        min={1}
        max={MAX_ROUNDS}
        value={wanted}
        onChange={(event) => {
          setWanted(event.currentTarget.value);
        }}
      />
      <Button
        className={isLarge ? "btn primary large" : "btn primary"}
        busy={commands.isStarting}
        doing={roundsText.next.starting}
        why={isRefused ? roundsText.next.refusedBelow : !isUsable && text.wrongNumber(MAX_ROUNDS)}
        onClick={() => {
          commands.startRounds(rounds);
        }}
      >
        {label}
      </Button>
    </div>
  );
}

/** What follows the newest round: the rest of what was asked for with how to end it, or the offer to let one more follow. */
export function RoundSeries({ newest, commands }: { readonly newest: RoundView; readonly commands: RoundCommands }): ReactNode {
  const { queries } = useLab();
  const queryClient = useQueryClient();
  const { data: series } = useQuery(queries.rounds.series.queryOptions());
  const change = useMutation(
    queries.rounds.setLast.mutationOptions({ onSettled: () => queryClient.invalidateQueries({ queryKey: queries.rounds.key() }) }),
  );
  const setLast = (round: number): void => {
    change.mutate({ round });
  };
  // Its line is there before its words: what stands below does not move.
  if (series === undefined) return newest.isDone ? null : <p className="after-stages series ink-3">{text.reading}</p>;
  if (series === null && newest.isDone) return null;
  return (
    <>
      {change.error !== null && <Note kind="error">{sentenceOf(change.error)}</Note>}
      {series === null ? (
        <p className="after-stages series ink-2">
          {text.alone}{" "}
          <Button className="btn quiet" why={change.isPending && designText.underWay} onClick={() => setLast(newest.number + 1)}>
            {text.follow(newest.number + 1)}
          </Button>
        </p>
      ) : (
        <OpenSeries series={series} newest={newest} commands={commands} isChanging={change.isPending} setLast={setLast} />
      )}
    </>
  );
}

type OpenSeriesProps = {
  readonly series: RoundSeriesView;
  readonly newest: RoundView;
  readonly commands: RoundCommands;
  readonly isChanging: boolean;
  readonly setLast: (round: number) => void;
};

function OpenSeries({ series, newest, commands, isChanging, setLast }: OpenSeriesProps): ReactNode {
  const toCome = series.lastRound - newest.number;
  const why = isChanging && designText.underWay;
  const end = (
    <Button className="btn quiet" why={why} onClick={() => setLast(newest.number)}>
      {newest.isDone ? text.endNow : text.endHere(newest.number)}
    </Button>
  );
  if (!newest.isDone)
    return toCome <= 0 ? null : (
      <p className="after-stages series ink-2">
        {text.toCome(newest.number, toCome)} {end}{" "}
        <Button className="btn quiet" why={why} onClick={() => setLast(series.lastRound + 1)}>
          {text.oneMore}
        </Button>
      </p>
    );
  return (
    <Note kind="notice">
      <Fill
        text={series.problem === null ? text.resting : text.stopped}
        values={{ first: newest.number + 1, last: series.lastRound, reason: sentenceOf(series.problem ?? "") }}
      />{" "}
      <Button className="btn" busy={commands.isStarting} doing={roundsText.next.starting} onClick={commands.resume}>
        {text.goOn}
      </Button>{" "}
      {end}
    </Note>
  );
}
