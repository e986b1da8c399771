/** The addresses of the screens, behind the hash: they work the same in a window and in a browser. */
import { createHashHistory, createRootRoute, createRoute, createRouter, redirect } from "@tanstack/react-router";
import { useCallback } from "react";
import { AnnotateScreen } from "../annotate/annotate-screen.tsx";
import { ExperimentsScreen } from "../experiments/experiments-screen.tsx";
import { SetUpScreen } from "../set-up/set-up-screen.tsx";
import { judgmentsSearch } from "../judgments/judgments-search.ts";
import { ListsScreen } from "../judgments/lists-screen.tsx";
import { JudgmentsScreen } from "../judgments/judgments-screen.tsx";
import { PoliciesScreen } from "../policies/policies-screen.tsx";
import { AboutCycles } from "../results/about-cycles.tsx";
import { resultsSearch, type ResultsSearch } from "../results/results-search.ts";
import { ResultsScreen } from "../results/results-screen.tsx";
import { RoundsScreen } from "../rounds/rounds-screen.tsx";
import { SettingsScreen } from "../settings/settings-screen.tsx";
import { TrainingScreen } from "../training/training-screen.tsx";
import { Shell } from "./shell.tsx";

const rootRoute = createRootRoute({ component: Shell });

const startRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  beforeLoad: () => {
    // The router takes a redirect as a thrown value.
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    throw redirect({ to: "/rounds" });
  },
});

/** `round`: the one that is open; the last one without it. */
function roundSearch(search: Readonly<Record<string, unknown>>): { readonly round?: number } {
  const round = Number(search["round"]);
  return Number.isInteger(round) && round > 0 ? { round } : {};
}

const roundsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/rounds",
  validateSearch: roundSearch,
  component: function Rounds() {
    const { round } = roundsRoute.useSearch();
    return <RoundsScreen openRound={round} />;
  },
});

const trainingRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/training",
  validateSearch: roundSearch,
  component: function Training() {
    const { round } = trainingRoute.useSearch();
    return <TrainingScreen openRound={round} />;
  },
});

const policiesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/policies",
  /** `policy`: the name of the one that is open; the newest without it. */
  validateSearch: ({ policy }: Readonly<Record<string, unknown>>): { readonly policy?: string } =>
    typeof policy === "string" || typeof policy === "number" ? { policy: String(policy) } : {},
  component: function Policies() {
    const { policy } = policiesRoute.useSearch();
    return <PoliciesScreen openPolicy={policy} />;
  },
});

const settingsRoute = createRoute({ getParentRoute: () => rootRoute, path: "/settings", component: SettingsScreen });

const annotateRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/annotate",
  /** `queue`: disputes instead of what the round asks. */
  validateSearch: (search: Readonly<Record<string, unknown>>): { readonly queue?: "disputes" } =>
    search["queue"] === "disputes" ? { queue: "disputes" } : {},
  component: function Annotate() {
    const { queue } = annotateRoute.useSearch();
    return <AnnotateScreen source={queue ?? "round"} />;
  },
});

const judgmentsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/judgments",
  validateSearch: judgmentsSearch,
  component: function Judgments() {
    const search = judgmentsRoute.useSearch();
    const navigate = judgmentsRoute.useNavigate();
    const onOpen = useCallback(
      (id: string | undefined) => {
        void navigate({ search: ({ open: _old, ...rest }) => (id === undefined ? rest : { ...rest, open: id }), replace: true });
      },
      [navigate],
    );
    if (search.lists === true) return <ListsScreen openId={search.open} onOpen={onOpen} />;
    // Another round or another kind of rows is another look at the ledger.
    return <JudgmentsScreen key={`${search.round ?? ""} ${search.disputes ?? ""} ${search.raters?.join() ?? ""}`} search={search} onOpen={onOpen} />;
  },
});

const setUpRoute = createRoute({ getParentRoute: () => rootRoute, path: "/set-up", component: SetUpScreen });

const experimentsRoute = createRoute({ getParentRoute: () => rootRoute, path: "/experiments", component: ExperimentsScreen });

const resultsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/results",
  validateSearch: (search: Readonly<Record<string, unknown>>): ResultsSearch => resultsSearch(search),
  component: function Results() {
    return <ResultsScreen search={resultsRoute.useSearch()} />;
  },
});

const cyclesRoute = createRoute({ getParentRoute: () => rootRoute, path: "/results/cycles", component: AboutCycles });

// The router's type spells out every route; it is inferred once, here.
export function createLabRouter() {
  return createRouter({
    routeTree: rootRoute.addChildren([
      startRoute,
      roundsRoute,
      annotateRoute,
      judgmentsRoute,
      trainingRoute,
      resultsRoute,
      cyclesRoute,
      policiesRoute,
      settingsRoute,
      setUpRoute,
      experimentsRoute,
    ]),
    history: createHashHistory(),
    // An unknown address is an old one: begin at the beginning.
    defaultNotFoundComponent: () => <RoundsScreen openRound={undefined} />,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createLabRouter>;
  }
}
