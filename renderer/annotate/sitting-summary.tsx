/** The end of a sitting: what was judged, how it agrees with itself, and what is worth a second look. */
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import type { QueueSource, ShownVerdict, SittingSummary } from "#app/contract/queue.ts";
import { nouns } from "#app/text/nouns.ts";
import { EmptyState, Loading } from "../design/empty-state.tsx";
import { Failed } from "../design/failed.tsx";
import { clockTime, count, counted, duration, percent } from "../design/format.ts";
import { KeyCap } from "../design/key-cap.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { annotateText } from "../text/annotate.ts";
import { endSitting, openSitting } from "./open-sitting.ts";
import { type Share, ShareLine } from "./share-line.tsx";
import { agreementSentence, leftFor, restSentence, wayOn } from "./summary-sentences.ts";

const text = annotateText.summary;

export type SittingSummaryProps = {
  readonly experimentId: string;
  readonly author: string;
  readonly source: QueueSource;
  readonly onMore: () => void;
};

type Ended = { readonly summary: SittingSummary | null } | { readonly problem: unknown };

export function SittingSummaryScreen({ experimentId, author, source, onMore }: SittingSummaryProps): ReactNode {
  const lab = useLab();
  const [{ sitting }] = useState(() => openSitting(lab, experimentId, author, source));
  const unsent = useSyncExternalStore(sitting.subscribe, () => sitting.state().unsent.length);
  const [ended, setEnded] = useState<Ended | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isHere = true;
    endSitting(lab, experimentId, author).then(
      (summary) => {
        if (isHere) setEnded({ summary });
      },
      (thrown: unknown) => {
        if (isHere) setEnded({ problem: thrown });
      },
    );
    return () => {
      isHere = false;
    };
  }, [lab, experimentId, author, attempt]);
  return (
    <main className="main">
      <header className="top">
        <h1>{annotateText.title}</h1>
        <span className="crumb">{text.crumb}</span>
      </header>
      <div className="content sitting-summary">
        {ended === null ? (
          <>
            <Loading>{unsent === 0 ? annotateText.asking : text.waits(unsent)}</Loading>
            <Back onMore={onMore} />
          </>
        ) : "problem" in ended ? (
          <>
            <Failed
              error={ended.problem}
              onAgain={() => {
                setEnded(null);
                setAttempt((now) => now + 1);
              }}
            />
            <Back onMore={onMore} />
          </>
        ) : ended.summary === null || ended.summary.judged + ended.summary.skipped === 0 ? (
          <NothingJudged way={wayOn(source, ended.summary === null ? 0 : leftFor(source, ended.summary))} onMore={onMore} />
        ) : (
          <Summary summary={ended.summary} source={source} onMore={onMore} />
        )}
      </div>
    </main>
  );
}

function Back({ onMore }: Pick<SittingSummaryProps, "onMore">): ReactNode {
  return (
    <p>
      <button type="button" className="btn" onClick={onMore}>
        {text.again}
      </button>
    </p>
  );
}

type Way = { readonly way: string; readonly onMore: () => void };

function NothingJudged({ way, onMore }: Way): ReactNode {
  return (
    <EmptyState title={text.nothing} action={<WaysOn way={way} onMore={onMore} />}>
      <p>{text.nothingSentence}</p>
    </EmptyState>
  );
}

function WaysOn({ way, onMore }: Way): ReactNode {
  return (
    <div className="row">
      <button type="button" className="btn primary large" autoFocus onClick={onMore}>
        {way} <KeyCap keys={["Enter"]} />
      </button>
      <Link to="/rounds" className="btn large">
        {text.back}
      </Link>
    </div>
  );
}

type SummaryProps = { readonly summary: SittingSummary; readonly source: QueueSource; readonly onMore: () => void };

function Summary({ summary, source, onMore }: SummaryProps): ReactNode {
  const { author, startedAtMs, endedAtMs, judged, skipped, marks } = summary;
  return (
    <>
      <p className="small-text ink-3">{text.of(author, clockTime(startedAtMs), clockTime(endedAtMs ?? startedAtMs))}</p>
      <p className="claim">{text.claim(counted(judged, nouns.comparisons), skipped)}</p>
      <p className="ink-2 sentence">{agreementSentence(summary)}</p>
      <Figures summary={summary} />
      <section>
        <div className="head">
          <h2>{text.marks}</h2>
          <span className="sub">{text.marksNote}</span>
        </div>
        <Marks marks={marks} />
      </section>
      <div className="summary-columns">
        <SecondLook rows={summary.secondLook} />
        <Changes summary={summary} source={source} onMore={onMore} />
      </div>
    </>
  );
}

