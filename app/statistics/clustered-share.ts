/** The share of cases of a kind where cases come in clusters (all of one prompt), with an interval that knows of them. */
import { DataError } from "#app/base/errors.ts";
import { type Interval, wilsonInterval } from "./wilson.ts";

/** So many cases, and how many of them are of the kind. */
export type Cluster = { readonly cases: number; readonly ofKind: number };

export type ClusteredShare = Interval & {
  readonly cases: number;
  readonly ofKind: number;
  /** ofKind / cases; 0 without cases. */
  readonly share: number;
  /** Clusters that have a case. */
  readonly clusters: number;
};

/**
 * Wilson's interval for as many independent cases as have the share's variance over clusters (the effective sample size
 * of Korn and Graubard 1998): v = G/(G - 1) Σ (ofKind_g - p cases_g)² / n², n_eff = p(1 - p) / v, never more than n. Where
 * nothing varies, cases of a cluster may all be one and the same: n_eff = n² / Σ cases_g² (Kish 1965).
 */
export function clusteredShare(all: readonly Cluster[], confidence: number): ClusteredShare {
  for (const { cases, ofKind } of all) {
    if (!(ofKind >= 0 && ofKind <= cases)) throw new DataError(`expected 0 to ${cases} cases of the kind, got ${ofKind}`);
  }
  const clusters = all.filter(({ cases }) => cases > 0);
  const cases = sum(clusters.map((one) => one.cases));
  const ofKind = sum(clusters.map((one) => one.ofKind));
  const share = cases === 0 ? 0 : ofKind / cases;
  return { cases, ofKind, share, clusters: clusters.length, ...wilsonInterval(share, effectiveSize(clusters, cases, share), confidence) };
}

function effectiveSize(clusters: readonly Cluster[], cases: number, share: number): number {
  if (cases === 0) return 0;
  const spread = sum(clusters.map((one) => (one.ofKind - share * one.cases) ** 2));
  const alike = cases ** 2 / sum(clusters.map((one) => one.cases ** 2));
  // One cluster alone says nothing of how clusters vary; sums of rounding are no variance.
  if (clusters.length < 2 || spread < cases * ROUNDING) return alike;
  const variance = ((clusters.length / (clusters.length - 1)) * spread) / cases ** 2;
  return Math.min(cases, (share * (1 - share)) / variance);
}

const ROUNDING = 1e-12;

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
