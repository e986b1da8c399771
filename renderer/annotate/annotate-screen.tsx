/** Annotate: who judges, then one comparison after another, and what came of it at the end. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { QueueSource } from "#app/contract/queue.ts";
import { Loading } from "../design/empty-state.tsx";
import { Failed } from "../design/failed.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { GettingStarted } from "../rounds/getting-started.tsx";
import { annotateText as text } from "../text/annotate.ts";
import { NameGate } from "./name-gate.tsx";
import { endSitting } from "./open-sitting.ts";
import { useAuthor } from "./preferences.ts";
import { SittingScreen } from "./sitting-screen.tsx";
import { SittingSummaryScreen } from "./sitting-summary.tsx";
import "./reading.css";
import "./annotate.css";
import "./sitting-summary.css";

export function AnnotateScreen({ source }: { readonly source: QueueSource }): ReactNode {
  const lab = useLab();
  const { queries } = lab;
  const experiment = useQuery(queries.experiments.get.queryOptions());
  const [author, setAuthor] = useAuthor();
  const [hasEnded, setEnded] = useState(false);
  if (experiment.data === undefined || experiment.data === null) {
    return (
      <main className="main">
        <header className="top">
          <h1>{text.title}</h1>
        </header>
        <div className="content">
          {experiment.data === null ? (
            <GettingStarted lacks="experiment" />
          ) : experiment.error === null ? (
            <Loading>{text.asking}</Loading>
          ) : (
            <Failed error={experiment.error} onAgain={() => void experiment.refetch()} isAsking={experiment.isFetching} />
          )}
        </div>
      </main>
    );
  }
  const { id } = experiment.data;
  if (author === undefined) return <NameGate onName={setAuthor} />;
  if (hasEnded) {
    return (
      <SittingSummaryScreen
        experimentId={id}
        author={author}
        source={source}
        onMore={() => {
          setEnded(false);
        }}
      />
    );
  }
  return (
    <SittingScreen
      key={`${source} ${author}`}
      experiment={experiment.data}
      author={author}
      source={source}
      onChangeAuthor={() => {
        // Where the lab is away, what was fetched comes free by itself after a while: nobody waits here for the summary.
        endSitting(lab, id, author).catch(() => undefined);
        setAuthor(undefined);
      }}
      onEnd={() => {
        setEnded(true);
      }}
    />
  );
}
