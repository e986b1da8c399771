/** Fits pairs into the training length: what is too long is cut or dropped, and said. */
import { ConfigError } from "#app/base/errors.ts";
import { idsOrRefusal } from "#app/decoding/tokenizer.ts";
import type { LossKind } from "#app/domain/loss.ts";
import type { TrainingPair } from "#app/rounds/ports.ts";
import { losses } from "#app/training/losses.ts";
import type { TrainablePair } from "#app/training/pair-packing.ts";

export type DroppedPair = { readonly pairId: string; readonly reason: string };

export type PreparedPairs = { readonly pairs: readonly TrainablePair[]; readonly dropped: readonly DroppedPair[] };

/**
 * A prompt keeps all its tokens or its pair is dropped, also where the chat template refuses it; responses are cut at the end, and a cut response gets no
 * end-of-text token that the policy did not produce. `maxLength` counts the prompt and the longer response. For a loss
 * that looks at the chosen side alone, rejected responses are left out, and pairs may be without one.
 */
export function preparePairs(
  pairs: readonly TrainingPair[],
  promptIdsOf: (pair: TrainingPair) => readonly number[],
  { maxLength, loss }: { readonly maxLength: number; readonly loss: LossKind },
): PreparedPairs {
  const { needs, sides } = losses[loss];
  const kept: TrainablePair[] = [];
  const dropped: DroppedPair[] = [];
  for (const pair of pairs) {
    const promptIds = idsOrRefusal(() => promptIdsOf(pair));
    if (promptIds instanceof ConfigError) {
      dropped.push({ pairId: pair.pairId, reason: promptIds.message });
      continue;
    }
    const room = maxLength - promptIds.length;
    const { chosenWinRate, rejectedWinRate } = pair;
    const winRates = chosenWinRate === undefined || rejectedWinRate === undefined ? undefined : { chosen: chosenWinRate, rejected: rejectedWinRate };
    const unknownRate =
      needs.includes("winRates") && winRates === undefined ? "the expected win rate of a response is not known, and the loss needs both" : undefined;
    const lengthReason = reasonOfLength(pair.chosenTokenIds, promptIds.length, maxLength);
    const reason = lengthReason ?? (sides === "chosen" ? undefined : reasonOfRejected(pair, room)) ?? unknownRate;
    if (reason !== undefined) {
      dropped.push({ pairId: pair.pairId, reason });
      continue;
    }
    const rejectedIds = sides === "chosen" ? [] : pair.rejectedTokenIds.slice(0, room);
    const responses = { chosenIds: pair.chosenTokenIds.slice(0, room), rejectedIds };
    kept.push({ promptIds, ...responses, ...(winRates === undefined ? {} : { winRates }) });
  }
  return { pairs: kept, dropped };
}

function reasonOfLength(chosenIds: readonly number[], promptLength: number, maxLength: number): string | undefined {
  if (promptLength === 0) return "the prompt has no tokens";
  if (promptLength >= maxLength) return `the prompt has ${promptLength} tokens, prompt and response may have ${maxLength}`;
  return chosenIds.length === 0 ? "a response has no tokens" : undefined;
}

function reasonOfRejected({ chosenTokenIds, rejectedTokenIds }: TrainingPair, room: number): string | undefined {
  if (rejectedTokenIds.length === 0) return "a response has no tokens";
  const [chosen, rejected] = [chosenTokenIds.slice(0, room), rejectedTokenIds.slice(0, room)];
  return chosen.length === rejected.length && chosen.every((id, i) => id === rejected[i]) ? "both responses have the same tokens" : undefined;
}
