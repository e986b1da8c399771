/** All experiments of this machine: recent ones with how they stand, and ways to make or open one. */
import { useQuery } from "@tanstack/react-query";
import { FlaskConical, FolderOpen, SquareFunction, Users, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { ExperimentCard } from "#app/contract/host.ts";
import type { OracleConfig } from "#app/domain/oracle.ts";
import { withVisibleControls } from "../annotate/plain-text.ts";
import { useActions } from "../commands/use-actions.ts";
import { useUndo } from "../commands/use-undo.ts";
import { PaletteButton } from "../commands/palette-button.tsx";
import { Button } from "../design/button.tsx";
import { Loading } from "../design/empty-state.tsx";
import { Failed } from "../design/failed.tsx";
import { Note } from "../design/note.tsx";
import type { Why } from "../design/why.tsx";
import { useChooseFile } from "../files/use-choose-file.tsx";
import { useFileDrop } from "../files/use-file-drop.ts";
import { useHost } from "../lab-client/host-context.tsx";
import { commandText } from "../text/commands.ts";
import { experimentText as text } from "../text/experiments.ts";
import { ExperimentTable } from "./experiment-table.tsx";
import { NewExperimentDialog } from "./new-experiment-dialog.tsx";
import { useExperimentCommands } from "./use-experiment-commands.ts";
import { type ExperimentActions, useExperiments } from "./use-experiments.ts";
import "./experiments.css";

/** The list is read anew this often while it is looked at: experiments go on elsewhere. */
const REFRESH_MS = 2000;

export function ExperimentsScreen(): ReactNode {
  const { queries } = useHost();
  const cards = useQuery({ ...queries.experiments.recent.queryOptions(), staleTime: 0, refetchInterval: REFRESH_MS });
  const actions = useExperiments();
  const [fresh, setFresh] = useState<OracleConfig["kind"] | null>(null);
  const [dropNote, setDropNote] = useState<string | null>(null);
  const openFolder = useChooseFile("experiment", actions.open);
  const isOver = useFileDrop((dropped) => {
    if (dropped.kind === "path") actions.open(dropped.path);
    else setDropNote(text.dropNotes.noPath);
  });
  useExperimentCommands({
    makeNew: () => {
      setFresh("people");
    },
    openFolder: openFolder.ask,
    runDemo: actions.runDemo,
  });
  return (
    <main className="main">
      <header className="top">
        <h1>{text.title}</h1>
        <div className="actions">
          <button type="button" className="btn" onClick={openFolder.ask}>
            <FolderOpen className="icon" aria-hidden="true" />
            {text.openFolder}
          </button>
          <PaletteButton />
        </div>
      </header>
      <div className="content experiments" tabIndex={0} role="region" aria-label={text.title}>
        {actions.failure !== null && (
          <Note kind="error" onPutAway={actions.putFailureAway}>
            {actions.failure}
          </Note>
        )}
        {dropNote !== null && (
          <Note
            kind="notice"
            onPutAway={() => {
              setDropNote(null);
            }}
          >
            {dropNote}
          </Note>
        )}
        <FreshExperiments actions={actions} onFresh={setFresh} />
        {cards.data === undefined ? (
          cards.error === null ? (
            <Loading>{text.reading}</Loading>
          ) : (
            <Failed error={cards.error} isAsking={cards.isFetching} onAgain={() => void cards.refetch()} />
          )
        ) : (
          <Recent cards={cards.data} readAtMs={cards.dataUpdatedAt} actions={actions} />
        )}
      </div>
      {fresh !== null && (
        <NewExperimentDialog
          oracle={fresh}
          onClose={() => {
            setFresh(null);
          }}
        />
      )}
      {openFolder.dialog}
      {isOver && <div className="drop-veil">{text.dropHere}</div>}
      <Forgotten actions={actions} />
    </main>
  );
}

type FreshProps = { readonly actions: ExperimentActions; readonly onFresh: (kind: OracleConfig["kind"]) => void };

function FreshExperiments({ actions, onFresh }: FreshProps): ReactNode {
  const { fresh, firstRun } = text;
  return (
    <section aria-labelledby="fresh-heading">
      <div className="head">
        <h2 id="fresh-heading">{fresh.title}</h2>
        <span className="sub">{fresh.hint}</span>
      </div>
      <ul className="fresh panel">
        <FreshCard
          icon={<Users className="icon" aria-hidden="true" />}
          {...fresh.people}
          onClick={() => {
            onFresh("people");
          }}
        />
        <FreshCard
          icon={<SquareFunction className="icon" aria-hidden="true" />}
          {...fresh.script}
          onClick={() => {
            onFresh("targetLength");
          }}
        />
        <FreshCard
          icon={<FlaskConical className="icon" aria-hidden="true" />}
          why={actions.isPreparingDemo && firstRun.whilePreparing}
          title={actions.isPreparingDemo ? firstRun.preparing : fresh.demo.title}
          sentence={fresh.demo.sentence}
          onClick={actions.runDemo}
        />
      </ul>
    </section>
  );
}

type FreshCardProps = {
  readonly icon: ReactNode;
  readonly title: string;
  readonly sentence: string;
  readonly why?: Why;
  readonly onClick: () => void;
};

function FreshCard({ icon, title, sentence, why, onClick }: FreshCardProps): ReactNode {
  return (
    <li>
      <Button className="fresh-card" why={why} onClick={onClick}>
        {icon}
        <span>
          <b>{title}</b>
          <span className="ink-2 small-text">{sentence}</span>
        </span>
      </Button>
    </li>
  );
}

type RecentProps = { readonly cards: readonly ExperimentCard[]; readonly readAtMs: number; readonly actions: ExperimentActions };

/** A short list needs no search. */
const FIND_FROM = 6;

function Recent({ cards, readAtMs, actions }: RecentProps): ReactNode {
  const [query, setQuery] = useState("");
  const wanted = query.trim().toLowerCase();
  const found = cards.filter(({ name, folder }) => `${name} ${folder}`.toLowerCase().includes(wanted));
  useActions(
    commandText.groups.experiments,
    cards.map(({ key, folder, name }) => ({
      id: `experiments.open.${key}`,
      label: text.openNamed(withVisibleControls(name === "" ? folder : name)),
      run: () => {
        actions.open(folder);
      },
    })),
  );
  return (
    <section aria-labelledby="recent-heading">
      <div className="head">
        <h2 id="recent-heading">{text.recent}</h2>
        <span className="sub figures">{cards.length}</span>
        {cards.length >= FIND_FROM && (
          <input
            className="field find"
            type="search"
            aria-label={text.find}
            placeholder={text.find}
            value={query}
            onChange={(event) => {
              setQuery(event.currentTarget.value);
            }}
          />
        )}
      </div>
      {found.length === 0 ? (
        <p className="ink-2">{cards.length === 0 ? text.noneYet : text.nothingFound(query)}</p>
      ) : (
        <ExperimentTable cards={found} nowMs={readAtMs} actions={actions} />
      )}
    </section>
  );
}

function Forgotten({ actions }: { readonly actions: ExperimentActions }): ReactNode {
  useUndo(actions.forgotten === null ? undefined : actions.undoForget);
  if (actions.forgotten === null) return null;
  return (
    <div className="toast" role="status">
      <p>{text.forgotten(withVisibleControls(actions.forgotten.name))}</p>
      <button type="button" className="btn" onClick={actions.undoForget}>
        {text.undo}
      </button>
      <button type="button" className="btn quiet icon-only" aria-label={text.putAway} onClick={actions.putForgottenAway}>
        <X className="icon" aria-hidden="true" />
      </button>
    </div>
  );
}
