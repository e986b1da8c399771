/** The keys of Annotate: what each row does, its usual keys, and the person's own, kept in this browser. */
import type { ShownVerdict } from "#app/contract/queue.ts";
import { annotateText } from "../text/annotate.ts";

export type PlainAction =
  | "undo"
  | "redo"
  | "pause"
  | "help"
  | "earlierTurns"
  | "guidelines"
  | "scrollDown"
  | "scrollUp"
  | "scrollLeft"
  | "scrollRight"
  | "larger"
  | "smaller"
  | "diff"
  | "reason"
  | "flag";

export type AnnotateAction = { readonly kind: "judge"; readonly verdict: ShownVerdict } | { readonly kind: PlainAction };

/** Names a row in what is kept. */
export type KeyId = keyof typeof annotateText.keys.labels;
export type KeyGroup = keyof typeof annotateText.keys.groups;

export type KeyRow = {
  readonly id: KeyId;
  readonly label: string;
  readonly group: KeyGroup;
  readonly action: AnnotateAction;
  /** In the form of tinykeys. */
  readonly bindings: readonly string[];
};

const prefers = (side: "left" | "right", strength: "slight" | "clear"): AnnotateAction => ({
  kind: "judge",
  verdict: { kind: "prefers", side, strength },
});
const verdict = (kind: "tie" | "bothBad" | "skip"): AnnotateAction => ({ kind: "judge", verdict: { kind } });
const plain = (kind: PlainAction): AnnotateAction => ({ kind });

// Digits by their place on the keyboard: on a French one they are typed with Shift, which here means "much".
const USUAL: readonly (readonly [KeyId, KeyGroup, AnnotateAction, readonly string[]])[] = [
  ["leftBetter", "prefer", prefers("left", "slight"), ["ArrowLeft", "Digit1", "Numpad1"]],
  ["leftMuch", "prefer", prefers("left", "clear"), ["Shift+ArrowLeft", "Shift+Digit1"]],
  ["rightBetter", "prefer", prefers("right", "slight"), ["ArrowRight", "Digit2", "Numpad2"]],
  ["rightMuch", "prefer", prefers("right", "clear"), ["Shift+ArrowRight", "Shift+Digit2"]],
  ["tie", "prefer", verdict("tie"), ["ArrowUp", "Digit0", "Numpad0"]],
  ["bothBad", "prefer", verdict("bothBad"), ["ArrowDown", "Digit9", "Numpad9"]],
  ["skip", "goOn", verdict("skip"), ["Space"]],
  ["undo", "goOn", plain("undo"), ["$mod+z"]],
  ["redo", "goOn", plain("redo"), ["$mod+Shift+z", "$mod+y"]],
  ["pause", "goOn", plain("pause"), ["p"]],
  ["flag", "goOn", plain("flag"), ["f"]],
  ["reason", "goOn", plain("reason"), ["r"]],
  ["help", "goOn", plain("help"), ["[Shift]+?"]],
  ["diff", "look", plain("diff"), ["d"]],
  ["earlierTurns", "look", plain("earlierTurns"), ["c"]],
  ["guidelines", "look", plain("guidelines"), ["g"]],
  ["scrollDown", "look", plain("scrollDown"), ["j"]],
  ["scrollUp", "look", plain("scrollUp"), ["k"]],
  ["scrollLeft", "look", plain("scrollLeft"), ["h"]],
  ["scrollRight", "look", plain("scrollRight"), ["l"]],
  ["larger", "look", plain("larger"), ["[Shift]++", "NumpadAdd"]],
  ["smaller", "look", plain("smaller"), ["-", "NumpadSubtract"]],
];

export const KEY_GROUPS: readonly KeyGroup[] = ["prefer", "goOn", "look"];

/** Bindings that a person has chosen, by row; a row that is not named has its usual ones. */
export type OwnKeys = Readonly<Partial<Record<KeyId, readonly string[]>>>;

export function keyRows(own: OwnKeys = {}): readonly KeyRow[] {
  return USUAL.map(([id, group, action, bindings]) => ({ id, label: annotateText.keys.labels[id], group, action, bindings: own[id] ?? bindings }));
}

