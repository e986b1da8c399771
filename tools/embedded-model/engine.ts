/** The lab's engine for the steps of the recipe: the same process, sampler, scorer and trainer that rounds use. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { engineOptionsSchema } from "#app/domain/device.ts";
import type { ArtefactStore, PolicyWeights } from "#app/rounds/ports.ts";
import { createEngineClient, type EngineClient } from "#main/engine/client.ts";
import { createForkHost } from "#main/host/process-host.ts";
import { userFolders } from "#main/host/user-folders.ts";
import { openStore } from "#main/store/store.ts";
import { WORK } from "./files.ts";

const ENTRY = fileURLToPath(new URL("../../main/engine/process/engine-process.ts", import.meta.url));

/** On the processor, with a thread for each core. */
export const ENGINE_OPTIONS = engineOptionsSchema.parse({});

export type OpenedModel = { readonly engine: EngineClient; readonly policy: PolicyWeights; readonly artefacts: ArtefactStore };

/** Opens a checkpoint, hands it to `use`, and ends the engine process. */
export async function withModel<Result>(path: string, use: (opened: OpenedModel) => Promise<Result>): Promise<Result> {
  const { cache } = userFolders(process.env);
  const store = await openStore(WORK, { nowMs: () => Date.now() });
  const engine = createEngineClient({
    processHost: createForkHost(),
    entry: ENTRY,
    cacheDir: join(cache, "checkpoints"),
    artefacts: store.artefacts,
  });
  try {
    const record = await engine.openCheckpoint(path, ({ message }) => process.stderr.write(`${message}\n`), new AbortController().signal);
    return await use({ engine, policy: { checkpointHash: record.hash, adapterHash: null }, artefacts: store.artefacts });
  } finally {
    await engine.close();
    store.close();
  }
}

/** SmolLM2-135M-Instruct, where `node tools/run.cjs fetch-smollm2` puts it. */
export function smolLm2(): string {
  return join(userFolders(process.env).cache, "models", "SmolLM2-135M-Instruct.Q4_1.gguf");
}
