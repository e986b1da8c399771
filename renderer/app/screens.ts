/** The screens that the palette offers: those of the router, in the order and with the keys of the design. */
import type { KeyId } from "../keys/key-table.ts";
import { setUpText } from "../text/set-up.ts";
import { shellText } from "../text/shell.ts";

export type Screen = { readonly path: string; readonly keys: KeyId | undefined };

/** In the order of the side bar. */
const KEYS: Readonly<Record<string, KeyId | undefined>> = {
  "/rounds": "goRounds",
  "/annotate": "goAnnotate",
  "/judgments": "goJudgments",
  "/training": "goTraining",
  "/results": "goResults",
  "/policies": "goPolicies",
  "/set-up": undefined,
  "/settings": "goSettings",
  "/experiments": "goExperiments",
};

/** `paths`: the router's; addresses with parameters are reached from what they are about. */
export function screensOf(paths: readonly string[], hasHost: boolean): readonly Screen[] {
  const order = Object.keys(KEYS);
  const placeOf = (path: string): number => (order.includes(path) ? order.indexOf(path) : order.length);
  return paths
    .filter((path) => /^\/[\w-]+$/u.test(path) && (hasHost || path !== "/experiments"))
    .toSorted((a, b) => placeOf(a) - placeOf(b))
    .map((path) => ({ path, keys: KEYS[path] }));
}

/** A screen that has no words here yet is called by its address: "Judgments". */
export function labelOfScreen(path: string): string {
  const name = path.slice(1);
  const words: Readonly<Record<string, string | undefined>> = { ...shellText.screens, "set-up": setUpText.title };
  return words[name] ?? `${name.charAt(0).toUpperCase()}${name.slice(1).replace(/-/gu, " ")}`;
}
