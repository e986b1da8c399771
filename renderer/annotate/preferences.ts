/** What the page remembers of the person in this browser: the name, and the size of what is read. */
import { useState } from "react";

const AUTHOR_KEY = "nashlab.author";
const TOGETHER_KEY = "nashlab.scrollTogether";
const SIZE_KEY = "nashlab.readingSize";

/** Tokens of the sizes of what is read: 13, 15, 18 and 22 px at 100 %. */
export const READING_SIZES = ["var(--text-13)", "var(--text-15)", "var(--text-18)", "var(--text-22)"] as const;
const USUAL_SIZE = 1;

/** The name under which verdicts are kept, and a way to set it; undefined until it was given once. */
export function useAuthor(): readonly [string | undefined, (name: string | undefined) => void] {
  const [author, setAuthor] = useState(() => window.localStorage.getItem(AUTHOR_KEY) ?? undefined);
  const keep = (name: string | undefined): void => {
    if (name === undefined) window.localStorage.removeItem(AUTHOR_KEY);
    else window.localStorage.setItem(AUTHOR_KEY, name);
    setAuthor(name);
  };
  return [author, keep];
}

/** The place among READING_SIZES, and a way to go up (1) or down (-1). */
export function useReadingSize(): readonly [string, (change: 1 | -1) => void] {
  const [place, setPlace] = useState(() => withinSizes(Number(window.localStorage.getItem(SIZE_KEY) ?? USUAL_SIZE)));
  const change = (by: 1 | -1): void => {
    const next = withinSizes(place + by);
    window.localStorage.setItem(SIZE_KEY, String(next));
    setPlace(next);
  };
  return [READING_SIZES[place] ?? READING_SIZES[USUAL_SIZE], change];
}

function withinSizes(place: number): number {
  return Number.isInteger(place) ? Math.min(READING_SIZES.length - 1, Math.max(0, place)) : USUAL_SIZE;
}

/** Whether the two sheets scroll as one, and a way to change it. */
export function useScrollTogether(): readonly [boolean, () => void] {
  const [isTogether, setTogether] = useState(() => window.localStorage.getItem(TOGETHER_KEY) !== "no");
  const toggle = (): void => {
    window.localStorage.setItem(TOGETHER_KEY, isTogether ? "no" : "yes");
    setTogether(!isTogether);
  };
  return [isTogether, toggle];
}
