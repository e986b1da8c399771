/** How far raters agree, counted when it is asked for: it reads all judgments. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { fixed } from "#app/text/language.ts";
import { Button } from "../design/button.tsx";
import { count, percent } from "../design/format.ts";
import { useWalk } from "../design/walk-cells.ts";
import { Note } from "../design/note.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { Fill } from "../text/fill.tsx";
import { resultsText } from "../text/results.ts";
import { FigureTools } from "./figure-tools.tsx";

const text = resultsText.agreement;

export function Agreement(): ReactNode {
  const { queries } = useLab();
  const [isWanted, setIsWanted] = useState(false);
  const found = useQuery({ ...queries.results.agreement.queryOptions(), enabled: isWanted });
  const { data } = found;
  const walk = useWalk();
  const table = {
    columns: ["first", "second", "n", "share", "share_low", "share_high", "kappa", "kappa_low", "kappa_high"],
    rows: (data?.pairs ?? []).map((pair) => [
      pair.first,
      pair.second,
      pair.n,
      pair.share,
      pair.shareLow,
      pair.shareHigh,
      pair.kappa,
      pair.kappaLow,
      pair.kappaHigh,
    ]),
  };
  return (
    <section aria-label={text.title}>
      <div className="head">
        <h2>{text.title}</h2>
        <span className="sub">{text.sub}</span>
        {data !== undefined && data.pairs.length > 0 && <FigureTools title={text.title} fileName="agreement" table={table} />}
      </div>
      {data === undefined && (
        <Button
          className="btn"
          busy={found.isFetching}
          doing={text.counting}
          onClick={() => {
            if (found.isError) void found.refetch();
            setIsWanted(true);
          }}
        >
          {text.count}
        </Button>
      )}
      {data !== undefined && (
        <p className="unseen" role="status" tabIndex={-1} ref={toCounted}>
          {text.counted(data.pairs.length)}
        </p>
      )}
      {found.error !== null && <Note kind="error">{sentenceOf(found.error)}</Note>}
      {data?.pairs.length === 0 && <p className="ink-2">{text.none}</p>}
      {data !== undefined && data.pairs.length > 0 && (
        <>
          <table className="table" {...walk}>
            <thead>
              <tr>
                <th>{text.columns.raters}</th>
                <th>{text.columns.share}</th>
                <th>{text.columns.kappa}</th>
                <th className="number">{text.columns.n}</th>
              </tr>
            </thead>
            <tbody>
              {data.pairs.map((pair) => (
                <tr key={`${pair.first} ${pair.second}`}>
                  <td>
                    <Fill text={text.raters} values={{ first: pair.first, second: pair.second }} />
                  </td>
                  <td className="figures">
                    <JudgmentsLink first={pair.first} second={pair.second}>
                      <span className="strong">{percent(pair.share)} %</span>{" "}
                      <span className="ink-3">
                        {percent(pair.shareLow)}–{percent(pair.shareHigh)}
                      </span>
                    </JudgmentsLink>
                  </td>
                  <td className="figures">
                    {pair.kappa === null ? (
                      <span className="ink-3">{text.undefinedKappa}</span>
                    ) : (
                      <JudgmentsLink first={pair.first} second={pair.second}>
                        <span className="strong">{fixed(pair.kappa, 2)}</span>{" "}
                        <span className="ink-3">
                          {pair.kappaLow === null ? "" : fixed(pair.kappaLow, 2)}–{pair.kappaHigh === null ? "" : fixed(pair.kappaHigh, 2)}
                        </span>
                      </JudgmentsLink>
                    )}
                  </td>
                  <td className="number">
                    <JudgmentsLink first={pair.first} second={pair.second}>
                      {count(pair.n)}
                    </JudgmentsLink>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {data.alpha !== null && (
            <p className="small-text ink-3">
              <Link className="answers-link" to="/judgments" search={{}}>
                {text.alpha(fixed(data.alpha.value, 2), fixed(data.alpha.low, 2), fixed(data.alpha.high, 2), data.alpha.units)}
              </Link>
            </p>
          )}
        </>
      )}
    </section>
  );
}

/** The button that was pressed is gone: the focus goes to what came of it. */
function toCounted(element: HTMLElement | null): void {
  if (document.activeElement === document.body || document.activeElement === null) element?.focus({ preventScroll: true });
}

type JudgmentsLinkProps = { readonly first: string; readonly second: string; readonly children: ReactNode };

/** The judgments that a figure was counted from. */
function JudgmentsLink({ first, second, children }: JudgmentsLinkProps): ReactNode {
  return (
    <Link className="answers-link" to="/judgments" search={{ raters: [first, second] }}>
      {children}
      <span className="unseen">{text.open(first, second)}</span>
    </Link>
  );
}
