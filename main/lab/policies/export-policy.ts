/** Writes a policy for other tools: its adapter as the PEFT folder that it is stored as, or its merged weights. */
import { cp, mkdir, mkdtemp, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { ExportLayout, Precision } from "#app/contract/policies.ts";
import { ConfigError } from "#app/base/errors.ts";
import type { Policy } from "#app/domain/policy.ts";
import { policyWords } from "#app/text/policies.ts";
import { checkpointByHash } from "#main/store/queries/policies.ts";
import type { LabContext, PolicyTarget } from "../context.ts";

export type ExportedPolicy = { readonly path: string; readonly files: string[] };

export type ExportRequest = { readonly path: string; readonly as: ExportLayout; readonly precision: Precision | undefined };

/** Throws ConfigError for a place or a precision that will not do, CancelledError; either leaves nothing behind. */
export async function exportPolicy(lab: LabContext, policy: Policy, request: ExportRequest, signal: AbortSignal): Promise<ExportedPolicy> {
  switch (request.as) {
    case "peft":
      if (request.precision !== undefined) throw new ConfigError(policyWords.adapterPrecision);
      return await exportAdapter(lab, policy, request.path);
    case "hf":
      await requireFolderPlace(request.path);
      await requireEmpty(request.path);
      return await exportMerged(lab, policy, { path: request.path, layout: "hf", precision: request.precision ?? "f32" }, signal);
    case "gguf":
      await requireFilePlace(request.path);
      return await exportMerged(lab, policy, { path: request.path, layout: "gguf", precision: request.precision ?? "f16" }, signal);
    default:
      return request.as satisfies never;
  }
}

/** A bare checkpoint is not copied: its own path is returned, with no files. Files of the same names are replaced. */
async function exportAdapter(lab: LabContext, policy: Policy, path: string): Promise<ExportedPolicy> {
  const checkpoint = checkpointByHash(lab.store.db, policy.checkpointHash);
  if (policy.adapterHash === null) return { path: checkpoint.path, files: [] };
  const from = await lab.store.artefacts.pathOf(policy.adapterHash);
  await requireFolderPlace(path);
  await mkdir(path, { recursive: true });
  const files = (await readdir(from)).sort();
  for (const file of files) await cp(join(from, file), join(path, file), { recursive: true });
  return { path, files };
}

/** Written beside the place under another name, and moved there when it is whole. */
async function exportMerged(lab: LabContext, policy: Policy, target: PolicyTarget, signal: AbortSignal): Promise<ExportedPolicy> {
  const { path } = target;
  const weights = await lab.checkpoints.prepare(policy, signal);
  const beside = await mkdtemp(`${path}.partial-`);
  try {
    const made = join(beside, basename(path));
    const files = await lab.engine.writePolicy(weights, { ...target, path: made }, lab.checkpoints.tell, signal);
    // An empty folder makes room; anything else stays, and the rename fails.
    await rmdir(path).catch(() => undefined);
    await rename(made, path);
    return { path, files: [...files] };
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

async function requireParent(path: string): Promise<void> {
  const parent = await stat(dirname(path)).catch(() => undefined);
  if (parent?.isDirectory() !== true) throw new ConfigError(policyWords.noFolder(dirname(path)), { path });
}

async function requireFolderPlace(path: string): Promise<void> {
  await requireParent(path);
  const present = await stat(path).catch(() => undefined);
  if (present?.isDirectory() === false) throw new ConfigError(policyWords.isFile(path), { path });
}

async function requireFilePlace(path: string): Promise<void> {
  if (!path.toLowerCase().endsWith(".gguf")) throw new ConfigError(policyWords.ggufEnding(path), { path });
  await requireParent(path);
  if ((await stat(path).catch(() => undefined)) !== undefined) throw new ConfigError(policyWords.pathTaken(path), { path });
}

async function requireEmpty(path: string): Promise<void> {
  const names = await readdir(path).catch(() => []);
  if (names.length > 0) throw new ConfigError(policyWords.folderNotEmpty(path, names.slice(0, 3).join(", ")), { path });
}
