/** Token ids of teacher responses: no policy sampled them, so each policy's own tokenizer counts them when they are needed. */
import type { Response } from "#app/domain/sampling.ts";
import { policyById } from "#main/store/queries/policies.ts";
import type { StageRun } from "../stage-run.ts";

/** The same responses, those without token ids given the ones of the round's policy. */
export async function withTeacherTokens(run: StageRun, responses: readonly Response[]): Promise<Response[]> {
  const { lab, round, signal } = run;
  const bare = responses.filter((response) => response.source !== "policy" && response.tokenIds.length === 0);
  if (bare.length === 0) return [...responses];
  const weights = await lab.checkpoints.prepare(policyById(lab.store.db, round.policyId), signal);
  const tokenIds = await lab.engine.tokeniseResponses(
    weights,
    bare.map((response) => response.text),
    signal,
  );
  const idsById = new Map(bare.map((response, i) => [response.id, tokenIds[i]]));
  return responses.map((response) => ({ ...response, tokenIds: idsById.get(response.id) ?? response.tokenIds }));
}
