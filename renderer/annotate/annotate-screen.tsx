/** Annotate: who judges, then one comparison after another. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Loading } from "../design/empty-state.tsx";
import { Note } from "../design/note.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { GettingStarted } from "../rounds/getting-started.tsx";
import { NameGate } from "./name-gate.tsx";
import { useAuthor } from "./preferences.ts";
import { SittingScreen } from "./sitting-screen.tsx";
import "./reading.css";
import "./annotate.css";

export function AnnotateScreen(): ReactNode {
  const { queries } = useLab();
  const experiment = useQuery(queries.experiments.get.queryOptions());
  const [author, setAuthor] = useAuthor();
  if (experiment.data === undefined || experiment.data === null) {
    return (
      <main className="main">
        <header className="top">
          <h1>Annotate</h1>
        </header>
        <div className="content">
          {experiment.data === null ? (
            <GettingStarted lacks="experiment" />
          ) : experiment.error === null ? (
            <Loading>Asking the lab…</Loading>
          ) : (
            <Note kind="error">{sentenceOf(experiment.error)}</Note>
          )}
        </div>
      </main>
    );
  }
  if (author === undefined) return <NameGate onName={setAuthor} />;
  return (
    <SittingScreen
      key={author}
      experiment={experiment.data}
      author={author}
      onChangeAuthor={() => {
        setAuthor(undefined);
      }}
    />
  );
}
