/**
 * A language model of one layer whose answers to a few prompts are the moves of a game. A round goes through the real
 * parts: the engine samples, duplicates are merged, each two answers are compared, pairs are selected, and all weights
 * are trained. The answers are of different lengths, which must not matter where log-probabilities are summed.
 */
import type { AskId, AuthorId, JudgmentId, OracleId, PromptId, ResponseId } from "#app/base/ids.ts";
import { rngFor, seedFor } from "#app/base/random.ts";
import { judgingSettingsSchema } from "#app/domain/experiment.ts";
import type { LossSettings } from "#app/domain/loss.ts";
import { ownPairRuleSchema } from "#app/domain/pair.ts";
import { samplingSettingsSchema } from "#app/domain/sampling.ts";
import { type TrainingSettings, trainingSettingsSchema } from "#app/domain/training.ts";
import { elementCount } from "#app/graph/shapes.ts";
import { judgmentFromReply } from "#app/judging/judgment-from-reply.ts";
import { planComparisons } from "#app/judging/plan-comparisons.ts";
import type { AdapterFactors } from "#app/models/adapter.ts";
import { checkpointTensors } from "#app/models/checkpoint-tensors.ts";
import { weightsFromInputs } from "#app/models/decoder.ts";
import { parseModelConfig } from "#app/models/model-config.ts";
import { ropeFrequencies } from "#app/models/rope-tables.kernel.ts";
import { type Candidate, mergeDuplicates } from "#app/preferences/candidates.ts";
import { buildDuelMatrix } from "#app/preferences/duel-matrix.ts";
import type { JudgedComparison } from "#app/preferences/judged-comparison.ts";
import { selectPairs } from "#app/preferences/select-pairs.ts";
import type { SampledResponse } from "#app/rounds/ports.ts";
import type { TokenPair, TrainablePair } from "#app/training/pair-packing.ts";
import type { PolicyModel } from "#main/engine/runtime/policy-model.ts";
import type { SessionCache } from "#main/engine/runtime/session-cache.ts";
import { sampleResponses } from "#main/engine/sampling/sample-responses.ts";
import { scorePairs } from "#main/engine/training/pair-runs.ts";
import { trainAdapter } from "#main/engine/training/train-adapter.ts";
import type { PreferenceGame } from "./games.ts";

const LETTERS = "_^$abcdefghijklmnopqrstuvwxyz";
const PROMPTS = ["w", "x", "y", "z"];
/** Of one to six letters, and an end; first letters differ. */
export const ANSWERS = ["a", "bcd", "efghij", "kl", "mnopq"] as const;

const idsOf = (text: string): number[] => [...text].map((letter) => LETTERS.indexOf(letter));
const promptIdsOf = (prompt: string): number[] => [1, ...idsOf(prompt)];
/** With the end of text that the policy is to produce. */
const answerIdsOf = (text: string): number[] => [...idsOf(text), 2];

const tokenizer = {
  promptIds: (messages: readonly { readonly content: string }[]) => promptIdsOf(messages[0]?.content ?? ""),
  decode: (ids: readonly number[]) => ids.map((id) => (id === 2 ? "" : (LETTERS[id] ?? "?"))).join(""),
  eosIds: new Set([2]),
};

const config = parseModelConfig(
  {
    model_type: "llama",
    hidden_size: 32,
    intermediate_size: 48,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    num_key_value_heads: 1,
    vocab_size: LETTERS.length,
    max_position_embeddings: 32,
  },
  "language game",
);

const quiet = {
  referenceScored: () => undefined,
  stepDone: () => undefined,
  save: () => Promise.resolve(),
  isCancelled: () => false,
  breathe: () => Promise.resolve(),
};

function policyWith(factors: AdapterFactors): PolicyModel {
  const model = { config, weights: weightsFromInputs, adapter: null };
  return { key: "language game", model, factors, frequencies: ropeFrequencies(config) };
}

function randomWeights(seed: number): AdapterFactors {
  return new Map(
    [...checkpointTensors(config)].map(([name, shape]) => {
      const rng = rngFor(seed, name);
      const spread = 2 / Math.sqrt(shape.at(-1) ?? 1);
      return [name, Float32Array.from({ length: elementCount(shape) }, () => (name.includes("norm") ? 1 : spread * (rng.next() - 0.5)))];
    }),
  );
}

