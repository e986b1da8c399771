/** The results: which policy to use and why, the evidence beneath, the answers one click away. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import type { ResultOverview } from "#app/contract/result-views.ts";
import { list } from "#app/text/language.ts";
import { useKeyedCommands } from "../commands/use-keyed-commands.ts";
import { EmptyState, Loading } from "../design/empty-state.tsx";
import { Unread } from "../design/failed.tsx";
import { nonBreaking } from "../design/format.ts";
import { useLab } from "../lab-client/lab-context.tsx";
import { GettingStarted } from "../rounds/getting-started.tsx";
import { resultsText as text } from "../text/results.ts";
import { Agreement } from "./agreement.tsx";
import { AnswersLink } from "./answers-link.tsx";
import { type ClaimPart, claimParts } from "./claim-parts.ts";
import { CompareButton, OpenComparison } from "./compare.tsx";
import { MixtureText } from "./cycle-note.tsx";
import { DuelMatrix } from "./duel-matrix.tsx";
import { Examples } from "./examples.tsx";
import { ExportMenu } from "./export-menu.tsx";
import { PolicyChoice } from "./policy-choice.tsx";
import { PolicyTable } from "./policy-table.tsx";
import { RoundFigures } from "./round-figures.tsx";
import type { ResultsSearch } from "./results-search.ts";
import { WatchTable } from "./watch-table.tsx";
import { WinRates } from "./win-rates.tsx";
import "../annotate/reading.css";
import "./results.css";

const KEYS = ["tableOrChart", "exportResults"] as const;

export function ResultsScreen({ search }: { readonly search: ResultsSearch }): ReactNode {
  const { queries } = useLab();
  const experiment = useQuery(queries.experiments.get.queryOptions());
  const split = search.split ?? experiment.data?.config.evaluation.split;
  const overview = useQuery({
    ...queries.results.overview.queryOptions({ input: split === undefined ? {} : { split } }),
    enabled: experiment.isSuccess,
  });
  const comparison = useQuery(queries.results.comparison.queryOptions()).data ?? null;
  const failure = experiment.error ?? overview.error;
  const results = overview.data ?? null;
  const [isTable, setIsTable] = useState(false);
  const [isExporting, setIsExporting] = useState(false);
  const toggleTable = (): void => {
    setIsTable(!isTable);
  };
  useKeyedCommands(KEYS, text.title, {
    tableOrChart: toggleTable,
    exportResults: () => {
      setIsExporting(true);
    },
  });
  const isRead = overview.isSuccess && failure === null;
  const lacking = results === null && (isRead ? text.empty.noneYet : text.empty.notRead);
  return (
    <main className="main">
      <header className="top">
        <h1>{text.title}</h1>
        {results !== null && (
          <span className="crumb">{text.crumb(results.rounds.length, results.prompts, results.split, list(results.judgedBy))}</span>
        )}
        <div className="actions">
          {split !== undefined && <SplitSwitch split={split} />}
          {/* They stay where there is nothing to compare or export: the switch beside them must not move under the pointer. */}
          {split !== undefined && <CompareButton why={comparison === null ? lacking : text.compare.isOpen} />}
          {split !== undefined && (
            <ExportMenu results={results} name={experiment.data?.name ?? ""} isOpen={isExporting} onOpen={setIsExporting} why={lacking} />
          )}
        </div>
      </header>
      <div className="content results" tabIndex={0} role="region" aria-label={text.title}>
        <Unread of={[experiment, overview]} />
        {comparison !== null && <OpenComparison stage={comparison} />}
        {!isRead && failure === null && <Loading>{text.reading}</Loading>}
        {isRead && results === null && (experiment.data === null ? <GettingStarted lacks="experiment" /> : <Nothing split={split} />)}
        {results !== null && <Evidence results={results} search={search} isTable={isTable} onToggleTable={toggleTable} />}
      </div>
    </main>
  );
}

function Nothing({ split }: { readonly split: "validation" | "test" | undefined }): ReactNode {
  return (
    <EmptyState
      title={text.empty.title}
      action={
        <Link className="btn primary large" to="/rounds">
          {text.empty.toRounds}
        </Link>
      }
    >
      <p>{split === "test" ? text.empty.noTest : text.empty.sentence}</p>
    </EmptyState>
  );
}

type EvidenceProps = {
  readonly results: ResultOverview;
  readonly search: ResultsSearch;
  readonly isTable: boolean;
  readonly onToggleTable: () => void;
};

function Evidence({ results, search, isTable, onToggleTable }: EvidenceProps): ReactNode {
  const newest = results.rounds.at(-1);
  const { first = newest?.policy, second = newest?.previous } = search;
  return (
    <>
      <Claim results={results} />
      <div className="evidence">
        <WinRates results={results} isTable={isTable} onToggle={onToggleTable} />
        <DuelMatrix results={results} />
      </div>
      {first !== undefined && second !== undefined && (
        <Examples
          key={`${first} ${second} ${search.filter ?? "all"}`}
          split={results.split}
          first={first}
          second={second}
          filter={search.filter ?? "all"}
          isAskedFor={search.first !== undefined && search.second !== undefined}
        />
      )}
      <PolicyTable results={results} />
      <WatchTable results={results} />
      <RoundFigures results={results} />
      <Agreement />
    </>
  );
}

function Claim({ results }: { readonly results: ResultOverview }): ReactNode {
  const { choice, split, testLooks, unmetPairs } = results;
  const remarks = [...(split === "test" ? [text.testLooks(testLooks)] : []), ...(unmetPairs > 0 ? [text.matrix.unmetPairs(unmetPairs)] : [])].join(
    " ",
  );
  return (
    <section className="claim-block" aria-label={choice?.headline ?? text.testOnly}>
      <p className="claim">{nonBreaking(choice?.headline ?? text.testOnly)}</p>
      {choice !== null && <Reason results={results} />}
      {choice?.verdict === "cycle" && <MixtureText results={results} />}
      <PolicyChoice results={results} />
      {remarks !== "" && <p className="small-text ink-3">{remarks}</p>}
    </section>
  );
}

/** Each figure of it leads to what stands behind it. */
function Reason({ results }: { readonly results: ResultOverview }): ReactNode {
  return (
    <p className="claim-reason ink-2">
      {claimParts(results).map((part, i) => (
        <Part key={i} results={results} {...part} />
      ))}
    </p>
  );
}

function Part({ results, words, leadsTo }: ClaimPart & { readonly results: ResultOverview }): ReactNode {
  const shown = nonBreaking(words);
  if (leadsTo === null) return shown;
  if (leadsTo === "verdicts") {
    return (
      <Link to="/judgments" search={{}} className="in-sentence">
        {shown}
      </Link>
    );
  }
  const { first, second } = leadsTo;
  return (
    <AnswersLink results={results} first={first} second={second} className="in-sentence" label={`${words}${text.winRates.open(first, second)}`}>
      {shown}
    </AnswersLink>
  );
}

function SplitSwitch({ split }: { readonly split: "validation" | "test" }): ReactNode {
  const navigate = useNavigate();
  return (
    <div className="segments" role="group" aria-label={text.splits.label}>
      {(["validation", "test"] as const).map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === split}
          onClick={() => {
            void navigate({ to: "/results", search: { split: one } });
          }}
        >
          {text.splits[one]}
        </button>
      ))}
    </div>
  );
}
