/** Agreement of two raters on the same items: the plain share, Cohen's kappa, and their intervals; Fleiss's kappa for more. */
import { DataError } from "#app/base/errors.ts";
import type { PromptId } from "#app/base/ids.ts";
import { rngFor } from "#app/base/random.ts";
import { bootstrapGroups, percentileInterval } from "./percentile-bootstrap.ts";
import { type Interval, wilsonInterval } from "./wilson.ts";

/** One item with the label that each of two raters gave it; what either left out is not an item. */
export type RatedItem = { readonly promptId: PromptId; readonly first: string; readonly second: string };

/** Fewer prompts with a label to disagree about leave the bootstrap too little to draw from. */
export const MIN_VARYING_ITEMS = 10;

/** Share of items with equal labels (MT-Bench's agreement), in [0, 1]; undefined without items. */
export function shareOfAgreement(items: readonly RatedItem[]): number | undefined {
  if (items.length === 0) return undefined;
  return items.filter((item) => item.first === item.second).length / items.length;
}

/** MT-Bench also reports agreement over the items that neither rater called a tie. */
export function withoutLabel(items: readonly RatedItem[], label: string): RatedItem[] {
  return items.filter((item) => item.first !== label && item.second !== label);
}

/**
 * Cohen's (1960) κ = (p_o - p_e) / (1 - p_e), p_e = Σ_c p_first(c) p_second(c): agreement beyond what each rater's own
 * frequencies would give. From -1 to 1; undefined without items, and where both raters used one and the same label
 * throughout, so that p_e = 1.
 */
export function cohenKappa(items: readonly RatedItem[]): number | undefined {
  const [observed, chance] = [shareOfAgreement(items), chanceAgreement(items)];
  return observed === undefined || chance === undefined ? undefined : beyondChance(observed, chance);
}

/** p_e; undefined without items. */
function chanceAgreement(items: readonly RatedItem[]): number | undefined {
  if (items.length === 0) return undefined;
  const seconds = countsOf(items.map((item) => item.second));
  const products = [...countsOf(items.map((item) => item.first))].map(([label, count]) => count * (seconds.get(label) ?? 0));
  return products.reduce((sum, product) => sum + product, 0) / items.length ** 2;
}

function beyondChance(observed: number, chance: number): number | undefined {
  return chance === 1 ? undefined : (observed - chance) / (1 - chance);
}

export type AgreementReport = {
  /** Items both raters labelled. */
  readonly n: number;
  /** Undefined without items. */
  readonly agreement: (Interval & { readonly share: number }) | undefined;
  /** Undefined where chance alone explains everything. */
  readonly kappa: (Interval & { readonly value: number; readonly interval: "bootstrap" | "wilson" }) | undefined;
};

/**
 * Both figures with intervals that take a prompt's items as one draw. The share has Wilson's interval for as many
 * draws as there are prompts: right if the items of a prompt go together, wide if they do not. κ has percentiles over
 * resampled prompts; where under ten items agree or under ten differ, it has κ at the ends of Wilson's interval for
 * p_o instead, p_e as observed, as resamples of raters who always agree would say that they always will.
 */
export function reportAgreement(items: readonly RatedItem[], confidence: number, bootstrapSamples: number, seed: number): AgreementReport {
  const [share, chance] = [shareOfAgreement(items), chanceAgreement(items)];
  if (share === undefined || chance === undefined) return { n: 0, agreement: undefined, kappa: undefined };
  const groups = [...Map.groupBy(items, (item) => item.promptId)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  const ofShare = wilsonInterval(share, groups.length, confidence);
  const agreement = { share, ...ofShare };
  const value = beyondChance(share, chance);
  if (value === undefined) return { n: items.length, agreement, kappa: undefined };
  const agreed = items.filter((item) => item.first === item.second).length;
  if (Math.min(agreed, items.length - agreed) < MIN_VARYING_ITEMS) {
    const at = (observed: number): number => Math.max(-1, (observed - chance) / (1 - chance));
    return { n: items.length, agreement, kappa: { value, low: at(ofShare.low), high: at(ofShare.high), interval: "wilson" } };
  }
  const replicates = bootstrapGroups(groups, cohenKappa, bootstrapSamples, rngFor(seed, "agreement"));
  const ofKappa = percentileInterval(replicates, confidence, { low: -1, high: 1 });
  return { n: items.length, agreement, kappa: { value, ...ofKappa, interval: "bootstrap" } };
}

/**
 * Fleiss's (1971) κ = (P̄ - P_e) / (1 - P_e) for m raters an item, who need not be the same: P_i = (Σ_c n_ic² - m) /
 * (m (m - 1)), P_e = Σ_c p_c². Takes counts [items, categories]. Undefined without items, with one rater, and where
 * all used one category. Throws DataError where items have different numbers of raters: use Krippendorff's α there.
 */
export function fleissKappa(counts: readonly (readonly number[])[]): number | undefined {
  const raters = sum(counts[0] ?? []);
  const odd = counts.findIndex((row) => sum(row) !== raters);
  if (odd !== -1) throw new DataError(`expected ${raters} ratings an item, as item 0 has, item ${odd} has ${sum(counts[odd] ?? [])}`);
  if (counts.length === 0 || raters < 2) return undefined;
  const perItem = counts.map((row) => (sum(row.map((count) => count * count)) - raters) / (raters * (raters - 1)));
  const categories = counts[0]?.map((_, c) => sum(counts.map((row) => row[c] ?? 0)) / (counts.length * raters)) ?? [];
  const chance = sum(categories.map((share) => share * share));
  // All ratings in one category: its share is exactly 1.
  return beyondChance(sum(perItem) / counts.length, chance);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function countsOf(labels: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
