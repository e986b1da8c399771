/** The way between the screens, the experiment's name, and what runs. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { count, percent } from "../design/format.ts";
import { LabMark, RoundsIcon, SidesIcon } from "../design/icons.tsx";
import { useConnectionState, useLab, useNews } from "../lab-client/lab-context.tsx";
import type { ConnectionState } from "../lab-client/lab-connection.ts";
import { RunLine } from "../rounds/run-line.tsx";
import { comparisonsForPeople } from "../rounds/stage-text.ts";

export function SideBar(): ReactNode {
  const { queries } = useLab();
  const experiment = useQuery(queries.experiments.get.queryOptions()).data;
  const rounds = useQuery(queries.rounds.list.queryOptions()).data ?? [];
  const waiting = comparisonsForPeople(rounds);
  const policy = rounds.at(-1)?.policy ?? experiment?.policies.at(-1)?.name;
  return (
    <nav className="side-bar" aria-label="Lab">
      <div className="brand">
        <LabMark />
        <span className="label">Nash Lab</span>
      </div>
      <div className="experiment" title={experiment?.folder}>
        <b className="cut">{experiment?.name ?? "No experiment"}</b>
        <span className="cut small-text ink-3">{policy ?? "no policy yet"}</span>
      </div>
      <ul>
        <NavigationItem to="/rounds" name="Rounds" count={rounds.length} icon={<RoundsIcon />} />
        <NavigationItem to="/annotate" name="Annotate" count={waiting} icon={<SidesIcon />} />
      </ul>
      <div className="side-foot">
        <PolicyProgress />
        <RunLine rounds={rounds} />
        <ConnectionMark />
      </div>
    </nav>
  );
}

type NavigationItemProps = {
  readonly to: "/rounds" | "/annotate";
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
      {policyProgress.message}, {percent(policyProgress.share)} %
    </p>
  );
}

function ConnectionMark(): ReactNode {
  const state = useConnectionState();
  return (
    <p className="side-line connection small-text ink-3" title={connectionWord(state)}>
      <span className={state.kind === "open" ? "dot" : "dot hollow"} aria-hidden="true" />
      <span className="label">{connectionWord(state)}</span>
    </p>
  );
}

function connectionWord(state: ConnectionState): string {
  switch (state.kind) {
    case "connecting":
      return "Connecting…";
    case "open":
      return "Connected";
    case "lost":
      return "Not answering";
    case "refused":
      return "Not let in";
    default:
      return state satisfies never;
  }
}
