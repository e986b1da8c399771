/** The keys of Annotate: one table for what they do, for the sheet that explains them and for the caps on the buttons. */
import type { ShownVerdict } from "#app/contract/queue.ts";

export type AnnotateAction =
  | { readonly kind: "judge"; readonly verdict: ShownVerdict }
  | { readonly kind: "undo" | "redo" | "pause" | "help" | "earlierTurns" | "guidelines" | "scrollDown" | "scrollUp" | "larger" | "smaller" };

export type KeyRow = {
  readonly label: string;
  readonly group: "Prefer" | "Go on" | "Look";
  readonly action: AnnotateAction;
  /** In the form of tinykeys. */
  readonly bindings: readonly string[];
  /** As printed on the keyboard: alternatives, each of keys pressed together. */
  readonly caps: readonly (readonly string[])[];
};

const prefers = (side: "left" | "right", strength: "slight" | "clear"): AnnotateAction => ({
  kind: "judge",
  verdict: { kind: "prefers", side, strength },
});

// Digits by their place on the keyboard: on a French one they are typed with Shift, which here means "much".
export const KEY_ROWS: readonly KeyRow[] = [
  {
    label: "Left is better",
    group: "Prefer",
    action: prefers("left", "slight"),
    bindings: ["ArrowLeft", "Digit1", "Numpad1"],
    caps: [["left"], ["1"]],
  },
  {
    label: "Left is much better",
    group: "Prefer",
    action: prefers("left", "clear"),
    bindings: ["Shift+ArrowLeft", "Shift+Digit1"],
    caps: [
      ["shift", "left"],
      ["Shift", "1"],
    ],
  },
  {
    label: "Right is better",
    group: "Prefer",
    action: prefers("right", "slight"),
    bindings: ["ArrowRight", "Digit2", "Numpad2"],
    caps: [["right"], ["2"]],
  },
  {
    label: "Right is much better",
    group: "Prefer",
    action: prefers("right", "clear"),
    bindings: ["Shift+ArrowRight", "Shift+Digit2"],
    caps: [
      ["shift", "right"],
      ["Shift", "2"],
    ],
  },
  {
    label: "Tie",
    group: "Prefer",
    action: { kind: "judge", verdict: { kind: "tie" } },
    bindings: ["ArrowUp", "Digit0", "Numpad0"],
    caps: [["up"], ["0"]],
  },
  {
    label: "Both bad",
    group: "Prefer",
    action: { kind: "judge", verdict: { kind: "bothBad" } },
    bindings: ["ArrowDown", "Digit9", "Numpad9"],
    caps: [["down"], ["9"]],
  },
  { label: "Skip", group: "Go on", action: { kind: "judge", verdict: { kind: "skip" } }, bindings: ["Space"], caps: [["Space"]] },
  { label: "Undo", group: "Go on", action: { kind: "undo" }, bindings: ["$mod+z"], caps: [["Ctrl", "Z"]] },
  { label: "Redo", group: "Go on", action: { kind: "redo" }, bindings: ["$mod+Shift+z", "$mod+y"], caps: [["Ctrl", "shift", "Z"]] },
  { label: "Pause the sitting", group: "Go on", action: { kind: "pause" }, bindings: ["p"], caps: [["P"]] },
  { label: "Earlier turns", group: "Look", action: { kind: "earlierTurns" }, bindings: ["c"], caps: [["C"]] },
  { label: "Guidelines", group: "Look", action: { kind: "guidelines" }, bindings: ["g"], caps: [["G"]] },
  { label: "Scroll both", group: "Look", action: { kind: "scrollDown" }, bindings: ["j"], caps: [["J"]] },
  { label: "Scroll both back", group: "Look", action: { kind: "scrollUp" }, bindings: ["k"], caps: [["K"]] },
  { label: "Larger text", group: "Look", action: { kind: "larger" }, bindings: ["[Shift]++", "NumpadAdd"], caps: [["+"]] },
  { label: "Smaller text", group: "Look", action: { kind: "smaller" }, bindings: ["-", "NumpadSubtract"], caps: [["-"]] },
  { label: "This sheet", group: "Look", action: { kind: "help" }, bindings: ["[Shift]+?"], caps: [["?"]] },
];

export const KEY_GROUPS: readonly KeyRow["group"][] = ["Prefer", "Go on", "Look"];

/** The caps of a row on the keyboard of this machine: on a Mac, Ctrl is Cmd. */
export function capsOf(row: KeyRow, isMac: boolean): readonly (readonly string[])[] {
  return isMac ? row.caps.map((caps) => caps.map((cap) => (cap === "Ctrl" ? "Cmd" : cap))) : row.caps;
}
