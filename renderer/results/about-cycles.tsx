/** What it means when preferences go round, in plain words, with the ring at hand as the example. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Unread } from "../design/failed.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { resultsText } from "../text/results.ts";
import { CycleNote } from "./cycle-note.tsx";
import "./results.css";

const text = resultsText.about;

export function AboutCycles(): ReactNode {
  const { queries } = useLab();
  const reading = useQuery(queries.results.overview.queryOptions({ input: {} }));
  const { data: results, error } = reading;
  return (
    <main className="main">
      <header className="top">
        <h1>{text.title}</h1>
        <div className="actions">
          <Link className="btn" to="/results" activeOptions={{ exact: true }}>
            {text.back}
          </Link>
        </div>
      </header>
      <div className="content about-cycles" tabIndex={0} role="region" aria-label={text.title}>
        {text.paragraphs.map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
        <h2>{text.now}</h2>
        <Unread of={[reading]} />
        {results === undefined ? (
          error === null && <p role="status">{text.reading}</p>
        ) : results === null ? (
          <p>{text.nothingNow}</p>
        ) : (
          <CycleNote results={results} isExplained />
        )}
      </div>
    </main>
  );
}
