/** One policy in full: lineage, origin, files, and what its deletion would mean. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { ConflictError, NotFoundError } from "#app/base/errors.ts";
import type { DeletionView, PolicyDetails } from "#app/contract/policy-details.ts";
import type { Policy } from "#app/domain/policy.ts";
import type { Round } from "#app/domain/round.ts";
import { policyWords } from "#app/text/policies.ts";
import { checkpointByHash, listPolicies, policyById } from "#main/store/queries/policies.ts";
import { answersByAuthor, builtOn, putPolicyBack, recordsOfPolicy, removedPolicy, removePolicy } from "#main/store/queries/policy-use.ts";
import { configOfAttempt, countsOf, lastRound, listRounds, liveAttempts, supersedeFrom } from "#main/store/queries/rounds.ts";
import { trainingStopOf } from "#main/store/queries/training.ts";
import type { LabContext } from "../context.ts";
import { policyView } from "../views/policy-view.ts";
import { requireNoTwin, requireUnusedName } from "./policy-names.ts";

export async function policyDetails(lab: LabContext, policy: Policy): Promise<PolicyDetails> {
  const { db, artefacts } = lab.store;
  const checkpoint = checkpointByHash(db, policy.checkpointHash);
  const home = policy.adapterHash === null ? checkpoint.path : await artefacts.pathOf(policy.adapterHash).catch(() => undefined);
  const files = home === undefined ? [] : await filesIn(home);
  return {
    policy: policyView(db, policy),
    lineage: lineageOf(lab, policy),
    origin: originOf(lab, policy),
    files,
    sizeBytes: policy.adapterHash === null ? checkpoint.sizeBytes : files.reduce((sum, file) => sum + file.sizeBytes, 0),
    checkpointBytes: checkpoint.sizeBytes,
    deletion: deletionOf(lab, policy),
  };
}

function lineageOf(lab: LabContext, policy: Policy): string[] {
  const parent = policy.parentId === null ? [] : lineageOf(lab, policyById(lab.store.db, policy.parentId));
  return [...parent, policy.name];
}

/** Empty where the files are gone: the doctor says that, and so does whoever wants to use them. */
async function filesIn(path: string): Promise<PolicyDetails["files"]> {
  try {
    const found = await stat(path);
    if (found.isFile()) return [{ name: path.split("/").at(-1) ?? path, sizeBytes: found.size }];
    const names = (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => entry.name);
    return await Promise.all(names.sort().map(async (name) => ({ name, sizeBytes: (await stat(join(path, name))).size })));
  } catch {
    return [];
  }
}

function roundOf(lab: LabContext, policy: Policy): Round | undefined {
  return listRounds(lab.store.db).find((round) => round.newPolicyId === policy.id);
}

function originOf(lab: LabContext, policy: Policy): PolicyDetails["origin"] {
  const { db } = lab.store;
  const round = roundOf(lab, policy);
  if (round === undefined || policy.attemptId === null) return null;
  const { training, seed } = configOfAttempt(db, policy.attemptId);
  const live = liveAttempts(db, round.id);
  const judge = live.get("judge");
  return {
    round: round.number,
    pairs: countsOf(db, policy.attemptId)["pairs"] ?? null,
    steps: live.get("train")?.unitsDone ?? 0,
    loss: training.loss.kind,
    beta: "beta" in training.loss ? training.loss.beta : null,
    adapterRank: training.adapter.rank,
    learningRate: training.learningRate,
    seed,
    keptStep: trainingStopOf(db, policy.attemptId)?.kept?.step ?? null,
    judgedBy: judge === undefined ? [] : answersByAuthor(db, judge.id),
  };
}

/** A policy can go if no round starts from it; the newest round's goes with the training and evaluation that name it. */
function deletionOf(lab: LabContext, policy: Policy): DeletionView {
  const { db } = lab.store;
  const round = roundOf(lab, policy);
  const isNewest = round !== undefined && round.id === lastRound(db)?.id;
  const { rounds, policies } = builtOn(db, policy.id);
  const records = recordsOfPolicy(db, policy.id);
  return { refusal: refusal(), round: isNewest ? round.number : null, ...records };

  function refusal(): string | null {
    if (rounds.length > 0) return policyWords.roundsStart(rounds.join(", "), policy.name);
    if (policies.length > 0) return policyWords.builtOn(policy.name, policies);
    if (round === undefined && records.responses > 0) return policyWords.answersCount(policy.name);
    return null;
  }
}

/** Throws NotFoundError if no policy of this name was removed, ConflictError if its name or weights are another's now. */
export function restorePolicy(lab: LabContext, name: string): Policy {
  const { db } = lab.store;
  const restored = db.transaction(() => {
    const policy = removedPolicy(db, name);
    if (policy === undefined) throw new NotFoundError(policyWords.notRemoved(JSON.stringify(name)));
    const present = listPolicies(db);
    requireUnusedName(present, name);
    requireNoTwin(present, policy.checkpointHash, policy.adapterHash);
    putPolicyBack(db, policy.id);
    return policy;
  });
  lab.events.publish({ type: "experiment.changed" });
  return restored;
}

/** Throws ConflictError where something is built on it, or while something runs; a stage that waits for people does not. */
export function deletePolicy(lab: LabContext, policy: Policy, isRunning: boolean): void {
  const { db } = lab.store;
  db.transaction(() => {
    const { refusal } = deletionOf(lab, policy);
    if (refusal !== null) throw new ConflictError(refusal, { policy: policy.name });
    if (isRunning) throw new ConflictError(policyWords.mayBeInUse);
    const round = roundOf(lab, policy);
    const nowMs = lab.clock.nowMs();
    // The round goes back to before its training; the runs stay, superseded.
    if (round === undefined) removePolicy(db, policy.id, nowMs);
    else supersedeFrom(db, round.id, "train", nowMs);
  });
  lab.events.publish({ type: "experiment.changed" });
}
