/** What a training run starts from: the round's policy as it is, or merged into a checkpoint of its own first. */
import type { Policy } from "#app/domain/policy.ts";
import type { AdapterSettings } from "#app/domain/training.ts";
import type { PolicyWeights } from "#app/rounds/ports.ts";
import { upsertCheckpoint } from "#main/store/queries/policies.ts";
import type { AdapterRecord } from "../../context.ts";
import type { StageRun } from "../stage-run.ts";

/**
 * Training goes on from the policy's adapter where that has the rank, the weight and the targets that are asked for. Where
 * it has others, or all weights are to be trained, the policy is merged into a checkpoint, once, and that is the start and
 * the reference.
 */
export async function startingWeights({ lab, config, signal }: StageRun, policy: Policy): Promise<PolicyWeights> {
  const weights = await lab.checkpoints.prepare(policy, signal);
  if (weights.adapterHash === null) return weights;
  if (config.training.trains === "adapter") {
    const adapter = await lab.engine.inspectAdapter(await lab.store.artefacts.pathOf(weights.adapterHash));
    if (isOfSettings(adapter, config.training.adapter)) return weights;
  }
  const checkpoint = await lab.checkpoints.merged(policy, signal);
  upsertCheckpoint(lab.store.db, checkpoint);
  return { checkpointHash: checkpoint.hash, adapterHash: null };
}

function isOfSettings({ rank, alpha, targets }: AdapterRecord, settings: AdapterSettings): boolean {
  const [own, asked] = [new Set(targets), new Set<string>(settings.targets)];
  return rank === settings.rank && alpha === settings.alpha && own.size === asked.size && [...asked].every((target) => own.has(target));
}
