/** Labs whose oracle is a judge behind a server of the test's own. */
import type { LabClient } from "#app/contract/contract.ts";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import type { JudgeServer } from "#tests/support/judge-server.ts";
import { openReadyLab, SCRIPTED, type TestLab } from "./support.ts";

export const PRICE = { model: "judge", inputUsdPerMillion: 10, outputUsdPerMillion: 100 };

/** Of one reply of the server: 100 tokens in and 20 out. */
export const REPLY_USD = (100 * 10 + 20 * 100) / 1e6;

export function judged(oracle: object = {}, more: object = {}): Record<string, unknown> {
  return { ...SCRIPTED, oracle: { kind: "judge", endpoint: "here", model: "judge", ...oracle }, ...more };
}

export async function openJudged(server: JudgeServer, config = judged(), endpoint: object = {}): Promise<TestLab> {
  const lab = await openReadyLab({ config, training: 4, validation: 4 });
  await lab.client.settings.saveEndpoint({ name: "here", baseUrl: server.url, prices: [PRICE], ...endpoint });
  return lab;
}

/** The last `configure` counts. */
export async function configure(client: LabClient, config: Record<string, unknown>): Promise<void> {
  await client.experiments.configure({ config: experimentConfigSchema.parse(config) });
}
