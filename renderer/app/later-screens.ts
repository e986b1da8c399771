/** The screens that the page fetches after the first: what they draw with, from formulas to charts, is most of its code. */
import { lazyRouteComponent } from "@tanstack/react-router";

export const AnnotateScreen = lazyRouteComponent(() => import("../annotate/annotate-screen.tsx"), "AnnotateScreen");
export const JudgmentsScreen = lazyRouteComponent(() => import("../judgments/judgments-screen.tsx"), "JudgmentsScreen");
export const TrainingScreen = lazyRouteComponent(() => import("../training/training-screen.tsx"), "TrainingScreen");
export const ResultsScreen = lazyRouteComponent(() => import("../results/results-screen.tsx"), "ResultsScreen");
export const PoliciesScreen = lazyRouteComponent(() => import("../policies/policies-screen.tsx"), "PoliciesScreen");
export const SettingsScreen = lazyRouteComponent(() => import("../settings/settings-screen.tsx"), "SettingsScreen");
export const SetUpScreen = lazyRouteComponent(() => import("../set-up/set-up-screen.tsx"), "SetUpScreen");
export const AboutCycles = lazyRouteComponent(() => import("../results/about-cycles.tsx"), "AboutCycles");
export const ListsScreen = lazyRouteComponent(() => import("../judgments/lists-screen.tsx"), "ListsScreen");

/** In the order in which people are likely to go to them. */
const LATER = [AnnotateScreen, JudgmentsScreen, TrainingScreen, ResultsScreen, PoliciesScreen, SettingsScreen, SetUpScreen, AboutCycles, ListsScreen];

/** Fetches all of them, one at a time and while the page has nothing else to do, so that going to one shows it at once. */
export async function fetchLaterScreens(): Promise<void> {
  for (const screen of LATER) {
    await new Promise((idle) => requestIdleCallback(idle));
    await screen.preload?.();
  }
}
