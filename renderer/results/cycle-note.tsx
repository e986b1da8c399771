/** A ring of clear preferences, drawn and said; or that there is none. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { duelBetween } from "#app/contract/result-tables.ts";
import type { ResultOverview } from "#app/contract/result-views.ts";
import { list } from "#app/text/language.ts";
import { nonBreaking, percent } from "../design/format.ts";
import { Fill } from "../text/fill.tsx";
import { resultsText } from "../text/results.ts";
import { AnswersLink } from "./answers-link.tsx";
import { opponentOf } from "./duel-text.ts";

const text = resultsText.cycle;

export type CycleNoteProps = {
  readonly results: ResultOverview;
  /** Whether the way to the explanation is shown; the explanation itself has none. */
  readonly isExplained?: boolean;
};

export function CycleNote({ results, isExplained = false }: CycleNoteProps): ReactNode {
  const { cycles } = results;
  const [ring, ...others] = cycles.clear;
  if (ring === undefined) {
    return (
      <>
        {cycles.triplesMeasured > 0 && <p className="small-text ink-3 no-cycle">{text.none(cycles.triples, cycles.triplesMeasured)}</p>}
        <CirclesNote results={results} hasLink={!isExplained} />
      </>
    );
  }
  return (
    <div className="cycle">
      <Ring names={ring.players} />
      <div>
        <p>
          <b>{text.lead}</b> <RingText results={results} ring={ring.players} />. {text.tail} {others.length > 0 && text.others(others.length)}
        </p>
        <MixtureText results={results} />
        <CirclesNote results={results} hasLink={false} />
        {!isExplained && (
          <p>
            <Link to="/results/cycles">{text.more}</Link>
          </p>
        )}
      </div>
    </div>
  );
}

/** Circles among the answers to one prompt: stands out only where no score explains the verdicts. */
function CirclesNote({ results, hasLink }: { readonly results: ResultOverview; readonly hasLink: boolean }): ReactNode {
  const { verdict, sentence, circular } = results.circles;
  const isBeyond = verdict === "noScore";
  // The page opens with it where it bears on the choice.
  const isSaid = hasLink && results.choice?.reason.includes(sentence) === true;
  return (
    <p className={isBeyond ? "circles" : "small-text ink-3 no-cycle"}>
      {isSaid ? text.circles : nonBreaking(sentence)}
      {circular.cases > 0 && (
        <>
          {" "}
          <Link to="/judgments" search={{}}>
            {text.verdicts}
          </Link>
        </>
      )}
      {isBeyond && hasLink && (
        <>
          {" "}
          <Link to="/results/cycles">{text.more}</Link>
        </>
      )}
    </p>
  );
}

/** "r4 beats r2 (60.1), r2 beats r5 (58.9) and r5 beats r4 (55.2)", each the way to its answers. */
function RingText({ results, ring }: { readonly results: ResultOverview; readonly ring: readonly string[] }): ReactNode {
  const steps = ring.map((winner, i) => {
    const loser = ring[(i + 1) % ring.length] ?? winner;
    const words = text.step(winner, loser, percent(duelBetween(results, winner, loser)?.winRate ?? 0.5));
    return { words, first: winner, second: loser };
  });
  return <LinkedList results={results} items={steps} />;
}

export function MixtureText({ results }: { readonly results: ResultOverview }): ReactNode {
  if (results.mixture === null) return null;
  const items = results.players.flatMap((player) => {
    const { name, mixtureShare } = player;
    if (mixtureShare === null || mixtureShare === 0) return [];
    return [{ words: text.share(name, percent(mixtureShare)), first: name, second: opponentOf(results, player) }];
  });
  if (items.length < 2) return null;
  const limit = percent(results.mixture.exploitability.high);
  return (
    <p className="mixture">
      <Fill text={text.mixture} values={{ shares: <LinkedList results={results} items={items} />, limit }} />
    </p>
  );
}

type LinkedListProps = {
  readonly results: ResultOverview;
  /** `second`: undefined where there are no answers to lead to. */
  readonly items: readonly { readonly words: string; readonly first: string; readonly second: string | undefined }[];
};

/** "a, b and c", each of them a link. */
function LinkedList({ results, items }: LinkedListProps): ReactNode {
  const values = Object.fromEntries(
    items.map(({ words, first, second }, i) => [
      `item${i}`,
      second === undefined ? (
        words
      ) : (
        <AnswersLink results={results} first={first} second={second} className="in-sentence">
          {nonBreaking(words)}
          <span className="unseen">{resultsText.winRates.open(first, second)}</span>
        </AnswersLink>
      ),
    ]),
  );
  return <Fill text={list(items.map((_, i) => `{item${i}}`))} values={values} />;
}

const [SIZE, RADIUS, LETTERS] = [120, 42, 12];
/** As it is drawn at the usual size of text. */
const SIZE_ON_PAGE = "7.5rem";
/** How far an arrow stays from the middle of a name, in px, and how much further for each letter beside it. */
const [INSET, LETTER] = [12, 3.4];
/** An arrow keeps at least a tenth of its way. */
const MOST_INSET = 0.45;

function Ring({ names }: { readonly names: readonly string[] }): ReactNode {
  const place = (i: number, radius = RADIUS): readonly [number, number] => {
    const angle = (2 * Math.PI * i) / names.length - Math.PI / 2;
    return [SIZE / 2 + radius * Math.cos(angle), SIZE / 2 + radius * Math.sin(angle)];
  };
  const arrow = (i: number): string => {
    const next = (i + 1) % names.length;
    const [from, to] = [place(i), place(next)];
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const length = Math.hypot(dx, dy);
    const at = (share: number): string => `${(from[0] + share * dx).toFixed(1)} ${(from[1] + share * dy).toFixed(1)}`;
    // A name is wide and low: an arrow that comes from the side has to stay further away.
    const inset = (name = ""): number =>
      Math.min(MOST_INSET, (INSET + (Math.abs(dx) / length) ** 2 * Math.max(0, LETTER * name.length - INSET / 2)) / length);
    return `M${at(inset(names[i]))}L${at(1 - inset(names[next]))}`;
  };
  return (
    <svg
      className="ring"
      width={SIZE_ON_PAGE}
      height={SIZE_ON_PAGE}
      viewBox={`0 0 ${SIZE} ${SIZE}`}
      role="img"
      aria-label={text.ring(names.join(", "))}
    >
      <defs>
        <marker id="ring-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path d="M1 1 7 4 1 7" />
        </marker>
      </defs>
      {names.map((name, i) => {
        const [x, y] = place(i, RADIUS + 4);
        return (
          <g key={name}>
            <path d={arrow(i)} markerEnd="url(#ring-arrow)" />
            <text x={x} y={y} fontSize={LETTERS} textAnchor="middle" dominantBaseline="middle">
              {name}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
