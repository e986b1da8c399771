/** Samples responses: prompts prefilled once, up to 32 responses decoded side by side, a free row taken by the next. */
import { CancelledError, ConfigError, EngineError } from "#app/base/errors.ts";
import { rngFor } from "#app/base/random.ts";
import { type DrawnToken, drawToken } from "#app/decoding/draw.ts";
import { repeatedNgramShare } from "#app/decoding/repetition.ts";
import { textBeforeStop, tokensWithin } from "#app/decoding/stop-text.ts";
import { idsOrRefusal, type Tokenizer } from "#app/decoding/tokenizer.ts";
import type { FinishReason, SamplingSettings } from "#app/domain/sampling.ts";
import type { SampledResponse, SampleUnit, SkippedUnit } from "#app/rounds/ports.ts";
import type { ModelConfig } from "#app/models/model-config.ts";
import type { DeviceMemory } from "#main/engine/runtime/device-memory.ts";
import type { FedPolicy, PolicyModel } from "#main/engine/runtime/policy-model.ts";
import { withFactorsOnDevice } from "#main/engine/runtime/resident-factors.ts";
import type { SessionCache } from "#main/engine/runtime/session-cache.ts";
import { createDecodeBatch } from "./decode-batch.ts";
import { cacheBytes } from "./kv-cache.kernel.ts";
import { type Prefilled, prefill } from "./prefill.ts";
import { createStepDraws } from "./step-draws.ts";

const MAX_ROWS = 32;
/** Rows that share a run must be two or more: a lone row takes another kernel, with another rounding. */
const MIN_ROWS = 2;
/** Caches of keys and values take at most this much memory; fewer rows if they would need more. */
const MAX_CACHE_BYTES = 2 ** 30;

export type SamplingInputs = {
  readonly policy: PolicyModel;
  readonly tokenizer: Pick<Tokenizer, "promptIds" | "decode" | "eosIds">;
  readonly sessions: SessionCache;
  readonly settings: SamplingSettings;
  readonly units: readonly SampleUnit[];
};

export type SamplingHooks = {
  /** With log π of each of its tokens. */
  sampled(response: SampledResponse, tokenLogps: readonly number[]): void;
  skipped(unit: SkippedUnit): void;
  /** Called after each step. Lets messages in, so that a cancel arrives. `open` gives the responses that are not finished. */
  breathe(tokensDone: number, open: () => readonly OpenResponse[]): Promise<void>;
  readonly isCancelled: () => boolean;
};

export type OpenResponse = { readonly unit: SampleUnit; readonly ids: readonly number[] };

type Prompt = { readonly ids: readonly number[]; readonly maxNewTokens: number; readonly units: SampleUnit[] };

/** A response in the making. */
type Row = {
  readonly unit: SampleUnit;
  readonly maxNewTokens: number;
  readonly ids: number[];
  readonly logps: number[];
};

type Finish = { readonly reason: FinishReason; readonly text: string; readonly count: number };

/**
 * Reports each unit once, as sampled or as skipped. What a unit draws follows from its prompt and seed alone: draw t uses
 * the t-th number of its seed, whoever shares the run. Throws CancelledError between two runs.
 */
export async function sampleResponses(inputs: SamplingInputs, hooks: SamplingHooks): Promise<void> {
  const prompts = fittingPrompts(inputs, hooks);
  if (prompts.length === 0) return;
  await withFactorsOnDevice(inputs.sessions, inputs.policy, (policy, memory) => samplePrompts({ ...inputs, policy, memory }, prompts, hooks));
}

/** With the memory of a device that keeps factors and caches between runs. */
type PlacedInputs = Omit<SamplingInputs, "policy"> & { readonly policy: FedPolicy; readonly memory: DeviceMemory | undefined };

async function samplePrompts(inputs: PlacedInputs, prompts: readonly Prompt[], hooks: SamplingHooks): Promise<void> {
  const { policy, sessions, settings, memory } = inputs;
  const longest = Math.max(...prompts.map((prompt) => prompt.ids.length + prompt.maxNewTokens));
  const { temperature } = settings;
  const batch = createDecodeBatch(policy, sessions, { batch: rowCount(policy.model.config, prompts, longest), temperature, longest, memory });
  const draws = createStepDraws(batch, settings);
  const rows = new Array<Row | undefined>(batch.batch).fill(undefined);
  const queue = responseQueue(inputs, prompts);
  const open = (): readonly OpenResponse[] => rows.flatMap((row) => row ?? []);
  let tokensDone = 0;
  const settle = (slot: number, row: Row): void => {
    const finish = finishOf(row, inputs);
    rows[slot] = finish === undefined ? row : undefined;
    if (finish === undefined) return;
    hooks.sampled(responseOf(row, finish, settings), row.logps.slice(0, finish.count));
    batch.clear(slot);
  };
  for (;;) {
    for (let slot = 0; slot < batch.batch; slot++) {
      // A response can end with its first token; then the slot is free again.
      while (rows[slot] === undefined) {
        if (hooks.isCancelled()) throw new CancelledError();
        const start = await queue.next();
        if (start === undefined) break;
        await batch.place(slot, start.prompt);
        appendToken(start.row, drawToken(start.prompt.next, settings, uniformOf(start.row)));
        tokensDone += 1;
        settle(slot, start.row);
        await hooks.breathe(tokensDone, open);
      }
    }
    if (rows.every((row) => row === undefined)) return;
    if (hooks.isCancelled()) throw new CancelledError();
    const drawn = await draws.next(rows.map((row) => row && { ids: row.ids, u: uniformOf(row) }));
    rows.forEach((row, slot) => {
      if (row === undefined) return;
      appendToken(row, drawn[slot]);
      tokensDone += 1;
      settle(slot, row);
    });
    await hooks.breathe(tokensDone, open);
  }
}

