/** Adds a policy by hand: a checkpoint, or a PEFT folder over a checkpoint that can be found. */
import { cp, stat } from "node:fs/promises";
import { join } from "node:path";
import { ConflictError, DataError } from "#app/base/errors.ts";
import type { ContentHash, PolicyId } from "#app/base/ids.ts";
import type { Policy } from "#app/domain/policy.ts";
import { parseHubSource } from "#app/domain/hub-source.ts";
import { experimentWords } from "#app/text/experiments.ts";
import { policyWords } from "#app/text/policies.ts";
import { getExperiment } from "#main/store/queries/experiments.ts";
import { insertPolicy, listPolicies, upsertCheckpoint } from "#main/store/queries/policies.ts";
import { type LabContext, requireWritable } from "../context.ts";
import { openBase } from "./adapter-base.ts";
import { fetchFromHub } from "./hub-source.ts";
import { defaultName, requireFreeName, requireNoTwin } from "./policy-names.ts";

const ADAPTER_CONFIG = "adapter_config.json";
/** What an adapter folder must hold. */
const ADAPTER_FILES = [ADAPTER_CONFIG, "adapter_model.safetensors"];

export type AddRequest = { readonly path: string; readonly name?: string | undefined; readonly confirmedBytes: number };

/** Nothing is stored unless all of it can be used. Throws ConfigError, ConflictError, DataError, and what the hub refuses. */
export async function addPolicy(lab: LabContext, { path: named, name, confirmedBytes }: AddRequest, signal: AbortSignal): Promise<Policy> {
  const { db } = lab.store;
  requireWritable(lab);
  if (getExperiment(db) === undefined) throw new ConflictError(experimentWords.noneYet);
  if (name !== undefined) requireFreeName(listPolicies(db), name);
  const source = parseHubSource(named);
  const path = source === undefined ? named : await fetchFromHub(lab, source, confirmedBytes, signal);
  if ((await kindOf(path)) === "nothing") throw new DataError(policyWords.nothingThere(path), { path });
  const isAdapter = (await kindOf(join(path, ADAPTER_CONFIG))) === "file";
  const checkpoint = isAdapter ? await openBase(lab, path, signal) : await lab.checkpoints.open(path, signal);
  const adapterHash = isAdapter ? await keepAdapter(lab, path) : null;
  return db.transaction(() => {
    const present = listPolicies(db);
    requireNoTwin(present, checkpoint.hash, adapterHash);
    const policy: Policy = {
      id: lab.ids.next() as PolicyId,
      name: name ?? defaultName(present, source === undefined ? path : (source.file ?? source.repo)),
      checkpointHash: checkpoint.hash,
      adapterHash,
      parentId: null,
      attemptId: null,
      createdAtMs: lab.clock.nowMs(),
    };
    requireFreeName(present, policy.name);
    upsertCheckpoint(db, checkpoint);
    insertPolicy(db, policy);
    return policy;
  });
}

async function keepAdapter(lab: LabContext, folder: string): Promise<ContentHash> {
  const scratch = await lab.store.artefacts.scratch();
  for (const file of ADAPTER_FILES) {
    if ((await kindOf(join(folder, file))) !== "file") throw new DataError(policyWords.adapterFile(file, folder), { path: folder });
    await cp(join(folder, file), join(scratch, file));
  }
  return await lab.store.artefacts.put("adapter", scratch);
}

async function kindOf(path: string): Promise<"nothing" | "file" | "folder"> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch {
    return "nothing";
  }
}
