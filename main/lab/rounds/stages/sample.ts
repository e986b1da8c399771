/** The stage "sample": K responses of the round's policy to each training prompt of the round's shard. */
import { promptsOfRound, sampleUnits } from "#app/rounds/sample-units.ts";
import { listPrompts } from "#main/store/queries/experiments.ts";
import { policyById } from "#main/store/queries/policies.ts";
import { promptUses } from "#main/store/queries/replay.ts";
import { finishedUnits } from "#main/store/queries/responses.ts";
import type { StageOutcome, StageRun } from "../stage-run.ts";
import { sampleMissing } from "./sampling.ts";

export async function runSample(run: StageRun): Promise<StageOutcome> {
  const { lab, round, attempt, config } = run;
  const { db } = lab.store;
  const policy = policyById(db, round.policyId);
  const prompts = promptsOfRound(listPrompts(db, "training", attempt.id), round.number, config.splits.shards, promptUses(db, round.number));
  // Another attempt draws other responses; the same attempt, gone on with, draws the same.
  const label = `sample/${round.number}/${attempt.number}`;
  // Preferences of others need no responses of the policy.
  const units = config.pairs.kind === "imported" ? [] : sampleUnits(prompts, config.sampling.responsesPerPrompt, config.seed, label);
  run.progress.begin(finishedUnits(db, attempt.id, policy.id).size, units.length);
  await sampleMissing(run, policy, units, config.sampling);
  return "done";
}
