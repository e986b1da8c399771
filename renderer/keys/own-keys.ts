/** The person's own keys in this browser: kept for all screens and tabs, and told to everything that binds or shows a key. */
import { useMemo, useSyncExternalStore } from "react";
import { keyRows, type KeyRow, type OwnKeys, readOwnKeys } from "./key-table.ts";

const NAME = "nashlab.keys";

const listeners = new Set<() => void>();
let kept: { readonly text: string | null; readonly own: OwnKeys } | undefined;

function read(): OwnKeys {
  const text = window.localStorage.getItem(NAME);
  // The same object as long as nothing was changed: React compares by identity.
  if (kept === undefined || kept.text !== text) kept = { text, own: readOwnKeys(text) };
  return kept.own;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // Another tab of this browser may change them.
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

export function keepOwnKeys(own: OwnKeys): void {
  window.localStorage.setItem(NAME, JSON.stringify(own));
  for (const listener of [...listeners]) listener();
}

export function useOwnKeys(): OwnKeys {
  return useSyncExternalStore(subscribe, read);
}

/** All rows with the keys that they have now. */
export function useKeyRows(): readonly KeyRow[] {
  const own = useOwnKeys();
  return useMemo(() => keyRows(own), [own]);
}
