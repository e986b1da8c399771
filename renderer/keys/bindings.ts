/** Presses of keys in the form of tinykeys: how one is written down, when two are the same, and how they look on a keyboard. */

/** Keys that nothing may have: a slip on them must never judge or take back, and some of them have work of their own. */
const NEVER: readonly string[] = ["Backspace", "Delete", "Escape", "Tab", "Enter", "F5", "F11", "F12"];
/** What browsers and the window's menu keep for themselves, with Ctrl or Cmd: pages, tabs, the clipboard. */
const TAKEN: readonly string[] = ["a", "c", "n", "o", "q", "r", "t", "v", "w", "x", "Shift+n", "Shift+r", "Shift+t", "Shift+w"];
const MODIFIERS: readonly string[] = ["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "Dead", "Process", "Unidentified"];

export type KeyPress = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** never: no row may have that key; taken: browsers keep it for themselves. */
export type PressedBinding = { readonly kind: "binding"; readonly binding: string } | { readonly kind: "never" | "taken" };

/** The binding of a press; undefined while only modifiers are down. */
export function bindingOf(press: KeyPress, isMac: boolean): PressedBinding | undefined {
  if (MODIFIERS.includes(press.key)) return undefined;
  if (NEVER.includes(press.key)) return { kind: "never" };
  const binding = written(press, isMac);
  return TAKEN.some((taken) => binding === `$mod+${taken}`) ? { kind: "taken" } : { kind: "binding", binding };
}

function written(press: KeyPress, isMac: boolean): string {
  const mod = isMac ? press.metaKey : press.ctrlKey;
  const held = [...(mod ? ["$mod"] : []), ...(isMac && press.ctrlKey ? ["Control"] : []), ...(press.altKey ? ["Alt"] : [])];
  const isLetter = /^\p{L}$/u.test(press.key);
  const isPlaced = /^(?:Digit|Numpad)/u.test(press.code) || press.code === "Space" || press.key.startsWith("Arrow");
  if (isLetter || isPlaced) {
    const key = isLetter ? press.key.toLowerCase() : press.key.startsWith("Arrow") ? press.key : press.code;
    return [...held, ...(press.shiftKey ? ["Shift"] : []), key].join("+");
  }
  // A sign may need Shift on this keyboard and not on another.
  return [...held, "[Shift]", press.key].join("+");
}

/** True for a binding that may be kept: nothing was written into the storage that no press gives. */
export function isAllowed(binding: string): boolean {
  const { key, held } = partsOf(binding);
  return !NEVER.includes(key) && !(held.includes("$mod") && TAKEN.includes([...held.filter((part) => part !== "$mod"), key].join("+")));
}

/** True if one press of keys can fit both. */
export function isSamePress(a: string, b: string): boolean {
  const [one, other] = [partsOf(a), partsOf(b)];
  if (one.key !== other.key) return false;
  const open = new Set([...one.optional, ...other.optional]);
  const firm = (parts: readonly string[]): string =>
    parts
      .filter((part) => !open.has(part))
      .toSorted()
      .join("+");
  return firm(one.held) === firm(other.held);
}

type Parts = { readonly held: readonly string[]; readonly optional: readonly string[]; readonly key: string };

function partsOf(binding: string): Parts {
  // The last + may be the key itself.
  const [, modifiers = "", key = binding] = /^((?:[^+]+\+)*)(.+)$/u.exec(binding) ?? [];
  const all = modifiers.split("+").filter((part) => part !== "");
  const isOptional = (part: string): boolean => part.startsWith("[");
  return { held: all.filter((part) => !isOptional(part)), optional: all.filter(isOptional).map((part) => part.slice(1, -1)), key };
}

const DRAWN: Readonly<Record<string, string>> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

/** "$mod+Shift+z" is Ctrl, Shift, Z; arrows go by the names of their drawings. */
export function capsOf(binding: string, isMac: boolean): readonly string[] {
  const { held, key } = partsOf(binding);
  const drawn = DRAWN[key];
  return [
    ...held.map((part) => modifierCap(part, drawn !== undefined, isMac)),
    drawn ?? key.replace(/^(?:Digit|Numpad|Key)(?=.)/u, "").replace(/^[a-z]$/u, (letter) => letter.toUpperCase()),
  ];
}

function modifierCap(part: string, isDrawn: boolean, isMac: boolean): string {
  if (part === "$mod") return isMac ? "Cmd" : "Ctrl";
  if (part === "Control") return "Ctrl";
  if (part === "Shift") return isDrawn ? "shift" : "Shift";
  return part === "Alt" && isMac ? "Option" : part;
}
