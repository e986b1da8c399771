/** What the collapse watch of a round's evaluation found, as it is shown. */
import type { CollapseWatchView, WatchFigures } from "#app/contract/views.ts";
import type { Round } from "#app/domain/round.ts";
import { collapseWarnings } from "#app/statistics/collapse-watch.ts";
import type { ReadableDb } from "#main/store/database.ts";
import { type StoredWatch, watchesOf } from "#main/store/queries/collapse-watch.ts";
import { policyById } from "#main/store/queries/policies.ts";
import { liveAttempts } from "#main/store/queries/rounds.ts";

/** Null where the round has not come so far, or the watch is switched off. */
export function watchView(db: ReadableDb, round: Pick<Round, "id" | "number">): CollapseWatchView | null {
  const attempt = liveAttempts(db, round.id).get("evaluate");
  const watches = attempt === undefined ? [] : watchesOf(db, attempt.id);
  const first = watches.find((watch) => watch.policyId === watch.firstPolicyId);
  const now = watches.find((watch) => watch.policyId !== watch.firstPolicyId);
  if (first === undefined || now === undefined) return null;
  const warnings = collapseWarnings(now, first).map(({ sentence }) => sentence);
  return { round: round.number, now: figures(db, now), first: figures(db, first), warnings };
}

function figures(db: ReadableDb, watch: StoredWatch): WatchFigures {
  const { policyId, firstPolicyId: _first, neutralText: _text, neutralNatsPerToken, distinct, ...rest } = watch;
  return { ...rest, policy: policyById(db, policyId).name, distinct: [...distinct], perplexity: Math.exp(neutralNatsPerToken) };
}