/** The first binding of a row is what buttons show. */
export function firstCaps(rows: readonly KeyRow[], id: KeyId, isMac: boolean): readonly string[] {
  const [binding] = rows.find((row) => row.id === id)?.bindings ?? [];
  return binding === undefined ? [] : capsOf(binding, isMac);
}

/** The keys of a row as they are printed on this machine's keyboard; one on the number block says nothing new. */
export function rowCaps(row: KeyRow, isMac: boolean): readonly (readonly string[])[] {
  const printed = row.bindings.filter((binding) => !binding.includes("Numpad")).map((binding) => capsOf(binding, isMac));
  return printed.length > 0 ? printed : row.bindings.map((binding) => capsOf(binding, isMac));
}

const DRAWN: Readonly<Record<string, string>> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

function capsOf(binding: string, isMac: boolean): readonly string[] {
  // The last + may be the key itself.
  const [, modifiers = "", key = binding] = /^((?:[^+]+\+)*)(.+)$/u.exec(binding) ?? [];
  const held = modifiers.split("+").filter((part) => part !== "" && !part.startsWith("["));
  const drawn = DRAWN[key];
  return [
    ...held.map((part) => modifierCap(part, drawn !== undefined, isMac)),
    drawn ?? key.replace(/^(?:Digit|Numpad|Key)/u, "").replace(/^[a-z]$/u, (letter) => letter.toUpperCase()),
  ];
}

function modifierCap(part: string, isDrawn: boolean, isMac: boolean): string {
  if (part === "$mod") return isMac ? "Cmd" : "Ctrl";
  if (part === "Shift") return isDrawn ? "shift" : "Shift";
  return part === "Alt" && isMac ? "Option" : part;
}

/** Keys that no row may have: a slip on them must never judge or take back, and some of them have work of their own. */
const NEVER: readonly string[] = ["Backspace", "Delete", "Escape", "Tab", "Enter", "F5", "F11", "F12"];
const MODIFIERS: readonly string[] = ["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "Dead", "Process", "Unidentified"];

export type KeyPress = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** The binding of a press; undefined while only modifiers are down, null for a key that no row may have. */
export function bindingOf(press: KeyPress, isMac: boolean): string | null | undefined {
  if (MODIFIERS.includes(press.key)) return undefined;
  if (NEVER.includes(press.key)) return null;
  const mod = isMac ? press.metaKey : press.ctrlKey;
  const held = [...(mod ? ["$mod"] : []), ...(press.altKey ? ["Alt"] : [])];
  const isLetter = /^\p{L}$/u.test(press.key);
  const isPlaced = /^(?:Digit|Numpad)/u.test(press.code) || press.code === "Space" || press.key.startsWith("Arrow");
  if (isLetter || isPlaced) {
    const key = isLetter ? press.key.toLowerCase() : press.key.startsWith("Arrow") ? press.key : press.code;
    return [...held, ...(press.shiftKey ? ["Shift"] : []), key].join("+");
  }
  // A sign may need Shift on this keyboard and not on another.
  return [...held, "[Shift]", press.key].join("+");
}

/** The person's keys with one more; the key is taken from the row that had it, whose id comes back too. */
export function withOwnKey(own: OwnKeys, id: KeyId, binding: string): { readonly own: OwnKeys; readonly takenFrom: KeyId | undefined } {
  const rows = keyRows(own);
  const loser = rows.find((row) => row.id !== id && row.bindings.includes(binding));
  const rest = loser === undefined ? {} : { [loser.id]: loser.bindings.filter((one) => one !== binding) };
  return { own: { ...own, ...rest, [id]: [binding] }, takenFrom: loser !== undefined && loser.bindings.length === 1 ? loser.id : undefined };
}

/** What was kept, as far as it is what this page can have written. */
export function readOwnKeys(text: string | null): OwnKeys {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    if (typeof value !== "object" || value === null) return {};
    const known = new Set<string>(USUAL.map(([id]) => id));
    const kept = Object.entries(value).filter(
      (entry): entry is [KeyId, readonly string[]] =>
        known.has(entry[0]) && Array.isArray(entry[1]) && entry[1].every((one) => typeof one === "string" && !NEVER.some((key) => one.endsWith(key))),
    );
    return Object.fromEntries(kept);
  } catch {
    return {};
  }
}