/** What a run of training steps takes beside its loss; all pairs in every step. */
type Steps = { readonly count: number; readonly learningRate: number };

type Descent = {
  readonly sessions: SessionCache;
  readonly policy: PolicyModel;
  readonly first?: PolicyModel;
  readonly pairs: readonly TrainablePair[];
  readonly loss: LossSettings;
  readonly steps: Steps;
};

async function descend({ sessions, policy, first, pairs, loss, steps }: Descent): Promise<PolicyModel> {
  const size = { epochs: steps.count, batchSize: pairs.length, microBatchSize: Math.min(32, pairs.length) };
  const settings: TrainingSettings = trainingSettingsSchema.parse({
    ...size,
    loss,
    trains: "allWeights",
    learningRate: steps.learningRate,
    schedule: "cosine",
    warmupShare: 0,
    maxGradNorm: 0,
    maxLength: 32,
  });
  // The loss is part of the graph, but not of the session's key.
  const runnerOf = (of: PolicyModel) => ({ policy: { ...of, key: `${of.key}/${JSON.stringify(loss)}` }, sessions, batch: settings.microBatchSize });
  const inputs = { runner: runnerOf(policy), ...(first === undefined ? {} : { firstRunner: runnerOf(first) }), pairs, settings, seed: 1 };
  const { factors } = await trainAdapter({ ...inputs, resumed: undefined }, quiet);
  return policyWith(factors);
}

/** A model that answers each prompt with the moves of a game, in about these whole proportions. */
export async function teachAnswers(sessions: SessionCache, proportions: readonly number[], seed: number): Promise<PolicyModel> {
  const answers = proportions.flatMap((count, i) => Array.from({ length: count }, () => ANSWERS[i] ?? ""));
  const pairs = PROMPTS.flatMap((prompt) =>
    answers.map((answer) => ({ promptIds: promptIdsOf(prompt), chosenIds: answerIdsOf(answer), rejectedIds: [] })),
  );
  const steps = { count: 100, learningRate: 0.03 };
  return await descend({ sessions, policy: policyWith(randomWeights(seed)), pairs, loss: { kind: "sft" }, steps });
}

export type Answering = {
  /** Probabilities of the answers, of 1 together, the mean over the prompts. */
  readonly policy: readonly number[];
  /** The least probability that a prompt is answered with one of them. */
  readonly legalMass: number;
};

export async function answering(sessions: SessionCache, policy: PolicyModel, size: number): Promise<Answering> {
  const units = PROMPTS.flatMap((prompt) =>
    ANSWERS.slice(0, size).map((answer): TokenPair => ({ promptIds: promptIdsOf(prompt), chosenIds: answerIdsOf(answer), rejectedIds: [] })),
  );
  const scored = await scorePairs({ policy, sessions, batch: units.length }, units);
  const perPrompt = PROMPTS.map((_, p) => scored.slice(p * size, (p + 1) * size).map(({ chosen }) => Math.exp(chosen)));
  const masses = perPrompt.map((row) => row.reduce((sum, p) => sum + p, 0));
  const mean = perPrompt[0]?.map((_, i) => perPrompt.reduce((sum, row, p) => sum + (row[i] ?? 0) / (masses[p] ?? 1), 0) / PROMPTS.length);
  return { policy: mean ?? [], legalMass: Math.min(...masses) };
}

export type RoundSettings = {
  readonly loss: LossSettings;
  readonly samples: number;
  readonly steps: Steps;
  readonly minMargin?: number;
};

/** Sample, compare, pair: the pairs of a round, with the expected win rates that came of it. */
export async function pairsOfRound(
  sessions: SessionCache,
  policy: PolicyModel,
  game: PreferenceGame,
  { samples, minMargin = 1e-6 }: Pick<RoundSettings, "samples" | "minMargin">,
  seed: number,
): Promise<readonly TrainablePair[]> {
  const byPrompt = new Map<string, SampledResponse[]>(PROMPTS.map((prompt) => [prompt, []]));
  await sampleResponses(
    {
      policy,
      tokenizer,
      sessions,
      settings: samplingSettingsSchema.parse({ temperature: 1, topP: 1, maxNewTokens: 8, repeatShare: 1 }),
      units: PROMPTS.flatMap((prompt) =>
        Array.from({ length: samples }, (_, sampleIndex) => ({
          promptId: prompt as PromptId,
          messages: [{ role: "user" as const, content: prompt }],
          sampleIndex,
          seed: seedFor(seed, "sample", prompt, sampleIndex),
        })),
      ),
    },
    { ...quiet, sampled: (response) => byPrompt.get(response.promptId)?.push(response), skipped: () => undefined },
  );
  return PROMPTS.flatMap((prompt) => pairsOfPrompt(prompt, byPrompt.get(prompt) ?? [], game, minMargin, seedFor(seed, "judge", prompt)));
}

