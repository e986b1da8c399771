/** Prompts of a file that would stand on both sides of a split: equal ones, and ones that are nearly so. */
import * as z from "zod";
import type { ContentHash } from "#app/base/ids.ts";
import { type Leak, type Leaks, MAX_LISTED } from "#app/contract/imports.ts";
import { messageSchema, type Split } from "#app/domain/prompt.ts";
import type { SplitAssignment } from "#app/judging/assign-splits.ts";
import { createNearIndex, createRunShelf, type NearIndex, type WordRuns } from "#app/preferences/rows/near-duplicates.ts";
import { storedTexts } from "#main/store/queries/imports.ts";
import type { LabContext } from "../context.ts";
import { createTurns, inTurns } from "./in-turns.ts";
import { type FoundPrompt, MOST_HELD_OUT, type Survey } from "./survey.ts";

export type FoundLeaks = Leaks & {
  /** New training prompts that nearly repeat a held-out one: what leaving near copies out leaves out. */
  readonly nearTraining: ReadonlySet<ContentHash>;
};

type Side = { readonly row: number | null; readonly split: Split; readonly runs: WordRuns };
type Places = ReadonlyMap<ContentHash, SplitAssignment>;

/** Stored prompts are read so many at a time. */
const PAGE = 100;

export async function findLeaks(lab: LabContext, survey: Survey, places: Places): Promise<FoundLeaks> {
  const equal = await equalLeaks(survey);
  const near = await nearLeaks(lab, survey, places);
  return {
    equal: equal.length,
    near: near.length,
    listed: [...equal, ...near.map(({ leak }) => leak)].slice(0, MAX_LISTED),
    nearTraining: new Set(near.flatMap(({ leak, hash }) => (leak.split === "training" ? [hash] : []))),
  };
}

/** Rows that ask for a split in which their prompt will not be. */
async function equalLeaks({ prompts }: Survey): Promise<Leak[]> {
  const leaks: Leak[] = [];
  await inTurns(prompts.values(), ({ wanted, stored, excerpt }) => {
    const place = stored ?? MOST_HELD_OUT.find((split) => wanted.has(split));
    if (place === undefined) return;
    for (const [split, row] of wanted) {
      if (split === place) continue;
      const otherRow = stored === undefined ? (wanted.get(place) ?? null) : null;
      leaks.push({ row, split, otherRow, otherSplit: place, share: 1, text: excerpt });
    }
  });
  return leaks;
}

type NearLeak = { readonly leak: Leak; readonly hash: ContentHash };

/** Held-out prompts are indexed, training prompts looked up; pairs that are both stored already are not this file's. */
async function nearLeaks(lab: LabContext, survey: Survey, places: Places): Promise<NearLeak[]> {
  const fresh: { readonly prompt: FoundPrompt; readonly split: Split }[] = [];
  await inTurns(survey.prompts.values(), (prompt) => {
    const place = places.get(prompt.hash);
    if (place !== undefined) fresh.push({ prompt, split: place.split });
  });
  const stored = await storedSides(lab);
  const heldOut = [
    ...stored.filter(isHeldOut),
    ...fresh.filter(isHeldOut).map(({ prompt, split }) => ({ row: prompt.row, split, runs: prompt.runs })),
  ];
  const index = await indexOf(heldOut);
  const leaks: NearLeak[] = [];
  await inTurns(fresh, ({ prompt, split }) => {
    const found = split === "training" ? index.find(prompt.runs) : undefined;
    if (found !== undefined) leaks.push({ hash: prompt.hash, leak: leakOf(prompt, split, found.key, found.share) });
  });
  // A held-out prompt of the file that a stored training prompt nearly repeats.
  const training = await indexOf(fresh.some(isHeldOut) ? stored.filter((side) => !isHeldOut(side)) : []);
  await inTurns(fresh, ({ prompt, split }) => {
    const found = split === "training" ? undefined : training.find(prompt.runs);
    if (found !== undefined) leaks.push({ hash: prompt.hash, leak: leakOf(prompt, split, found.key, found.share) });
  });
  return leaks;
}

function isHeldOut({ split }: { readonly split: Split }): boolean {
  return split !== "training";
}

function leakOf({ row, excerpt }: FoundPrompt, split: Split, other: Side, share: number): Leak {
  return { row, split, otherRow: other.row, otherSplit: other.split, share, text: excerpt };
}

async function indexOf(sides: readonly Side[]): Promise<NearIndex<Side>> {
  const index = createNearIndex<Side>();
  await inTurns(sides, ({ runs }) => {
    index.count(runs);
  });
  await inTurns(sides, (side) => {
    index.add(side, side.runs);
  });
  return index;
}

const messagesSchema = z.array(messageSchema);

async function storedSides(lab: LabContext): Promise<Side[]> {
  const sides: Side[] = [];
  const turn = createTurns();
  const shelf = createRunShelf();
  let after = "";
  for (;;) {
    const page = storedTexts(lab.store.db, after, PAGE);
    for (const { split, messages } of page) {
      const text = messagesSchema.parse(JSON.parse(messages)).map(({ content }) => content);
      sides.push({ row: null, split, runs: shelf.put(text.join("\n")) });
    }
    const last = page.at(-1);
    if (last === undefined) return sides;
    after = last.hash;
    await turn();
  }
}
