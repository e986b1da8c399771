/** Fits pairs into the training length: what is too long is cut or dropped, and said. */
import type { TrainingPair } from "#app/rounds/ports.ts";
import type { TrainablePair } from "#app/training/pair-packing.ts";

export type DroppedPair = { readonly pairId: string; readonly reason: string };

export type PreparedPairs = { readonly pairs: readonly TrainablePair[]; readonly dropped: readonly DroppedPair[] };

/**
 * A prompt keeps all its tokens or its pair is dropped; responses are cut at the end, and a cut response gets no
 * end-of-text token that the policy did not produce. `maxLength` counts the prompt and the longer response.
 */
export function preparePairs(
  pairs: readonly TrainingPair[],
  promptIdsOf: (pair: TrainingPair) => readonly number[],
  { maxLength, needsWinRates }: { readonly maxLength: number; readonly needsWinRates: boolean },
): PreparedPairs {
  const kept: TrainablePair[] = [];
  const dropped: DroppedPair[] = [];
  for (const pair of pairs) {
    const promptIds = promptIdsOf(pair);
    const room = maxLength - promptIds.length;
    const { chosenWinRate, rejectedWinRate } = pair;
    const winRates = chosenWinRate === undefined || rejectedWinRate === undefined ? undefined : { chosen: chosenWinRate, rejected: rejectedWinRate };
    const unknownRate =
      needsWinRates && winRates === undefined ? "the expected win rate of a response is not known, and the loss needs both" : undefined;
    const reason = reasonToDrop(pair, promptIds.length, room, maxLength) ?? unknownRate;
    if (reason !== undefined) {
      dropped.push({ pairId: pair.pairId, reason });
      continue;
    }
    const responses = { chosenIds: pair.chosenTokenIds.slice(0, room), rejectedIds: pair.rejectedTokenIds.slice(0, room) };
    kept.push({ promptIds, ...responses, ...(winRates === undefined ? {} : { winRates }) });
  }
  return { pairs: kept, dropped };
}

function reasonToDrop(pair: TrainingPair, promptLength: number, room: number, maxLength: number): string | undefined {
  if (promptLength === 0) return "the prompt has no tokens";
  if (room < 1) return `the prompt has ${promptLength} tokens, prompt and response may have ${maxLength}`;
  if (pair.chosenTokenIds.length === 0 || pair.rejectedTokenIds.length === 0) return "a response has no tokens";
  const [chosen, rejected] = [pair.chosenTokenIds.slice(0, room), pair.rejectedTokenIds.slice(0, room)];
  if (chosen.length === rejected.length && chosen.every((id, i) => id === rejected[i])) return "both responses have the same tokens";
  return undefined;
}