function pairsOfPrompt(
  prompt: string,
  responses: readonly SampledResponse[],
  game: PreferenceGame,
  minMargin: number,
  seed: number,
): TrainablePair[] {
  const candidates = mergeDuplicates(
    // Ids in tests are short words.
    responses.map((response) => ({ ...response, id: `r${response.sampleIndex}` as ResponseId, source: "policy" })),
  );
  const byId = new Map(candidates.map((candidate) => [candidate.id, candidate]));
  const tokensById = new Map(responses.map((response) => [`r${response.sampleIndex}`, response.tokenIds]));
  const judging = judgingSettingsSchema.parse({ bothOrders: false });
  const judgments = planComparisons([...byId.keys()], judging, seed).map((ask, k) => {
    const shown = ask.shown.flatMap((id) => byId.get(id) ?? []);
    return judged(game, shown, `j${String(k).padStart(4, "0")}`);
  });
  const matrix = buildDuelMatrix(candidates, judgments);
  const { pairs } = selectPairs(ownPairRuleSchema.parse({ kind: "winRateMargin", minMargin }), candidates, { matrix, scores: null });
  return pairs.map(({ chosenId, rejectedId, chosenWinRate, rejectedWinRate }) => ({
    promptIds: promptIdsOf(prompt),
    chosenIds: tokensById.get(chosenId) ?? [],
    rejectedIds: tokensById.get(rejectedId) ?? [],
    winRates: { chosen: chosenWinRate ?? Number.NaN, rejected: rejectedWinRate ?? Number.NaN },
  }));
}

/** The game's preference as a probability; what is no answer of it loses to all that are. */
function judged(game: PreferenceGame, shown: readonly Candidate[], name: string): JudgedComparison {
  const moves = shown.map(({ text }) => ANSWERS.slice(0, game.matrix.length).findIndex((answer) => answer === text));
  const [first = -1, second = -1] = moves;
  const [isFirstLegal, isSecondLegal] = [first >= 0, second >= 0];
  const probability =
    isFirstLegal && isSecondLegal ? (game.matrix[first]?.[second] ?? Number.NaN) : (1 + Number(isFirstLegal) - Number(isSecondLegal)) / 2;
  const ids = shown.map(({ id }) => id);
  const verdict = { kind: "prefers", winner: probability > 0.5 ? "first" : "second", strength: "clear" } as const;
  return {
    id: name as JudgmentId,
    askId: name as AskId,
    authorId: "script" as AuthorId,
    oracleId: "game" as OracleId,
    shown: ids,
    criterion: null,
    ...judgmentFromReply(ids, { verdict, probability }),
  };
}

export type Play = { readonly policies: readonly (readonly number[])[]; readonly legalMass: number };

/** Rounds from a taught model on; policies before the first round and after each. */
export async function playRounds(
  sessions: SessionCache,
  start: PolicyModel,
  game: PreferenceGame,
  rounds: number,
  settings: RoundSettings,
  seed: number,
): Promise<Play> {
  const size = game.matrix.length;
  let policy = start;
  const seen = [await answering(sessions, policy, size)];
  for (let round = 0; round < rounds; round++) {
    const pairs = await pairsOfRound(sessions, policy, game, settings, seedFor(seed, "round", round));
    // All samples alike: there is nothing to learn.
    if (pairs.length > 0) policy = await descend({ sessions, policy, first: start, pairs, loss: settings.loss, steps: settings.steps });
    seen.push(await answering(sessions, policy, size));
  }
  return { policies: seen.map((one) => one.policy), legalMass: Math.min(...seen.map((one) => one.legalMass)) };
}

/** Training on given pairs alone, such as those of the first round. */
export async function trainOn(
  sessions: SessionCache,
  start: PolicyModel,
  pairs: readonly TrainablePair[],
  { loss, steps }: Pick<RoundSettings, "loss" | "steps">,
): Promise<PolicyModel> {
  return await descend({ sessions, policy: start, pairs, loss, steps });
}
