/** Measures what sampling from 8 bits changes: a few responses are sampled so, and scored in float32 by policy and reference. */
import { CancelledError } from "#app/base/errors.ts";
import { idsOrRefusal } from "#app/decoding/tokenizer.ts";
import type { SamplingSettings } from "#app/domain/sampling.ts";
import type { SampledResponse, SampleUnit } from "#app/rounds/ports.ts";
import type { PrecisionMeasurement } from "#app/rounds/sampling-precision.ts";
import type { FedPolicy, PolicyModel } from "#main/engine/runtime/policy-model.ts";
import { withFactorsOnDevice } from "#main/engine/runtime/resident-factors.ts";
import type { SessionCache } from "#main/engine/runtime/session-cache.ts";
import { scorePairs } from "#main/engine/training/pair-runs.ts";
import { fittingIds, sampleResponses, type SamplingInputs } from "./sample-responses.ts";

/** So many of the units are sampled. */
const MEASURED_UNITS = 16;
/** Tokens of each response that are compared, at most: enough for two digits, and quick. */
const MAX_TOKENS = 64;
/** Responses that are scored in one run. */
const ROWS = 2;

export type PrecisionInputs = {
  readonly eightBit: PolicyModel;
  readonly exact: PolicyModel;
  /** The policy it was trained from; null where it was not trained here. */
  readonly reference: PolicyModel | null;
  readonly tokenizer: SamplingInputs["tokenizer"];
  readonly settings: SamplingSettings;
  readonly units: readonly SampleUnit[];
  /** For sampling, and for scoring by kernels of their own. */
  readonly sampling: SessionCache;
  readonly scoring: SessionCache;
};

type Hooks = { breathe(): Promise<void>; readonly isCancelled: () => boolean };

type Compared = { readonly promptIds: readonly number[]; readonly chosenIds: readonly number[]; readonly logps: readonly number[] };

/** Null where no response has a token to measure by. */
export async function measurePrecision(inputs: PrecisionInputs, hooks: Hooks): Promise<PrecisionMeasurement | null> {
  const responses = await sampled(inputs, hooks);
  const { scoring, exact, reference } = inputs;
  return await withFactorsOnDevice(scoring, exact, (placed) =>
    reference === null
      ? measured(responses, { scoring, exact: placed, reference }, hooks)
      : withFactorsOnDevice(scoring, reference, (other) => measured(responses, { scoring, exact: placed, reference: other }, hooks)),
  );
}

type Scoring = { readonly scoring: SessionCache; readonly exact: FedPolicy; readonly reference: FedPolicy | null };

async function measured(responses: readonly Compared[], inputs: Scoring, hooks: Hooks): Promise<PrecisionMeasurement | null> {
  let [gap, distance, tokenCount] = [0, 0, 0];
  for (let start = 0; start < responses.length; start += ROWS) {
    if (hooks.isCancelled()) throw new CancelledError();
    const group = responses.slice(start, start + ROWS);
    const exact = await scored(inputs.exact, inputs.scoring, group);
    const reference = inputs.reference === null ? undefined : await scored(inputs.reference, inputs.scoring, group);
    group.forEach(({ logps }, i) => {
      logps.forEach((logp, t) => {
        const own = exact[i]?.[t] ?? Number.NaN;
        gap += Math.abs(logp - own);
        distance += Math.abs(own - (reference?.[i]?.[t] ?? Number.NaN));
        tokenCount += 1;
      });
    });
    await hooks.breathe();
  }
  if (tokenCount === 0) return null;
  return { gapNats: gap / tokenCount, distanceNats: inputs.reference === null ? null : distance / tokenCount, tokenCount };
}

/** The first units whose prompts can be sampled: one of each prompt before a second of any. */
function unitsToMeasure({ exact, tokenizer, units }: PrecisionInputs): readonly SampleUnit[] {
  const { maxPositions } = exact.model.config;
  const fits = new Map<string, boolean>();
  const chosen: SampleUnit[] = [];
  for (const unit of units.toSorted((a, b) => a.sampleIndex - b.sampleIndex)) {
    const isFitting =
      fits.get(unit.promptId) ??
      fittingIds(
        idsOrRefusal(() => tokenizer.promptIds(unit.messages)),
        maxPositions,
      ) !== undefined;
    fits.set(unit.promptId, isFitting);
    if (isFitting) chosen.push(unit);
    if (chosen.length === MEASURED_UNITS) break;
  }
  return chosen;
}

async function sampled(inputs: PrecisionInputs, hooks: Hooks): Promise<readonly Compared[]> {
  const { eightBit, tokenizer, settings, sampling } = inputs;
  const units = unitsToMeasure(inputs);
  const messagesOf = new Map(units.map((unit) => [unit.promptId, unit.messages]));
  const compared: Compared[] = [];
  const keep = (response: SampledResponse, tokenLogps: readonly number[]): void => {
    const promptIds = tokenizer.promptIds(messagesOf.get(response.promptId) ?? []);
    compared.push({ promptIds, chosenIds: response.tokenIds, logps: tokenLogps });
  };
  await sampleResponses(
    {
      policy: eightBit,
      tokenizer,
      sessions: sampling,
      settings: { ...settings, maxNewTokens: Math.min(settings.maxNewTokens, MAX_TOKENS) },
      units,
    },
    { sampled: keep, skipped: () => undefined, breathe: () => hooks.breathe(), isCancelled: hooks.isCancelled },
  );
  return compared.filter(({ chosenIds }) => chosenIds.length > 0);
}

async function scored(policy: FedPolicy, sessions: SessionCache, group: readonly Compared[]): Promise<readonly (readonly number[])[]> {
  const pairs = group.map(({ promptIds, chosenIds }) => ({ promptIds, chosenIds, rejectedIds: [] }));
  return (await scorePairs({ policy, sessions, batch: ROWS }, pairs)).map(({ chosenTokens }) => chosenTokens);
}