function interval({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${Math.round(100 * low)}–${Math.round(100 * high)}`;
}

function Figures({ summary }: { readonly summary: SittingSummary }): ReactNode {
  const { pace, repeats, controls, left } = summary;
  return (
    <div className="figure-row">
      <Figure title={text.pace} figure={pace && duration(pace.medianMs)} note={pace && text.paceNote(duration(pace.lowMs), duration(pace.highMs))} />
      <Figure
        title={text.self}
        figure={repeats && `${Math.round((100 * repeats.hits) / repeats.n)} %`}
        note={repeats && text.selfNote(repeats.hits, repeats.n, interval(repeats))}
        share={repeats}
      />
      <Figure
        title={text.knownTitle}
        figure={controls && text.knownFigure(controls.hits, controls.n)}
        note={controls && text.knownNote(interval(controls))}
        share={controls}
      />
      <Figure
        title={text.side}
        figure={left && text.sideFigure(percent(left.hits / left.n))}
        note={left && text.sideNote(left.n, interval(left), left.low > 0.5 || left.high < 0.5)}
        share={left}
        hasMiddle
      />
    </div>
  );
}

type FigureProps = {
  readonly title: string;
  readonly figure: string | null;
  readonly note: string | null;
  readonly share?: Share | null;
  readonly hasMiddle?: boolean;
};

function Figure({ title, figure, note, share = null, hasMiddle = false }: FigureProps): ReactNode {
  return (
    <div>
      <p className="medium">{title}</p>
      <p className="figure">{figure ?? "–"}</p>
      <p className="small-text ink-2">{note ?? text.none}</p>
      {share !== null && <ShareLine share={share} hasMiddle={hasMiddle} />}
    </div>
  );
}

const STEP = 7;
const ROW_HEIGHT = 20;
const MOST_MARKS = 400;

function rowOf(verdict: ShownVerdict): number {
  switch (verdict.kind) {
    case "prefers":
      return verdict.side === "left" ? (verdict.strength === "clear" ? 0 : 1) : verdict.strength === "clear" ? 4 : 3;
    case "tie":
    case "bothBad":
      return 2;
    case "skip":
      return 5;
    default:
      return verdict satisfies never;
  }
}

function Marks({ marks }: { readonly marks: readonly ShownVerdict[] }): ReactNode {
  const shown = marks.slice(-MOST_MARKS);
  const width = Math.max(420, shown.length * STEP + 8);
  return (
    <div className="marks">
      <div className="marks-scroll" tabIndex={0} role="region" aria-label={text.marks}>
        <svg width={width} height={6 * ROW_HEIGHT} viewBox={`0 0 ${width} ${6 * ROW_HEIGHT}`} role="img" aria-label={text.marksLabel(marks.length)}>
          {[0, 1, 2, 3, 4].map((row) => (
            <path key={row} className={row === 2 ? "mark-line middle" : "mark-line"} d={`M0 ${10 + row * ROW_HEIGHT}H${width}`} />
          ))}
          {shown.map((verdict, i) => (
            <Mark key={i} verdict={verdict} x={4 + i * STEP} y={10 + rowOf(verdict) * ROW_HEIGHT} />
          ))}
        </svg>
      </div>
      <ul aria-hidden="true">
        {text.rows.map((row) => (
          <li key={row}>{row}</li>
        ))}
      </ul>
    </div>
  );
}

function Mark({ verdict, x, y }: { readonly verdict: ShownVerdict; readonly x: number; readonly y: number }): ReactNode {
  if (verdict.kind === "bothBad") return <path className="mark cross" d={`M${x - 2} ${y - 2}l4 4m0 -4l-4 4`} />;
  if (verdict.kind === "skip") return <path className="mark cross" d={`M${x} ${y - 3}v6`} />;
  const side = verdict.kind === "prefers" ? verdict.side : "even";
  return <rect className={`mark ${side}`} x={x - 2} y={y - 4} width="4" height="8" rx="1" />;
}

function SecondLook({ rows }: { readonly rows: SittingSummary["secondLook"] }): ReactNode {
  return (
    <section>
      <div className="head">
        <h2>{text.second}</h2>
        <span className="sub">{count(rows.length)}</span>
      </div>
      {rows.length === 0 ? (
        <p className="ink-2">{text.nothingSecond}</p>
      ) : (
        <ul className="second-look">
          {rows.slice(0, MOST_ROWS).map((row) => (
            <li key={row.judgmentId}>
              <span className="ink-2">{text.why[row.why]}</span>
              <span className="cut" dir="auto">
                “{row.prompt.slice(0, 200)}”{row.why === "fast" && row.durationMs !== null && ` · ${duration(row.durationMs)}`}
              </span>
              <Link to="/judgments" search={{ open: row.judgmentId }} className="btn quiet" aria-label={text.openPrompt(row.prompt.slice(0, 80))}>
                {text.open}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {rows.length > MOST_ROWS && <p className="small-text ink-3">{text.moreRows(count(rows.length - MOST_ROWS))}</p>}
    </section>
  );
}

/** What can be looked at now; the rest is in the ledger. */
const MOST_ROWS = 12;

function Changes({ summary, source, onMore }: SummaryProps): ReactNode {
  const { counts, round, pace } = summary;
  const left = leftFor(source, summary);
  const progress = round === null ? text.idle : text.progress(round, count(counts.done), count(counts.total));
  return (
    <section>
      <div className="head">
        <h2>{text.changes}</h2>
      </div>
      <p className="ink-2">
        {progress}
        {restSentence(left, pace)}
        {round !== null && text.reveal}
      </p>
      <WaysOn way={wayOn(source, left)} onMore={onMore} />
    </section>
  );
}
