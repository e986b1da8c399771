/** The collapse watch, round by round beside the first policy, with a plain warning where a figure has gone too far. */
import type { ReactNode } from "react";
import type { ResultOverview } from "#app/contract/result-views.ts";
import type { CollapseWatchView, WatchFigures } from "#app/contract/views.ts";
import { count, percent } from "../design/format.ts";
import { Note } from "../design/note.tsx";
import { resultsText } from "../text/results.ts";

const text = resultsText.watch;

export function WatchTable({ results }: { readonly results: ResultOverview }): ReactNode {
  const { watch } = results;
  const [first] = watch;
  if (first === undefined) return null;
  const newest = watch.at(-1);
  return (
    <section aria-label={text.title}>
      <div className="head">
        <h2>{text.title}</h2>
        <span className="sub">{text.sub}</span>
      </div>
      {newest?.warnings.map((warning) => (
        <Note key={warning} kind="notice">
          <b>{text.warns(newest.now.policy)}</b> {warning}
        </Note>
      ))}
      <div className="scroller" tabIndex={0} role="region" aria-label={resultsText.export.tableOf(text.title)}>
        <table className="table policy-figures">
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
            <WatchRow figures={first.first} isFirst />
            {watch.map((one) => (
              <WatchRow key={one.round} figures={one.now} watch={one} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="small-text ink-3">{text.note}</p>
    </section>
  );
}

type RowProps = { readonly figures: WatchFigures; readonly isFirst?: boolean; readonly watch?: CollapseWatchView };

function WatchRow({ figures, isFirst = false, watch }: RowProps): ReactNode {
  const { policy, klNats, klStandardError, klNatsPerToken, entropyNatsPerToken, distinct, finishedShare, meanTokens, perplexity, responses } =
    figures;
  const [, , distinct3] = distinct;
  const warnings = watch?.warnings.length ?? 0;
  return (
    <tr>
      <td className="no-wrap">
        <span className="tag mono">{policy}</span> <span className="ink-3">{isFirst ? text.first : warnings > 0 ? text.warnings(warnings) : ""}</span>
      </td>
      <td className="number no-wrap">
        {isFirst ? "" : klNats.toFixed(2)} {!isFirst && klStandardError !== null && <span className="ink-3">± {klStandardError.toFixed(2)}</span>}
      </td>
      <td className="number">{isFirst ? "" : klNatsPerToken.toFixed(3)}</td>
      <td className="number">{entropyNatsPerToken.toFixed(3)}</td>
      <td className="number">{distinct3 === null ? "" : distinct3.toFixed(3)}</td>
      <td className="number">{percent(finishedShare)} %</td>
      <td className="number">{meanTokens.toFixed(1)}</td>
      <td className="number">{perplexity.toFixed(2)}</td>
      <td className="number">{count(responses)}</td>
    </tr>
  );
}