/**
 * Prompts by length, so that rows of a run need caches of a size; those without room for a token, and those that the chat
 * template refuses, are reported. Throws ConfigError where it refuses them all.
 */
function fittingPrompts(inputs: SamplingInputs, hooks: SamplingHooks): readonly Prompt[] {
  const { policy, tokenizer, settings, units } = inputs;
  const byPrompt = new Map<string, SampleUnit[]>();
  for (const unit of units) byPrompt.set(unit.promptId, [...(byPrompt.get(unit.promptId) ?? []), unit]);
  const { maxPositions } = policy.model.config;
  const prompts = [...byPrompt.values()].map((group) => ({ group, ids: idsOrRefusal(() => tokenizer.promptIds(group[0]?.messages ?? [])) }));
  const [first] = prompts;
  if (first?.ids instanceof ConfigError && prompts.every(({ ids }) => ids instanceof ConfigError)) throw first.ids;
  return prompts
    .flatMap(({ group, ids }): Prompt[] => {
      const fitting = fittingIds(ids, maxPositions);
      if (fitting !== undefined)
        return [{ ids: fitting, maxNewTokens: Math.min(settings.maxNewTokens, maxPositions - fitting.length), units: group }];
      const reason = reasonToSkip(ids, maxPositions);
      for (const unit of group) hooks.skipped({ promptId: unit.promptId, sampleIndex: unit.sampleIndex, reason });
      return [];
    })
    .sort((a, b) => a.ids.length - b.ids.length);
}

/** A prompt's tokens if they leave the model room for one more. */
export function fittingIds(ids: readonly number[] | ConfigError, maxPositions: number): readonly number[] | undefined {
  return ids instanceof ConfigError || ids.length === 0 || ids.length >= maxPositions ? undefined : ids;
}

function reasonToSkip(ids: readonly number[] | ConfigError, maxPositions: number): string {
  if (ids instanceof ConfigError) return ids.message;
  return ids.length === 0 ? "the prompt has no tokens" : `the prompt has ${ids.length} tokens, the model takes ${maxPositions} with the response`;
}

function rowCount(config: ModelConfig, prompts: readonly Prompt[], longest: number): number {
  const unitCount = prompts.reduce((sum, prompt) => sum + prompt.units.length, 0);
  const bytesARow = cacheBytes({ layers: config.layerCount, kvHeads: config.kvHeadCount, headSize: config.headSize, batch: 1, length: longest });
  let rows = MIN_ROWS;
  while (rows < MAX_ROWS && rows < unitCount && 2 * rows * bytesARow <= MAX_CACHE_BYTES) rows *= 2;
  return rows;
}

type ResponseQueue = { next(): Promise<{ readonly row: Row; readonly prompt: Prefilled } | undefined> };

/** Hands out the responses to start; a prompt is prefilled when its first is asked for and kept until its last. */
function responseQueue({ policy, sessions, settings, memory }: PlacedInputs, prompts: readonly Prompt[]): ResponseQueue {
  const waiting = prompts.flatMap((prompt) => prompt.units.map((unit) => ({ prompt, unit })));
  let current: { readonly prompt: Prompt; readonly prefilled: Prefilled } | undefined;
  return {
    next: async () => {
      const start = waiting.shift();
      if (start === undefined) return undefined;
      if (current?.prompt !== start.prompt) {
        current?.prefilled.release();
        current = { prompt: start.prompt, prefilled: await prefill(policy, sessions, start.prompt.ids, settings.temperature, memory) };
      }
      return { row: { unit: start.unit, maxNewTokens: start.prompt.maxNewTokens, ids: [], logps: [] }, prompt: current.prefilled };
    },
  };
}

/** The number that decides a row's next token. */
function uniformOf(row: Row): number {
  return rngFor(row.unit.seed, "token", row.ids.length).next();
}

function appendToken(row: Row, drawn: DrawnToken | undefined): void {
  if (drawn === undefined || !Number.isFinite(drawn.logp))
    throw new EngineError(`expected a token for ${row.unit.promptId}, got none: the model's logits are no numbers`);
  row.ids.push(drawn.tokenId);
  row.logps.push(drawn.logp);
}

function finishOf(row: Row, { tokenizer, settings }: PlacedInputs): Finish | undefined {
  const { ids } = row;
  if (tokenizer.eosIds.has(ids.at(-1) ?? -1)) return { reason: "endOfText", text: tokenizer.decode(ids.slice(0, -1)), count: ids.length };
  if (settings.stop.length > 0) {
    const text = textBeforeStop(tokenizer.decode(ids), settings.stop);
    if (text !== undefined) return { reason: "stop", text, count: tokensWithin(text, ids, (some) => tokenizer.decode(some)) };
  }
  return ids.length >= row.maxNewTokens ? { reason: "length", text: tokenizer.decode(ids), count: ids.length } : undefined;
}

function responseOf(row: Row, finish: Finish, settings: SamplingSettings): SampledResponse {
  const tokenIds = row.ids.slice(0, finish.count);
  return {
    promptId: row.unit.promptId,
    sampleIndex: row.unit.sampleIndex,
    text: finish.text,
    tokenIds,
    finishReason: finish.reason,
    logp: row.logps.slice(0, finish.count).reduce((sum, logp) => sum + logp, 0),
    isRepetitive: repeatedNgramShare(tokenIds, settings.repeatNgram) > settings.repeatShare,
  };
}
