/** The screens that the page fetches after the first: what they draw with, from formulas to charts, is most of its code. */
import { type ComponentType, lazy, type LazyExoticComponent } from "react";

/** Fetched when first shown, or before by `fetchLaterScreens`. */
const fetches: (() => Promise<unknown>)[] = [];

function later<Props>(fetch: () => Promise<ComponentType<Props>>): LazyExoticComponent<ComponentType<Props>> {
  fetches.push(fetch);
  return lazy(async () => ({ default: await fetch() }));
}

// In the order in which people are likely to go to them.
export const AnnotateScreen = later(async () => (await import("../annotate/annotate-screen.tsx")).AnnotateScreen);
export const JudgmentsScreen = later(async () => (await import("../judgments/judgments-screen.tsx")).JudgmentsScreen);
export const TrainingScreen = later(async () => (await import("../training/training-screen.tsx")).TrainingScreen);
export const ResultsScreen = later(async () => (await import("../results/results-screen.tsx")).ResultsScreen);
export const PoliciesScreen = later(async () => (await import("../policies/policies-screen.tsx")).PoliciesScreen);
export const SettingsScreen = later(async () => (await import("../settings/settings-screen.tsx")).SettingsScreen);
export const SetUpScreen = later(async () => (await import("../set-up/set-up-screen.tsx")).SetUpScreen);
export const AboutCycles = later(async () => (await import("../results/about-cycles.tsx")).AboutCycles);
export const ListsScreen = later(async () => (await import("../judgments/lists-screen.tsx")).ListsScreen);

/** Fetches all of them, one at a time and while the page has nothing else to do, so that going to one shows it at once. */
export async function fetchLaterScreens(): Promise<void> {
  for (const fetch of fetches) {
    await new Promise((idle) => requestIdleCallback(idle));
    await fetch();
  }
}
