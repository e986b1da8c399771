/** What can be done now: every mounted part of the page adds its commands, the palette and the keys read them. */
import type { KeyId, KeyRow } from "../keys/key-table.ts";

export type Command = {
  /** Unique among what can be done at a time; a later one of the same id stands for the earlier. */
  readonly id: string;
  readonly label: string;
  /** The heading under which the palette lists it. */
  readonly group: string;
  /** A row of the table of keys, or Enter for what a page offers first; without it only the palette reaches the command. */
  readonly keys?: KeyId | "Enter";
  /** The screen listens for those keys itself; the palette only shows them. */
  readonly isBoundByScreen?: true;
  /** Further words under which it is found. */
  readonly keywords?: string;
  readonly run: () => void;
};

export class CommandStore {
  readonly #added = new Set<readonly Command[]>();
  readonly #listeners = new Set<() => void>();
  #all: readonly Command[] = [];

  readonly all = (): readonly Command[] => this.#all;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** Returns how to take them away. */
  add(commands: readonly Command[]): () => void {
    this.#added.add(commands);
    this.#changed();
    return () => {
      this.#added.delete(commands);
      this.#changed();
    };
  }

  #changed(): void {
    const byId = new Map([...this.#added].flat().map((command) => [command.id, command]));
    this.#all = [...byId.values()];
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Commands whose words hold every word that was typed, those that begin with it first. */
export function matching(commands: readonly Command[], query: string): readonly Command[] {
  const words = query
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== "");
  if (words.length === 0) return commands;
  const rank = ({ label }: Command): number => (label.toLowerCase().startsWith(words[0] ?? "") ? 0 : 1);
  return commands
    .filter(({ label, group, keywords = "" }) => {
      const text = `${label} ${group} ${keywords}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .toSorted((a, b) => rank(a) - rank(b));
}

/** The bindings of a command among the keys that rows have now. */
export function bindingsOf({ keys }: Pick<Command, "keys">, rows: readonly KeyRow[]): readonly string[] {
  if (keys === "Enter") return ["Enter"];
  return rows.find((row) => row.id === keys)?.bindings ?? [];
}
