/** Looks at the machine, the engine, the database and the files of an experiment; changes nothing. */
import { stat, statfs } from "node:fs/promises";
import { availableParallelism, cpus, freemem, totalmem } from "node:os";
import { StoreError, toLabError } from "#app/base/errors.ts";
import { DEVICE_NAMES } from "#app/domain/device.ts";
import type { Policy } from "#app/domain/policy.ts";
import { upkeepWords } from "#app/text/upkeep.ts";
import { findViolations } from "#main/store/invariants.ts";
import { schemaVersion } from "#main/store/migrate.ts";
import { checkpointByHash, listPolicies } from "#main/store/queries/policies.ts";
import { checkDatabase } from "#main/store/store.ts";
import type { LabContext } from "../context.ts";
import { getEngineOptions } from "../engine-options.ts";

const words = upkeepWords.doctor;

export type Finding = { readonly name: string; readonly ok: boolean; readonly isAbsent?: true; readonly isPolicy?: true; readonly found: string };

/** A disk with less than this cannot take a checkpoint's conversion. */
const LOW_DISK_BYTES = 2e9;

export async function examine(lab: LabContext): Promise<Finding[]> {
  const findings = [
    await look(words.node, () => words.nodeFound(process.version, `${process.platform} ${process.arch}`)),
    await look(words.processor, () => words.processorFound(cpus()[0]?.model.trim(), availableParallelism())),
    await look(words.memory, () => words.memoryFound(freemem(), totalmem())),
    await look(words.disk, async () => await diskSpace(lab.folder)),
    await look(words.engine, async () => listOf(await lab.engine.versions())),
    ...(await devices(lab)),
    await look(words.database, () => database(lab)),
    await look(words.rules, () => rules(lab)),
  ];
  const policies = listPolicies(lab.store.db);
  for (const policy of policies) {
    findings.push({ ...(await look(words.policy(policy.name), async () => await files(lab, policy))), isPolicy: true });
  }
  return findings;
}

async function look(name: string, find: () => string | Promise<string>): Promise<Finding> {
  try {
    return { name, ok: true, found: await find() };
  } catch (thrown) {
    return { name, ok: false, found: toLabError(thrown).message };
  }
}

/** A device that is not here is no fault, unless it is the one that was chosen. */
async function devices(lab: LabContext): Promise<Finding[]> {
  const chosen = getEngineOptions(lab.store.db).device;
  try {
    return (await lab.engine.devices()).map(({ device, isReady, isTested, found }) => ({
      name: words.device(DEVICE_NAMES[device]),
      ok: isReady || device !== chosen,
      ...(isReady || device === chosen ? {} : { isAbsent: true as const }),
      found: words.deviceFound({ isReady, isChosen: device === chosen, isTested }, found),
    }));
  } catch (thrown) {
    return [{ name: words.devices, ok: false, found: toLabError(thrown).message }];
  }
}

async function diskSpace(folder: string): Promise<string> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free < LOW_DISK_BYTES) throw new StoreError(words.diskLow(free, LOW_DISK_BYTES));
  return words.diskFound(free);
}

function database(lab: LabContext): string {
  const { db } = lab.store;
  checkDatabase(db);
  return words.databaseSound(schemaVersion(db));
}

function rules(lab: LabContext): string {
  const violations = findViolations(lab.store.db);
  if (violations.length === 0) return words.allHold;
  throw new StoreError(words.broken(violations.map(({ name, rows }) => ({ name, rows: rows.length }))));
}

/** Only whether the files are there and as large as they were; their content is checked before each use. */
async function files(lab: LabContext, policy: Policy): Promise<string> {
  const checkpoint = checkpointByHash(lab.store.db, policy.checkpointHash);
  const found = await stat(checkpoint.path).catch(() => undefined);
  if (found === undefined) throw new StoreError(words.checkpointGone(checkpoint.path));
  if (policy.adapterHash !== null) await lab.store.artefacts.pathOf(policy.adapterHash);
  return words.files(checkpoint.path, policy.adapterHash?.slice(0, 12) ?? null);
}

function listOf(versions: Readonly<Record<string, string>>): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
}
