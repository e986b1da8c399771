/** Token log-probabilities of given responses under a policy. */
import { CancelledError } from "#app/base/errors.ts";
import type { ScoredResponse } from "#app/rounds/ports.ts";
import type { EngineCall } from "#main/engine/process/engine-methods.ts";
import type { LoadedPolicies } from "#main/engine/process/loaded-policies.ts";
import type { EngineMethods, PolicyFiles } from "#main/engine/process/protocol.ts";
import { withFactorsOnDevice } from "#main/engine/runtime/resident-factors.ts";
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
  const tokenizer = await policies.tokenizerOf(files);
  const rows = units.map((unit) => ({ promptIds: tokenizer.promptIds(unit.messages), chosenIds: unit.tokenIds }));
  const logps = await scoreRows({ policies, sessions, files }, rows, call);
  return units.map((unit, i) => ({ responseId: unit.responseId, tokenLogps: logps[i] ?? [] }));
}

/** Of plain texts outside of any conversation: the first token of each is what the others follow, and has no figure. */
export async function scoreTexts(
  policies: LoadedPolicies,
  sessions: SessionCache,
  { policy: files, texts }: EngineMethods["scoreTexts"]["params"],
  call: EngineCall<never>,
): Promise<readonly (readonly number[])[]> {
  const tokenizer = await policies.tokenizerOf(files);
  const rows = texts.map((text) => {
    const ids = tokenizer.plainIds(text);
    return { promptIds: ids.slice(0, 1), chosenIds: ids.slice(1) };
  });
  return await scoreRows({ policies, sessions, files }, rows, call);
}

type Loaded = { readonly policies: LoadedPolicies; readonly sessions: SessionCache; readonly files: PolicyFiles };
type Row = { readonly promptIds: readonly number[]; readonly chosenIds: readonly number[] };

async function scoreRows({ policies, sessions, files }: Loaded, rows: readonly Row[], call: EngineCall<never>): Promise<(readonly number[])[]> {
  const loaded = await policies.policyOf(files, await policies.adapterOf(files));
  return await withFactorsOnDevice(sessions, loaded, (policy) => scoreRowsBy({ policy, sessions, batch: ROWS }, rows, call));
}

async function scoreRowsBy(runner: PairRunner, rows: readonly Row[], call: EngineCall<never>): Promise<(readonly number[])[]> {
  const scored: (readonly number[])[] = [];
  for (let start = 0; start < rows.length; start += ROWS) {
    if (call.isCancelled()) throw new CancelledError();
    // A pair without a rejected side is a response.
    const logps = await scorePairs(
      runner,
      rows.slice(start, start + ROWS).map((row) => ({ ...row, rejectedIds: [] })),
    );
    scored.push(...logps.map(({ chosenTokens }) => chosenTokens));
    await call.breathe();
  }
  return scored;
}
