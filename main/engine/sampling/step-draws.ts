/** Draws the rows' next tokens from a step; fetches all logits along with the steps at first, and while draws have lately needed them. */
import { type DrawnToken, type DrawSettings, drawToken } from "#app/decoding/draw.ts";
import { TOP_COUNT } from "#app/models/sampling-graphs.ts";
import type { DecodeBatch } from "./decode-batch.ts";

/**
 * Steps that still fetch all logits after the last draw that needed them. Fetching them costs less than a thirtieth of a
 * step (0.8 ms for 32 rows of 49,152, where a step takes some 40 ms), running a step again costs a whole one: so what is
 * fetched in vain after a need costs no more than the step that was run twice for it.
 */
export const KEEP_FETCHING = 32;

/** What decides a row's next token: its tokens so far, of which the last is fed, and a number uniform in [0, 1). */
export type RowDraw = { readonly ids: readonly number[]; readonly u: number };

export type StepDraws = {
  /** Runs one step and draws for each slot that has a row. Undefined for an empty slot. */
  next(rows: readonly (RowDraw | undefined)[]): Promise<readonly (DrawnToken | undefined)[]>;
};

/** Which steps fetch all logits changes no token: what the most likely tokens decide is drawn from them, whatever is at hand. */
export function createStepDraws(batch: DecodeBatch, settings: DrawSettings): StepDraws {
  // The first tokens of a response are the least certain: where draws can need all logits, they are begun with.
  let stepsSinceNeed = canNeedAll(settings) ? 0 : Infinity;
  return {
    next: async (rows) => {
      const nexts = await batch.step(
        rows.map((row) => row?.ids.at(-1)),
        stepsSinceNeed < KEEP_FETCHING,
      );
      const fromTop = rows.map((row, slot) => {
        const next = nexts[slot];
        return row === undefined || next === undefined ? undefined : drawToken({ ...next, logits: undefined }, settings, row.u);
      });
      const isNeeded = rows.some((row, slot) => row !== undefined && fromTop[slot] === undefined);
      stepsSinceNeed = isNeeded ? 0 : stepsSinceNeed + 1;
      if (!isNeeded) return fromTop;
      const whole = nexts.some((next) => next?.logits !== undefined) ? nexts : await batch.withLogits();
      return rows.map((row, slot) => {
        const next = whole[slot];
        return row === undefined || next === undefined ? undefined : (fromTop[slot] ?? drawToken(next, settings, row.u));
      });
    },
  };
}

/** Greedy draws and those from no more tokens than a step returns never look beyond them. */
function canNeedAll({ temperature, topK }: DrawSettings): boolean {
  return temperature > 0 && (topK === 0 || topK > TOP_COUNT);
}
