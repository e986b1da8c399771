/** Writes a policy's adapter as the PEFT folder that it is stored as. */
import { cp, mkdir, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ConfigError } from "#app/base/errors.ts";
import type { Policy } from "#app/domain/policy.ts";
import { checkpointByHash } from "#main/store/queries/policies.ts";
import type { LabContext } from "../context.ts";

export type ExportedPolicy = { readonly path: string; readonly files: string[] };

/** A bare checkpoint is not copied: its own path is returned, with no files. Files of the same names are replaced. */
export async function exportPolicy(lab: LabContext, policy: Policy, path: string): Promise<ExportedPolicy> {
  const checkpoint = checkpointByHash(lab.store.db, policy.checkpointHash);
  if (policy.adapterHash === null) return { path: checkpoint.path, files: [] };
  const from = await lab.store.artefacts.pathOf(policy.adapterHash);
  await requirePlace(path);
  await mkdir(path, { recursive: true });
  const files = (await readdir(from)).sort();
  for (const file of files) await cp(join(from, file), join(path, file), { recursive: true });
  return { path, files };
}

async function requirePlace(path: string): Promise<void> {
  const parent = await stat(dirname(path)).catch(() => undefined);
  if (parent?.isDirectory() !== true) throw new ConfigError(`expected a folder in which to write, but there is none at ${dirname(path)}`, { path });
  const present = await stat(path).catch(() => undefined);
  if (present?.isDirectory() === false) throw new ConfigError(`expected a folder to write to, got the file ${path}`, { path });
}
