/** Which asks a prompt's responses need: which pairs of them, in which orders, with which seeds. */
import type { ResponseId } from "#app/base/ids.ts";
import { type Rng, rngFor, seedFor, shuffled } from "#app/base/random.ts";
import type { JudgingSettings } from "#app/domain/experiment.ts";

export type PlannedAsk = {
  /** In the order in which they are to be shown. */
  readonly shown: readonly ResponseId[];
  /** The draws of a noisy oracle follow from it. */
  readonly seed: number;
};

type Edge = readonly [number, number];

/**
 * The asks of one prompt, a function of its arguments alone. Pairwise: all unordered pairs, or `comparisonsPerPrompt`
 * of them chosen so that the responses are connected wherever that many can connect them and each is in about as
 * many comparisons as any other; with `bothOrders` each comparison is two asks in a row, else its order is drawn.
 * Listwise: one ask of all responses in drawn order, as the paper shows them side by side once. Fewer than two
 * responses need no ask. `ids` are of distinct texts, in an order that does not depend on chance.
 */
export function planComparisons(ids: readonly ResponseId[], settings: JudgingSettings, seed: number): PlannedAsk[] {
  if (ids.length < 2) return [];
  if (settings.mode === "listwise") {
    return [{ shown: shuffled(ids, rngFor(seed, "list")), seed: seedFor(seed, "ask", 0) }];
  }
  const all = (ids.length * (ids.length - 1)) / 2;
  const wanted = settings.comparisonsPerPrompt === 0 ? all : Math.min(all, settings.comparisonsPerPrompt);
  const orders = rngFor(seed, "orders");
  const shown = chooseEdges(ids.length, wanted, rngFor(seed, "edges")).flatMap(([i, j]) => {
    const [a, b] = [ids[i], ids[j]];
    if (a === undefined || b === undefined) return [];
    if (settings.bothOrders)
      return [
        [a, b],
        [b, a],
      ];
    return [orders.next() < 0.5 ? [a, b] : [b, a]];
  });
  return shown.map((pair, k) => ({ shown: pair, seed: seedFor(seed, "ask", k) }));
}

/** A path through all vertices first, where there are edges enough for it; then always between the least used ones. */
function chooseEdges(size: number, wanted: number, rng: Rng): Edge[] {
  const candidates: Edge[] = [];
  for (let i = 0; i < size; i++) for (let j = i + 1; j < size; j++) candidates.push([i, j]);
  if (wanted >= candidates.length) return candidates;
  const order = shuffled(
    Array.from({ length: size }, (_, i) => i),
    rng,
  );
  const path = order.slice(1).map((vertex, k): Edge => sortedEdge(order[k] ?? 0, vertex));
  const chosen = wanted >= size - 1 ? path : [];
  const taken = new Set(chosen.map(([i, j]) => i * size + j));
  const degree = Array.from({ length: size }, () => 0);
  const count = ([i, j]: Edge): void => {
    degree[i] = (degree[i] ?? 0) + 1;
    degree[j] = (degree[j] ?? 0) + 1;
  };
  chosen.forEach(count);
  const rest = shuffled(
    candidates.filter(([i, j]) => !taken.has(i * size + j)),
    rng,
  );
  const load = ([i, j]: Edge): number => size * Math.max(degree[i] ?? 0, degree[j] ?? 0) + Math.min(degree[i] ?? 0, degree[j] ?? 0);
  while (chosen.length < wanted) {
    const lightest = rest.reduce((best, edge, k) => (load(edge) < load(rest[best] ?? edge) ? k : best), 0);
    for (const edge of rest.splice(lightest, 1)) {
      chosen.push(edge);
      count(edge);
    }
  }
  return chosen.sort(([a, b], [c, d]) => a - c || b - d);
}

function sortedEdge(a: number, b: number): Edge {
  return a < b ? [a, b] : [b, a];
}
