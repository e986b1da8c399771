/** The one place where a lab and its drivers are put together: the engine is a process of its own. */
import { fileURLToPath } from "node:url";
import { dataFiles } from "#main/data/data-files.ts";
import { createEngineClient } from "#main/engine/client.ts";
import { createModelHub } from "#main/engine/hub/model-hub.ts";
import { createChatEndpoints } from "#main/oracles/endpoint/chat-endpoints.ts";
import { scriptedOracleMaker } from "#main/oracles/scripted/scripted-oracle.ts";
import type { OpenLab } from "./lab.ts";
import { openLabWith } from "./open-lab.ts";

const ENGINE_ENTRY = new URL("../engine/process/engine-process.ts", import.meta.url);

export const openLab: OpenLab = async (options) =>
  await openLabWith(options, {
    makeEngine: (artefacts) =>
      createEngineClient({
        processHost: options.processHost,
        entry: options.engineEntry ?? fileURLToPath(ENGINE_ENTRY),
        cacheDir: options.cacheDir,
        artefacts,
      }),
    oracles: scriptedOracleMaker,
    dataFiles,
    makeChat: (fetchOut) => createChatEndpoints({ fetch: fetchOut }),
    makeHub: (fetchOut) => createModelHub({ fetch: fetchOut, env: process.env }),
  });
