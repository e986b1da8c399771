/** Token log-probabilities of given responses under a policy. */
import { CancelledError } from "#app/base/errors.ts";
import type { ScoredResponse } from "#app/rounds/ports.ts";
import type { EngineCall } from "#main/engine/process/engine-methods.ts";
import type { LoadedPolicies } from "#main/engine/process/loaded-policies.ts";
import type { EngineMethods } from "#main/engine/process/protocol.ts";
import type { SessionCache } from "#main/engine/runtime/session-cache.ts";
import { type PairRunner, scorePairs } from "./pair-runs.ts";

/** Responses a run. */
const ROWS = 2;

export async function scoreResponses(
  policies: LoadedPolicies,
  sessions: SessionCache,
  { policy: files, units }: EngineMethods["score"]["params"],
  call: EngineCall<never>,
): Promise<readonly ScoredResponse[]> {
  const runner: PairRunner = { policy: await policies.policyOf(files, await policies.adapterOf(files)), sessions, batch: ROWS };
  const tokenizer = await policies.tokenizerOf(files);
  const scored: ScoredResponse[] = [];
  for (let start = 0; start < units.length; start += ROWS) {
    if (call.isCancelled()) throw new CancelledError();
    const group = units.slice(start, start + ROWS);
    // A pair without a rejected side is a response.
    const logps = await scorePairs(
      runner,
      group.map((unit) => ({ promptIds: tokenizer.promptIds(unit.messages), chosenIds: unit.tokenIds, rejectedIds: [] })),
    );
    group.forEach((unit, i) => scored.push({ responseId: unit.responseId, tokenLogps: logps[i]?.chosenTokens ?? [] }));
    await call.breathe();
  }
  return scored;
}
