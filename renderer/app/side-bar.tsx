/** The way between the screens, the experiment's name, and what runs. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronsUpDown, Rows3, SlidersHorizontal, Table2 } from "lucide-react";
import type { ReactNode } from "react";
import { withVisibleControls } from "../annotate/plain-text.ts";
import { count, percent } from "../design/format.ts";
import { LabMark, PoliciesIcon, ResultsIcon, RoundsIcon, SidesIcon, TrainingIcon } from "../design/icons.tsx";
import { useHostIfAny } from "../lab-client/host-context.tsx";
import { useConnectionState, useLab, useNews } from "../lab-client/lab-context.tsx";
import { PaletteItem } from "../commands/palette-button.tsx";
import { RunLine } from "../rounds/run-line.tsx";
import { comparisonsForPeople } from "../rounds/stage-text.ts";
import { shellText as text } from "../text/shell.ts";

/** Keeps the room of a line that is not known yet. */
const NO_BREAK_SPACE = "\u00a0";

export function SideBar(): ReactNode {
  const { queries } = useLab();
  const host = useHostIfAny();
  const experiment = useQuery(queries.experiments.get.queryOptions()).data;
  const rounds = useQuery(queries.rounds.list.queryOptions()).data ?? [];
  const waiting = comparisonsForPeople(rounds);
  const disputed = useQuery(queries.judgments.facets.queryOptions()).data?.disputed ?? 0;
  const newest = rounds.at(-1);
  const policy = newest?.newPolicy ?? newest?.policy ?? experiment?.policies.at(-1)?.name;
  return (
    <nav className="side-bar" aria-label={text.navigation}>
      <div className="brand">
        <LabMark />
        <span className="label">{text.product}</span>
      </div>
      <ExperimentBox title={experiment?.folder} hasOthers={host !== null}>
        <b className="cut">
          {experiment === undefined ? NO_BREAK_SPACE : experiment === null ? text.noExperiment : withVisibleControls(experiment.name)}
        </b>
        <span className="cut small-text ink-3">{experiment === undefined ? NO_BREAK_SPACE : (policy ?? text.noPolicy)}</span>
      </ExperimentBox>
      <ul>
        <NavigationItem to="/rounds" name={text.screens.rounds} count={rounds.length} icon={<RoundsIcon />} />
        <NavigationItem to="/annotate" name={text.screens.annotate} count={waiting} icon={<SidesIcon />} />
        <NavigationItem to="/judgments" name={text.screens.judgments} count={disputed} icon={<Table2 className="icon" aria-hidden="true" />} />
        <NavigationItem to="/training" name={text.screens.training} count={0} icon={<TrainingIcon />} />
        <NavigationItem to="/results" name={text.screens.results} count={0} icon={<ResultsIcon />} />
        <NavigationItem to="/policies" name={text.screens.policies} count={experiment?.policies.length ?? 0} icon={<PoliciesIcon />} />
      </ul>
      <div className="side-foot">
        <ul>
          <li>
            <PaletteItem />
          </li>
          {host !== null && (
            <NavigationItem to="/experiments" name={text.screens.experiments} count={0} icon={<Rows3 className="icon" aria-hidden="true" />} />
          )}
          <NavigationItem to="/settings" name={text.screens.settings} count={0} icon={<SlidersHorizontal className="icon" aria-hidden="true" />} />
        </ul>
        <PolicyProgress />
        <RunLine rounds={rounds} />
        <ConnectionMark />
      </div>
    </nav>
  );
}

type ExperimentBoxProps = { readonly title: string | undefined; readonly hasOthers: boolean; readonly children: ReactNode };

/** Which experiment this is; the way to the others, where there can be any. */
function ExperimentBox({ title, hasOthers, children }: ExperimentBoxProps): ReactNode {
  if (!hasOthers) {
    return (
      <div className="experiment" title={title}>
        {children}
      </div>
    );
  }
  return (
    <Link to="/experiments" className="experiment others" title={title} activeProps={{ "aria-current": false }}>
      <span className="unseen">{text.showExperiments}</span>
      <span className="grow">{children}</span>
      <ChevronsUpDown className="icon" aria-hidden="true" />
    </Link>
  );
}

type NavigationItemProps = {
  readonly to: "/rounds" | "/annotate" | "/judgments" | "/training" | "/results" | "/policies" | "/settings" | "/experiments";
  readonly name: string;
  readonly count: number;
  readonly icon: ReactNode;
};

function NavigationItem({ to, name, count: number, icon }: NavigationItemProps): ReactNode {
  return (
    <li>
      <Link to={to} className="nav-item" activeOptions={{ includeSearch: false }} title={name}>
        {icon}
        <span className="label">{name}</span>
        {number > 0 && <span className="number">{count(number)}</span>}
      </Link>
    </li>
  );
}

/** A checkpoint is being opened or converted. */
function PolicyProgress(): ReactNode {
  const { policyProgress } = useNews();
  if (policyProgress === null) return null;
  return (
    <p className="side-line small-text ink-2" role="status">
      {text.policyProgress(policyProgress.message, percent(policyProgress.share))}
    </p>
  );
}

function ConnectionMark(): ReactNode {
  const { kind } = useConnectionState();
  return (
    <p className="side-line connection small-text ink-3" title={text.connection[kind]}>
      <span className={kind === "open" ? "dot" : "dot hollow"} aria-hidden="true" />
      <span className="label">{text.connection[kind]}</span>
    </p>
  );
}
