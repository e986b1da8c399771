/** The collapse watch, round by round beside the first policy, with a plain warning where a figure has gone too far. */
import type { ReactNode } from "react";
import { duelBetween, resultTables } from "#app/contract/result-tables.ts";
import type { ResultOverview } from "#app/contract/result-views.ts";
import type { CollapseWatchView, WatchFigures } from "#app/contract/views.ts";
import { count, fixed, percent } from "../design/format.ts";
import { Note } from "../design/note.tsx";
import { useWalk } from "../design/walk-cells.ts";
import { resultsText } from "../text/results.ts";
import { AnswersLink } from "./answers-link.tsx";
import { FigureTools } from "./figure-tools.tsx";

const text = resultsText.watch;

export function WatchTable({ results }: { readonly results: ResultOverview }): ReactNode {
  const { watch } = results;
  const walk = useWalk();
  const [first] = watch;
  if (first === undefined) return null;
  const newest = watch.at(-1);
  const table = resultTables(results).find(({ id }) => id === "collapse-watch");
  return (
    <section aria-label={text.title}>
      <div className="head">
        <h2>{text.title}</h2>
        <span className="sub">{text.sub}</span>
        <FigureTools title={text.title} fileName="collapse-watch" table={table ?? { columns: [], rows: [] }} />
      </div>
      {newest?.warnings.map((warning) => (
        <Note key={warning} kind="notice">
          <b>{text.warns(newest.now.policy)}</b> {warning}
        </Note>
      ))}
      <div className="scroller" tabIndex={0} role="region" aria-label={resultsText.export.tableOf(text.title)}>
        <table className="table policy-figures" {...walk}>
          <thead>
            <tr>
              {Object.entries(text.columns).map(([key, title]) => (
                <th key={key} className={key === "policy" ? undefined : "number"}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <WatchRow results={results} figures={first.first} beside={newest?.now.policy ?? first.now.policy} isFirst />
            {watch.map((one) => (
              <WatchRow key={one.round} results={results} figures={one.now} beside={first.first.policy} watch={one} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="small-text ink-3">{text.note}</p>
    </section>
  );
}

type RowProps = {
  readonly results: ResultOverview;
  readonly figures: WatchFigures;
  /** Of the newest round's policy: what the first policy's own numbers lead to beside it. */
  readonly beside: string;
  readonly isFirst?: boolean;
  readonly watch?: CollapseWatchView;
};

function WatchRow({ results, figures, beside, isFirst = false, watch }: RowProps): ReactNode {
  const { policy } = figures;
  const warnings = watch?.warnings.length ?? 0;
  // Where the two have not met there are no answers to lead to.
  const isMet = duelBetween(results, policy, beside) !== undefined;
  return (
    <tr>
      <td className="no-wrap">
        <span className="tag mono">{policy}</span> <span className="ink-3">{isFirst ? text.first : warnings > 0 ? text.warnings(warnings) : ""}</span>
      </td>
      {numbersOf(figures, isFirst).map(([column, number, error]) => (
        <td className="number no-wrap" key={column}>
          {number === "" || !isMet ? (
            number
          ) : (
            <AnswersLink results={results} first={policy} second={beside}>
              {number}
              <span className="unseen">{resultsText.winRates.open(policy, beside)}</span>
            </AnswersLink>
          )}
          {error !== undefined && <span className="ink-3"> ± {error}</span>}
        </td>
      ))}
    </tr>
  );
}

/** Column, number and its standard error, in the order of the columns; the first policy has no distance to itself. */
function numbersOf(figures: WatchFigures, isFirst: boolean): readonly (readonly [column: string, number: string, error?: string])[] {
  const { klNats, klStandardError, klNatsPerToken, entropyNatsPerToken, distinct, finishedShare, meanTokens, perplexity, responses } = figures;
  const [, , distinct3] = distinct;
  const kl = isFirst ? "" : fixed(2)(klNats);
  return [
    isFirst || klStandardError === null ? ["kl", kl] : ["kl", kl, fixed(2)(klStandardError)],
    ["klToken", isFirst ? "" : fixed(3)(klNatsPerToken)],
    ["entropy", fixed(3)(entropyNatsPerToken)],
    ["distinct", distinct3 === null ? "" : fixed(3)(distinct3)],
    ["finished", `${percent(finishedShare)} %`],
    ["tokens", fixed(1)(meanTokens)],
    ["perplexity", fixed(2)(perplexity)],
    ["responses", count(responses)],
  ];
}
