/**
 * Rounds as a whole on games with known equilibria: sampling, comparisons, duel matrices, pair selection, the loss and
 * its gradients together move a policy towards the equilibrium, whether or not preferences cycle. The policy is a table
 * of logits over a few answers, so that nothing but the method is tested.
 */
import { describe, expect, test } from "vitest";
import type { AskId, AuthorId, JudgmentId, OracleId, ResponseId } from "#app/base/ids.ts";
import { type Rng, rngFor, seedFor } from "#app/base/random.ts";
import { judgingSettingsSchema } from "#app/domain/experiment.ts";
import { ownPairRuleSchema } from "#app/domain/pair.ts";
import { judgmentFromReply } from "#app/judging/judgment-from-reply.ts";
import { planComparisons } from "#app/judging/plan-comparisons.ts";
import { type Candidate, mergeDuplicates } from "#app/preferences/candidates.ts";
import { buildDuelMatrix } from "#app/preferences/duel-matrix.ts";
import type { JudgedComparison } from "#app/preferences/judged-comparison.ts";
import { selectPairs } from "#app/preferences/select-pairs.ts";
import { exploitability, games, type PreferenceGame, softmax, winRatesAgainst } from "#tests/support/games.ts";
import { type AnswerPair, orderedPairs, tableLoss } from "#tests/support/table-policy.ts";

const judging = judgingSettingsSchema.parse({ bothOrders: false });
const rule = ownPairRuleSchema.parse({ kind: "winRateMargin", minMargin: 0.25 });

const ROUNDS = 600;
const PROMPTS = 100;
const SAMPLES = 5;
const BATCH = 64;
const BETA = 1;
const LEARNING_RATE = 0.06;

function candidatesOf(answers: readonly number[]): Candidate[] {
  return mergeDuplicates(
    answers.map((answer, i) => ({
      // Ids in tests are short words.
      id: `r${i}` as ResponseId,
      source: "policy",
      sampleIndex: i,
      text: String(answer),
      finishReason: "endOfText",
      isRepetitive: false,
    })),
  );
}

/** One judgment of two candidates as shown, by a draw of the game or, without one, as its probability. */
function judge(game: PreferenceGame, shown: readonly Candidate[], rng: Rng | null, name: string): JudgedComparison {
  const [first, second] = shown.map((candidate) => Number(candidate.text));
  const probability = game.matrix[first ?? 0]?.[second ?? 0] ?? Number.NaN;
  const isFirst = rng === null ? probability > 0.5 : rng.next() < probability;
  const ids = shown.map((candidate) => candidate.id);
  const reply = {
    verdict: { kind: "prefers", winner: isFirst ? "first" : "second", strength: "clear" },
    probability: rng === null ? probability : null,
  } as const;
  return {
    id: name as JudgmentId,
    askId: name as AskId,
    authorId: "script" as AuthorId,
    oracleId: "game" as OracleId,
    shown: ids,
    criterion: null,
    ...judgmentFromReply(ids, reply),
  };
}

/** The pairs of one prompt: as many samples as the round takes, each comparison judged once. */
function pairsOfPrompt(game: PreferenceGame, answers: readonly number[], seed: number, isExact = false): AnswerPair[] {
  const candidates = candidatesOf(answers);
  const byId = new Map(candidates.map((candidate) => [candidate.id, candidate]));
  const judgments = planComparisons([...byId.keys()], judging, seed).map((ask, k) => {
    const shown = ask.shown.flatMap((id) => byId.get(id) ?? []);
    return judge(game, shown, isExact ? null : rngFor(ask.seed), `j${String(k).padStart(3, "0")}`);
  });
  const { pairs } = selectPairs(rule, candidates, { matrix: buildDuelMatrix(candidates, judgments), scores: null });
  return pairs.map((pair) => [Number(byId.get(pair.chosenId)?.text), Number(byId.get(pair.rejectedId)?.text)]);
}

function drawAnswer(policy: readonly number[], rng: Rng): number {
  const u = rng.next();
  let below = 0;
  return policy.findIndex((p, i) => (below += p) > u || i === policy.length - 1);
}

type Run = { readonly start: number[]; readonly average: number[]; readonly last: number[]; readonly firstLosses: readonly number[] };

