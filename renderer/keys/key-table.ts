/** Every key of the page: where it holds, its usual bindings, and the person's own over them. A new key adds its row, and its word in text/keys.ts. */
import { keysText } from "../text/keys.ts";
import { capsOf, isAllowed, isSamePress } from "./bindings.ts";

/** Keys of "everywhere" hold beside those of any screen; two screens may use the same key. */
export type KeyScope = keyof typeof keysText.scopes;
/** Names a row in what is kept. */
export type KeyId = keyof typeof keysText.labels;

export type KeyRow = {
  readonly id: KeyId;
  readonly label: string;
  readonly scope: KeyScope;
  /** In the form of tinykeys; none if the person took the last one away by hand. */
  readonly bindings: readonly string[];
};

// Digits by their place on the keyboard: on a French one they are typed with Shift, which in Annotate means "much".
const USUAL: Readonly<Record<KeyId, readonly [KeyScope, readonly string[]]>> = {
  palette: ["everywhere", ["$mod+k"]],
  help: ["everywhere", ["[Shift]+?"]],
  goRounds: ["everywhere", ["$mod+Digit1"]],
  goAnnotate: ["everywhere", ["$mod+Digit2"]],
  goJudgments: ["everywhere", ["$mod+Digit3"]],
  goTraining: ["everywhere", ["$mod+Digit4"]],
  goResults: ["everywhere", ["$mod+Digit5"]],
  goPolicies: ["everywhere", ["$mod+Digit6"]],
  goSettings: ["everywhere", ["$mod+[Shift]+,"]],
  goExperiments: ["everywhere", ["$mod+Digit0"]],
  leftBetter: ["annotate", ["ArrowLeft", "Digit1", "Numpad1"]],
  leftMuch: ["annotate", ["Shift+ArrowLeft", "Shift+Digit1"]],
  rightBetter: ["annotate", ["ArrowRight", "Digit2", "Numpad2"]],
  rightMuch: ["annotate", ["Shift+ArrowRight", "Shift+Digit2"]],
  tie: ["annotate", ["ArrowUp", "Digit0", "Numpad0"]],
  bothBad: ["annotate", ["ArrowDown", "Digit9", "Numpad9"]],
  skip: ["annotate", ["Space"]],
  undo: ["annotate", ["$mod+z"]],
  redo: ["annotate", ["$mod+Shift+z", "$mod+y"]],
  pause: ["annotate", ["p"]],
  flag: ["annotate", ["f"]],
  reason: ["annotate", ["r"]],
  diff: ["annotate", ["d"]],
  lengths: ["annotate", ["w"]],
  earlierTurns: ["annotate", ["c"]],
  guidelines: ["annotate", ["g"]],
  scrollDown: ["annotate", ["j"]],
  scrollUp: ["annotate", ["k"]],
  scrollLeft: ["annotate", ["h"]],
  scrollRight: ["annotate", ["l"]],
  larger: ["annotate", ["[Shift]++", "NumpadAdd"]],
  smaller: ["annotate", ["[Shift]+-", "NumpadSubtract"]],
  nextRound: ["rounds", ["n"]],
  pauseRound: ["rounds", ["p"]],
  liveStage: ["rounds", ["l"]],
  pauseTraining: ["training", ["p"]],
  search: ["judgments", ["[Shift]+/"]],
  nextDispute: ["judgments", ["[Shift]+]"]],
  previousDispute: ["judgments", ["[Shift]+["]],
  exportLedger: ["judgments", ["e"]],
  tableOrChart: ["results", ["t"]],
  exportResults: ["results", ["e"]],
};

const IDS = Object.keys(USUAL) as readonly KeyId[]; // the record has no others

/** Bindings that a person has chosen, by row; a row that is not named has its usual ones. */
export type OwnKeys = Readonly<Partial<Record<KeyId, readonly string[]>>>;

export function keyRows(own: OwnKeys = {}): readonly KeyRow[] {
  return IDS.map((id) => {
    const [scope, usual] = USUAL[id];
    return { id, label: keysText.labels[id], scope, bindings: own[id] ?? usual };
  });
}

/** The first binding of a row is what buttons and the palette show. */
export function firstCaps(rows: readonly KeyRow[], id: KeyId, isMac: boolean): readonly string[] {
  const [binding] = rows.find((row) => row.id === id)?.bindings ?? [];
  return binding === undefined ? [] : capsOf(binding, isMac);
}

/** The keys of a row as they are printed on this machine's keyboard; one on the number block says nothing new. */
export function rowCaps({ bindings }: Pick<KeyRow, "bindings">, isMac: boolean): readonly (readonly string[])[] {
  const printed = bindings.filter((binding) => !binding.includes("Numpad"));
  return (printed.length > 0 ? printed : bindings).map((binding) => capsOf(binding, isMac));
}

/** The row that has a key already where this one would hold too; undefined if the key is free. */
export function holderOf(rows: readonly KeyRow[], id: KeyId, binding: string): KeyRow | undefined {
  const scope = USUAL[id][0];
  return rows.find(
    (row) =>
      row.id !== id &&
      (row.scope === scope || row.scope === "everywhere" || scope === "everywhere") &&
      row.bindings.some((one) => isSamePress(one, binding)),
  );
}

/** What was kept, as far as it is what this page can have written. */
export function readOwnKeys(text: string | null): OwnKeys {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    if (typeof value !== "object" || value === null) return {};
    const known = new Set<string>(IDS);
    const kept = Object.entries(value).filter(
      (entry): entry is [KeyId, readonly string[]] =>
        known.has(entry[0]) && Array.isArray(entry[1]) && entry[1].every((one) => typeof one === "string" && isAllowed(one)),
    );
    return Object.fromEntries(kept);
  } catch {
    return {};
  }
}
