/** Ranks of the ledger: which judgment stands at which place under a filter and an order, made in slices, kept while asked for. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { LedgerFilter, LedgerSort } from "#app/contract/judgments.ts";
import { compareTexts } from "#app/text/language.ts";
import { authorNames, type LedgerKey, ledgerKeys, promptTexts, responsesWith, searchKeys } from "#main/store/queries/ledger.ts";
import type { ReadableDb } from "#main/store/database.ts";

/** Numbers looked at in one turn of the event loop: a verdict that comes meanwhile waits for one slice at most. */
const SLICE = 10_000;
const RESPONSE_SLICE = 500;
const LISTS_KEPT = 6;

/** Ledger numbers in the order asked for. */
export type Ranks = { readonly total: number; numbers(from: number, count: number): readonly number[] };

export interface RankShelf {
  ranks(filter: LedgerFilter, sort: LedgerSort, upTo: number): Promise<Ranks>;
}

export function createRankShelf(db: ReadableDb): RankShelf {
  const lists = new Map<string, Promise<Ranks>>();
  return {
    ranks: async (filter, sort, upTo) => {
      if (Object.values(filter).every((value) => value === undefined) && sort.by === "time") return ranksByArrival(sort, upTo);
      const key = JSON.stringify([filter, sort, upTo]);
      const known = lists.get(key) ?? listRanks(db, filter, sort, upTo);
      // The one used last goes to the end; the oldest is let go.
      lists.delete(key);
      lists.set(key, known);
      for (const old of [...lists.keys()].slice(0, -LISTS_KEPT)) lists.delete(old);
      try {
        return await known;
      } catch (thrown) {
        lists.delete(key);
        throw thrown;
      }
    },
  };
}

/** Without a filter the number is the rank. */
function ranksByArrival(sort: LedgerSort, upTo: number): Ranks {
  return {
    total: upTo,
    numbers: (from, count) => {
      const length = Math.max(0, Math.min(count, upTo - from));
      return Array.from({ length }, (_, i) => (sort.direction === "ascending" ? from + i + 1 : upTo - from - i));
    },
  };
}

async function listRanks(db: ReadableDb, filter: LedgerFilter, sort: LedgerSort, upTo: number): Promise<Ranks> {
  const search = filter.search === undefined ? undefined : await prepareSearch(db, filter.search);
  const keyOf = sortKey(db, sort);
  const numbers: number[] = [];
  const keys: number[] = [];
  for (let after = 0; after < upTo; after += SLICE) {
    const until = Math.min(after + SLICE, upTo);
    const rows = ledgerKeys(db, filter, after, until - after);
    const fits = search === undefined || rows.length === 0 ? undefined : search(after, until);
    for (const row of rows) {
      if (fits !== undefined && !fits(row)) continue;
      numbers.push(row.number);
      if (keyOf !== undefined) keys.push(keyOf(row));
    }
    await nextTurn();
  }
  const ordered = Uint32Array.from(numbers);
  const sign = sort.direction === "ascending" ? 1 : -1;
  if (keyOf !== undefined) {
    const places = Uint32Array.from(numbers, (_, i) => i);
    // Equal ones stand newest first, whichever way the rest goes.
    places.sort((a, b) => sign * ((keys[a] ?? 0) - (keys[b] ?? 0)) || b - a);
    places.forEach((place, i) => {
      ordered[i] = numbers[place] ?? 0;
    });
  } else if (sign < 0) ordered.reverse();
  return { total: ordered.length, numbers: (from, count) => [...ordered.subarray(from, from + count)] };
}

/** What a row is sorted by as a number; undefined for the order of arrival. What is not known stands last either way. */
function sortKey(db: ReadableDb, { by, direction }: LedgerSort): ((row: LedgerKey) => number) | undefined {
  const last = direction === "ascending" ? Number.MAX_VALUE : -Number.MAX_VALUE;
  switch (by) {
    case "time":
      return undefined;
    case "took":
      return (row) => row.durationMs ?? last;
    case "cost":
      return (row) => row.costUsd ?? last;
    case "verdict":
      return (row) => VERDICTS.indexOf(row.verdict);
    case "author": {
      const places = placesOf(authorNames(db).map(({ id, name }) => ({ id, text: name })));
      return (row) => places.get(row.authorId) ?? 0;
    }
    case "prompt": {
      const places = placesOf(promptTexts(db).map(({ id, messages }) => ({ id, text: lastUserText(messages) })));
      return (row) => places.get(row.promptId) ?? 0;
    }
    default:
      return by satisfies never;
  }
}

const VERDICTS: readonly string[] = ["first", "second", "tie", "bothBad", "abstains", "invalid", "retraction"];

function placesOf(texts: readonly { readonly id: string; readonly text: string }[]): ReadonlyMap<string, number> {
  return new Map(texts.toSorted((a, b) => compareTexts(a.text, b.text)).map(({ id }, place) => [id, place]));
}

type StoredMessage = { readonly role: string; readonly content: string };

/** The last question in a prompt's JSON. */
export function lastUserText(messages: string): string {
  const parsed = JSON.parse(messages) as readonly StoredMessage[]; // the store writes nothing else there
  return parsed.findLast((message) => message.role === "user")?.content ?? "";
}

/** Finds once which prompts and responses hold the words; reasons are looked at slice by slice. */
async function prepareSearch(db: ReadableDb, words: string): Promise<(after: number, until: number) => (row: LedgerKey) => boolean> {
  const wanted = words.toLowerCase();
  const prompts = new Set(
    promptTexts(db)
      .filter(({ messages }) => (JSON.parse(messages) as readonly StoredMessage[]).some(({ content }) => content.toLowerCase().includes(wanted))) // as above
      .map(({ id }) => id),
  );
  const pattern = `%${words.replaceAll(/[\\%_]/gu, (sign) => `\\${sign}`)}%`;
  const responses = new Set<string>();
  for (let after: string | undefined = ""; after !== undefined;) {
    const { ids, last }: ReturnType<typeof responsesWith> = responsesWith(db, pattern, after, RESPONSE_SLICE);
    for (const id of ids) responses.add(id);
    after = last;
    await nextTurn();
  }
  return (after, until) => {
    const keys = searchKeys(db, pattern, after, until);
    return ({ number, promptId }) => {
      const found = keys.get(number);
      return prompts.has(promptId) || (found !== undefined && (found.hasReason || responses.has(found.firstId) || responses.has(found.secondId)));
    };
  };
}
