/** Several rounds on one request: each next one is begun when the last is done; the request is in the database, so that it outlives the process. */
import { ConfigError, ConflictError, toLabError } from "#app/base/errors.ts";
import type { RoundSeriesView } from "#app/contract/rounds.ts";
import type { Round, Stage } from "#app/domain/round.ts";
import { isRoundDone } from "#app/rounds/next-action.ts";
import { roundWords } from "#app/text/rounds.ts";
import { beginSeries, endSeries, noteSeriesProblem, openSeries, setLastRound } from "#main/store/queries/round-series.ts";
import * as rounds from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";
import { sayBefore } from "./forecast.ts";
import { openRound } from "./open-round.ts";

/** How many rounds are asked for, and how far the last of them is to go. */
export type RoundRequest = { readonly until?: Stage | undefined; readonly rounds?: number | undefined };

/** Throws ConfigError for several rounds of which only a part is to be run: the next one starts from a whole one. */
export function requireWhole({ until = "evaluate", rounds: wanted = 1 }: RoundRequest): void {
  if (wanted === 1 || until === "evaluate") return;
  throw new ConfigError(roundWords.onlyOneRound(until, wanted));
}

/** Remembers what was asked for. Without a number a round goes on as part of the request that it belongs to. */
export function noteRequest(lab: LabContext, round: Round, { until = "evaluate", rounds: wanted }: RoundRequest): void {
  const { db } = lab.store;
  const open = openSeries(db);
  const isPartOfIt = open !== undefined && round.number <= open.lastRound && until === "evaluate";
  if (wanted === undefined && isPartOfIt) return;
  if (wanted === undefined || wanted === 1) endSeries(db, lab.clock.nowMs());
  else beginSeries(db, { id: lab.ids.next(), firstRound: round.number, lastRound: round.number + wanted - 1 }, lab.clock.nowMs());
}

/** The open request as it is shown; null without one. */
export function seriesView(lab: LabContext): RoundSeriesView | null {
  return openSeries(lab.store.db) ?? null;
}

/** True if a round is to follow this one, which is done. */
export function hasNext(lab: LabContext, round: Round): boolean {
  const series = openSeries(lab.store.db);
  return series !== undefined && series.lastRound > round.number;
}

/** Makes the round that follows, with what was known of it before. Throws what stands in its way, and remembers that. */
export async function openNext(lab: LabContext): Promise<Round> {
  const { db } = lab.store;
  try {
    const keep = await sayBefore(lab);
    const round = openRound(lab, "evaluate");
    noteSeriesProblem(db, null);
    keep(round.number);
    lab.events.publish({ type: "experiment.changed" });
    return round;
  } catch (thrown) {
    noteSeriesProblem(db, toLabError(thrown).message);
    throw thrown;
  }
}

/**
 * Says anew which round is to be the last: an earlier one than was asked for, or a later one; the open round at the
 * least. Counts from the next time that a round is done.
 * @throws ConflictError where there is no round yet, or the number lies behind it
 */
export function changeLastRound(lab: LabContext, lastRound: number): void {
  const { db } = lab.store;
  db.transaction(() => {
    const newest = rounds.lastRound(db);
    if (newest === undefined) throw new ConflictError(roundWords.noneStartedSay);
    if (lastRound < newest.number) {
      throw new ConflictError(roundWords.lastRoundTooEarly(newest.number, lastRound));
    }
    const isLast = lastRound === newest.number;
    const hasSeries = openSeries(db) !== undefined;
    if (isLast) endSeries(db, lab.clock.nowMs());
    else if (hasSeries) setLastRound(db, lastRound);
    else {
      const firstRound = isRoundDone(rounds.liveAttempts(db, newest.id)) ? newest.number + 1 : newest.number;
      beginSeries(db, { id: lab.ids.next(), firstRound, lastRound }, lab.clock.nowMs());
    }
  });
  lab.events.publish({ type: "experiment.changed" });
}
