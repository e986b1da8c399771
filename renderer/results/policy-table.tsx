/** Policies and the teacher: worst case, share in the mixture, rating, and the signs of a collapse in what they write. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { FEW_PROMPTS, duelBetween, isUnclear, resultTables } from "#app/contract/result-tables.ts";
import type { PlayerView, ResultOverview } from "#app/contract/result-views.ts";
import { fixed } from "#app/text/language.ts";
import { count, percent } from "../design/format.ts";
import { Whisker } from "../design/whisker.tsx";
import { useWalk } from "../design/walk-cells.ts";
import { resultsText } from "../text/results.ts";
import { AnswersLink } from "./answers-link.tsx";
import { intervalText, opponentOf } from "./duel-text.ts";
import { FigureTools } from "./figure-tools.tsx";

const text = resultsText.policies;

export function PolicyTable({ results }: { readonly results: ResultOverview }): ReactNode {
  const { columns } = text;
  const [, , table] = resultTables(results);
  const walk = useWalk();
  return (
    <section aria-label={text.title}>
      <div className="head">
        <h2>{text.title}</h2>
        <span className="sub">{text.sub}</span>
        <FigureTools title={text.title} fileName="policies" table={table ?? { columns: [], rows: [] }} />
      </div>
      <div className="scroller" tabIndex={0} role="region" aria-label={resultsText.export.tableOf(text.title)}>
        <table className="table policy-figures" {...walk}>
          <thead>
            <tr>
              <th>{columns.policy}</th>
              <th>{columns.worst}</th>
              <th className="number">{columns.mixture}</th>
              <th className="number">{columns.rating}</th>
              <th className="number">{columns.tokens}</th>
              <th className="number">{columns.finished}</th>
              <th className="number">{columns.repetitive}</th>
              <th className="number">{columns.distinct}</th>
              <th className="number">{columns.nats}</th>
            </tr>
          </thead>
          <tbody>
            {results.players.map((player) => (
              <PolicyRow key={player.name} player={player} results={results} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="small-text ink-3">
        {text.watchNote} {text.ratingNote}
      </p>
    </section>
  );
}

function PolicyRow({ player, results }: { readonly player: PlayerView; readonly results: ResultOverview }): ReactNode {
  const { name, kind } = player;
  return (
    <tr>
      <td className="no-wrap">
        <PolicyName name={name} isTeacher={kind === "teacher"} />{" "}
        {results.choice?.recommended === name && <span className="tag chosen-tag">{text.recommended}</span>}
      </td>
      <td className="no-wrap">
        <WorstCase player={player} results={results} />
      </td>
      {figuresOf(player).map(({ column, figure }) => (
        <td className="number" key={column}>
          {figure !== "" && (
            <Behind player={player} results={results}>
              {figure}
            </Behind>
          )}
        </td>
      ))}
    </tr>
  );
}

type Figure = { readonly column: string; readonly figure: string };

/** In the order of the columns; empty where there is none. */
function figuresOf({ traits, mixtureShare, rating, kind }: PlayerView): readonly Figure[] {
  const { columns } = text;
  // A teacher's texts were never tokens of ours.
  const ofPolicy = (figure: string): string => (kind === "teacher" ? "" : figure);
  return [
    { column: columns.mixture, figure: mixtureShare === null ? "" : `${percent(mixtureShare)} %` },
    { column: columns.rating, figure: rating === null ? "" : count(rating.rating) },
    { column: columns.tokens, figure: ofPolicy(fixed(traits.meanTokens, 1)) },
    { column: columns.finished, figure: ofPolicy(`${percent(traits.finishedShare)} %`) },
    { column: columns.repetitive, figure: ofPolicy(`${percent(traits.repetitiveShare)} %`) },
    { column: columns.distinct, figure: traits.distinctPairs === null ? "" : fixed(traits.distinctPairs, 3) },
    { column: columns.nats, figure: traits.natsPerToken === null ? "" : fixed(traits.natsPerToken, 3) },
  ];
}

type BehindProps = { readonly player: PlayerView; readonly results: ResultOverview; readonly children: string };

/** A number of a player leads to its responses, beside those of the opponent who suits it least; without one it is a number alone. */
function Behind({ player, results, children }: BehindProps): ReactNode {
  const { name } = player;
  const second = opponentOf(results, player);
  if (second === undefined) return children;
  return (
    <AnswersLink results={results} first={name} second={second}>
      {children}
      <span className="unseen">{resultsText.winRates.open(name, second)}</span>
    </AnswersLink>
  );
}

/** Leads to the policy itself: its files, its lineage, one prompt to try. */
function PolicyName({ name, isTeacher }: { readonly name: string; readonly isTeacher: boolean }): ReactNode {
  if (isTeacher) return <span className="tag mono">{name}</span>;
  return (
    <Link className="tag mono" to="/policies" search={{ policy: name }}>
      {name}
    </Link>
  );
}

function WorstCase({ player: { name, worstCase }, results }: { readonly player: PlayerView; readonly results: ResultOverview }): ReactNode {
  if (worstCase === null) return null;
  const n = duelBetween(results, name, worstCase.opponent)?.n ?? 0;
  return (
    <AnswersLink className="estimate figures" results={results} first={name} second={worstCase.opponent}>
      <Whisker low={worstCase.low} point={worstCase.winRate} high={worstCase.high} isUnsure={n < FEW_PROMPTS || isUnclear({ ...worstCase, n })} />
      <span>
        <span className="strong">{percent(worstCase.winRate)} %</span> <span className="ink-3">{intervalText(worstCase)}</span>{" "}
        <span className="ink-3">{text.against(worstCase.opponent, worstCase.met, worstCase.opponents)}</span>
        <span className="unseen">{resultsText.winRates.open(name, worstCase.opponent)}</span>
      </span>
    </AnswersLink>
  );
}
