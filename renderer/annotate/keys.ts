/** What the keys of Annotate do, and under which heading the sheet of keys shows them. */
import type { ShownVerdict } from "#app/contract/queue.ts";
import type { KeyId, KeyRow } from "../keys/key-table.ts";
import { keysText } from "../text/keys.ts";

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
  | "lengths"
  | "reason"
  | "flag";

export type AnnotateAction = { readonly kind: "judge"; readonly verdict: ShownVerdict } | { readonly kind: PlainAction };

const prefers = (side: "left" | "right", strength: "slight" | "clear"): AnnotateAction => ({
  kind: "judge",
  verdict: { kind: "prefers", side, strength },
});
const verdict = (kind: "tie" | "bothBad" | "skip"): AnnotateAction => ({ kind: "judge", verdict: { kind } });
const plain = (kind: PlainAction): AnnotateAction => ({ kind });

type KeyGroup = keyof typeof keysText.groups;

/** In the order in which the sheet shows them. */
const ACTIONS: readonly (readonly [KeyId, KeyGroup, AnnotateAction])[] = [
  ["leftBetter", "prefer", prefers("left", "slight")],
  ["leftMuch", "prefer", prefers("left", "clear")],
  ["rightBetter", "prefer", prefers("right", "slight")],
  ["rightMuch", "prefer", prefers("right", "clear")],
  ["tie", "prefer", verdict("tie")],
  ["bothBad", "prefer", verdict("bothBad")],
  ["skip", "goOn", verdict("skip")],
  ["undo", "goOn", plain("undo")],
  ["redo", "goOn", plain("redo")],
  ["pause", "goOn", plain("pause")],
  ["flag", "goOn", plain("flag")],
  ["reason", "goOn", plain("reason")],
  ["help", "goOn", plain("help")],
  ["diff", "look", plain("diff")],
  ["lengths", "look", plain("lengths")],
  ["earlierTurns", "look", plain("earlierTurns")],
  ["guidelines", "look", plain("guidelines")],
  ["scrollDown", "look", plain("scrollDown")],
  ["scrollUp", "look", plain("scrollUp")],
  ["scrollLeft", "look", plain("scrollLeft")],
  ["scrollRight", "look", plain("scrollRight")],
  ["larger", "look", plain("larger")],
  ["smaller", "look", plain("smaller")],
];

/** Every action, with the row that names it. */
export const ACTION_ROWS: readonly { readonly id: KeyId; readonly action: AnnotateAction }[] = ACTIONS.map(([id, , action]) => ({ id, action }));

export type BoundAction = { readonly id: KeyId; readonly action: AnnotateAction; readonly bindings: readonly string[] };

/** The actions with the keys that they have now. */
export function boundActions(rows: readonly KeyRow[]): readonly BoundAction[] {
  return ACTIONS.map(([id, , action]) => ({ id, action, bindings: rows.find((row) => row.id === id)?.bindings ?? [] }));
}

/** The columns of the sheet of keys: those of Annotate, and those that hold everywhere. */
export function annotateGroups(rows: readonly KeyRow[]): readonly { readonly title: string; readonly rows: readonly KeyRow[] }[] {
  const own = (group: KeyGroup): readonly KeyRow[] => ACTIONS.filter(([, of]) => of === group).flatMap(([id]) => rows.filter((row) => row.id === id));
  return [
    ...(["prefer", "goOn", "look"] as const).map((group) => ({ title: keysText.groups[group], rows: own(group) })),
    { title: keysText.scopes.everywhere, rows: rows.filter((row) => row.scope === "everywhere" && row.id !== "help") },
  ];
}
