/** Names of policies that are added by hand: r0 for the first; r1, r2, ... belong to what rounds make. */
import { basename } from "node:path";
import { ConfigError, ConflictError } from "#app/base/errors.ts";
import type { ContentHash } from "#app/base/ids.ts";
import type { Policy } from "#app/domain/policy.ts";
import { policyWords } from "#app/text/policies.ts";

type Weighed = Pick<Policy, "name" | "checkpointHash" | "adapterHash">;
type Named = Pick<Policy, "name">;

const FIRST = "r0";
const OF_ROUNDS = /^r[1-9]\d*$/u;

/** Throws ConflictError for a name that is taken, ConfigError for one that a round will need. */
export function requireFreeName(present: readonly Named[], name: string): void {
  if (OF_ROUNDS.test(name)) throw new ConfigError(policyWords.roundsName(name, JSON.stringify(name)));
  requireUnusedName(present, name);
}

/** Throws ConflictError for a name that is taken. */
export function requireUnusedName(present: readonly Named[], name: string): void {
  if (present.some((policy) => policy.name === name)) throw new ConflictError(policyWords.nameTaken(JSON.stringify(name)));
}

/** The first policy is r0; others are called after their file, made unique by a number. */
export function defaultName(present: readonly Named[], path: string): string {
  if (present.length === 0) return FIRST;
  const stem = basename(path)
    .replace(/\.gguf$/iu, "")
    .trim()
    .slice(0, 100);
  return uniqueName(present, stem === "" || OF_ROUNDS.test(stem) ? "policy" : stem);
}

/** The name itself if it is free, else with the next number. */
export function uniqueName(present: readonly Named[], base: string): string {
  const taken = new Set(present.map((policy) => policy.name));
  if (!taken.has(base)) return base;
  for (let i = 2; ; i++) if (!taken.has(`${base}-${i}`)) return `${base}-${i}`;
}

/** Throws ConflictError if a policy has these weights already. */
export function requireNoTwin(present: readonly Weighed[], checkpointHash: ContentHash, adapterHash: ContentHash | null): void {
  const twin = present.find((policy) => policy.checkpointHash === checkpointHash && policy.adapterHash === adapterHash);
  if (twin !== undefined) throw new ConflictError(policyWords.sameWeights(twin.name), { policy: twin.name });
}