/** DNO-Prct over many rounds; `reference` is the round's own policy as the method wants it, or the first one for all rounds. */
function play(game: PreferenceGame, reference: "sampling policy" | "first policy", seed: number): Run {
  const size = game.matrix.length;
  const lossOf = tableLoss(size, { kind: "dno-prct", beta: BETA });
  const pairsInOrder = orderedPairs(size);
  const start = Array.from({ length: size }, (_, i) => 1 + (3 * i) / (size - 1));
  const first = start.map(Math.log);
  let logits = first;
  const total = Array.from({ length: size }, () => 0);
  const firstLosses: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const policy = softmax(logits);
    policy.forEach((p, i) => (total[i] = (total[i] ?? 0) + p));
    const referenceLogps = softmax(reference === "first policy" ? first : logits).map(Math.log);
    const pairs = Array.from({ length: PROMPTS }, (_, prompt) => {
      const rng = rngFor(seed, "sample", round, prompt);
      const answers = Array.from({ length: SAMPLES }, () => drawAnswer(policy, rng));
      return pairsOfPrompt(game, answers, seedFor(seed, "judge", round, prompt));
    }).flat();
    for (let done = 0; done < pairs.length; done += BATCH) {
      const batch = pairs.slice(done, done + BATCH);
      const weights = pairsInOrder.map(([a, b]) => batch.filter(([c, d]) => a === c && b === d).length / batch.length);
      const { loss, gradient } = lossOf({ logits, reference: referenceLogps, weights });
      if (done === 0) firstLosses.push(loss);
      logits = logits.map((logit, i) => logit - LEARNING_RATE * (gradient[i] ?? Number.NaN));
    }
  }
  return { start: softmax(first), average: total.map((sum) => sum / ROUNDS), last: softmax(logits), firstLosses };
}

describe.each(games)("$name", (game) => {
  test("no answer beats the equilibrium, and the best by mean preference can be beaten by so much", () => {
    expect(exploitability(game, game.equilibrium)).toBeCloseTo(0, 12);
    const alone = game.matrix.map((_, i) => (i === game.bordaWinner ? 1 : 0));
    expect(exploitability(game, alone)).toBeCloseTo(game.bordaExploitability, 12);
    const uniform = game.matrix.map(() => 1 / game.matrix.length);
    const means = winRatesAgainst(game, uniform);
    expect(means[game.bordaWinner]).toBeCloseTo(Math.max(...means), 12);
  });

  test("samples in the equilibrium's proportions make no pair: at the goal there is nothing to learn", () => {
    // Multiples of a seventh and of a third.
    const answers = game.equilibrium.flatMap((p, i) => Array.from({ length: Math.round(21 * p) }, () => i));
    expect(answers).toHaveLength(21);
    expect(pairsOfPrompt(game, answers, 1, true)).toEqual([]);
  });

  test("the average policy over the rounds comes nearer to the equilibrium by more than half", () => {
    const { start, average, last, firstLosses } = play(game, "sampling policy", 1);
    expect(exploitability(game, average)).toBeLessThan(0.5 * exploitability(game, start));
    if (game.isPure) expect(exploitability(game, last)).toBeLessThan(0.02);
    // Each round begins at its own reference: ln 2, whatever has been learnt before.
    for (const loss of firstLosses) expect(loss).toBeCloseTo(Math.LN2, 12);
  });
});

test("away from the equilibrium of an uneven cycle the answer with the highest expected win rate is chosen", () => {
  const uneven = games[2];
  // Mostly rock: paper wins most.
  expect(uneven && pairsOfPrompt(uneven, [0, 0, 0, 0, 1, 2], 1, true)).toContainEqual([1, 2]);
});

test.each([
  { which: 2, name: "an uneven cycle" },
  { which: 4, name: "preferences from scores" },
])("with the first policy as the reference of every round, learning stops short of the goal: $name", ({ which }) => {
  const game = games[which];
  if (game === undefined) throw new Error("expected a game");
  const { start, average } = play(game, "first policy", 1);
  expect(exploitability(game, average)).toBeGreaterThan(0.5 * exploitability(game, start));
});
