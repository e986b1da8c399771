/** Whole numbers by runs of words: millions of them without an object each, which collecting garbage would have to copy at a stretch. */

export type RunTable = {
  /** 0 for a run that was never set. */
  get(run: number): number;
  set(run: number, value: number): void;
};

type Part = { runs: Float64Array; values: Uint32Array; size: number };

const EMPTY = -1;
const FIRST_SLOTS = 16;
/** Parts are chosen by the last bits of a run, slots within them by the bits before. */
const PART_BITS = 8;

/** 256 parts, each with open addressing and at most half full: growing one moves some thousands of runs, never all. */
export function createRunTable(): RunTable {
  const parts = Array.from({ length: 1 << PART_BITS }, () => emptyPart(FIRST_SLOTS));
  const numberOf = (run: number): number => run & ((1 << PART_BITS) - 1);
  return {
    get: (run) => {
      const part = parts[numberOf(run)];
      return part === undefined ? 0 : (part.values[slotOf(part, run)] ?? 0);
    },
    set: (run, value) => {
      const number = numberOf(run);
      const part = parts[number];
      if (part === undefined) return;
      put(part, run, value);
      if (2 * part.size > part.runs.length) parts[number] = grown(part);
    },
  };
}

function emptyPart(slots: number): Part {
  return { runs: new Float64Array(slots).fill(EMPTY), values: new Uint32Array(slots), size: 0 };
}

/** Where the run is, or would be. */
function slotOf({ runs }: Part, run: number): number {
  const mask = runs.length - 1;
  let slot = (run >>> PART_BITS) & mask;
  while (runs[slot] !== run && runs[slot] !== EMPTY) slot = (slot + 1) & mask;
  return slot;
}

function put(part: Part, run: number, value: number): void {
  const slot = slotOf(part, run);
  if (part.runs[slot] === EMPTY) part.size += 1;
  part.runs[slot] = run;
  part.values[slot] = value;
}

function grown(part: Part): Part {
  const larger = emptyPart(2 * part.runs.length);
  for (const [slot, run] of part.runs.entries()) if (run !== EMPTY) put(larger, run, part.values[slot] ?? 0);
  return larger;
}
