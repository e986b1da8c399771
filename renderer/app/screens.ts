/** The screens that the palette offers: those of the router, in the order and with the keys of the design. */
import { setUpText } from "../text/set-up.ts";
import { shellText } from "../text/shell.ts";

export type Screen = { readonly path: string; readonly keys: string | undefined };

/** In the order of the side bar. */
const KEYS: Readonly<Record<string, string | undefined>> = {
  "/rounds": "$mod+1",
  "/annotate": "$mod+2",
  "/judgments": "$mod+3",
  "/training": "$mod+4",
  "/results": "$mod+5",
  "/policies": "$mod+6",
  "/set-up": undefined,
  "/settings": "$mod+,",
  "/experiments": "$mod+0",
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
