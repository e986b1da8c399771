/** Finds the checkpoint that an adapter belongs to. One of the same shapes would do as well, and give another policy. */
import { stat } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { ConfigError } from "#app/base/errors.ts";
import { parseRepoName } from "#app/domain/hub-source.ts";
import type { CheckpointRecord } from "#app/domain/policy.ts";
import { policyWords } from "#app/text/policies.ts";
import { checkpointByHash, listPolicies } from "#main/store/queries/policies.ts";
import type { LabContext } from "../context.ts";

/**
 * What the adapter names, at its path or in the hub's cache; else the experiment's checkpoint that is called so. Of an
 * adapter that names nothing, the experiment's only checkpoint. Throws ConfigError where that leaves none, or several.
 */
export async function openBase(lab: LabContext, folder: string, signal: AbortSignal): Promise<CheckpointRecord> {
  const { baseModelName } = await lab.engine.inspectAdapter(folder);
  const path = (baseModelName === null ? undefined : await pathOf(lab, folder, baseModelName)) ?? presentBase(lab, folder, baseModelName);
  return await lab.checkpoints.open(path, signal);
}

/** Undefined for what is not on this machine; the hub is not asked. */
async function pathOf(lab: LabContext, folder: string, baseModelName: string): Promise<string | undefined> {
  const local = isAbsolute(baseModelName) ? baseModelName : resolve(folder, baseModelName);
  if ((await stat(local).catch(() => undefined)) !== undefined) return local;
  const repo = parseRepoName(baseModelName);
  return repo === undefined ? undefined : await lab.hub.cached(repo);
}

function presentBase(lab: LabContext, folder: string, baseModelName: string | null): string {
  const { db } = lab.store;
  const hashes = new Set(listPolicies(db).map((policy) => policy.checkpointHash));
  const paths = [...hashes].map((hash) => checkpointByHash(db, hash).path);
  const fitting = baseModelName === null ? paths : paths.filter((path) => modelNameOf(path) === modelNameOf(baseModelName));
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return only;
  throw new ConfigError(policyWords.adapterOfNothing(folder, baseModelName === null ? null : JSON.stringify(baseModelName), fitting.length > 0), {
    path: folder,
  });
}

/** What a model is called wherever it lies, and however a GGUF file of it is quantised: from hub names, paths, the hub's cache. */
function modelNameOf(nameOrPath: string): string {
  const parts = nameOrPath.split(/[/\\]/u).filter((part) => part !== "");
  const cached = parts.find((part) => part.startsWith("models--"))?.split("--");
  const name = (cached ?? parts).at(-1) ?? "";
  return name
    .replace(/[.-]gguf$/iu, "")
    .replace(/[.-](i?q\d\w*|bf16|f16|f32)$/iu, "")
    .toLowerCase();
}
