/** Everything that a window, a browser page or the command line may ask of the lab. */
import type { ContractRouterClient } from "@orpc/contract";
import { experimentsContract } from "./experiments.ts";
import { judgmentsContract } from "./judgments.ts";
import { policiesContract } from "./policies.ts";
import { queueContract } from "./queue.ts";
import { resultsContract } from "./results.ts";
import { roundsContract } from "./rounds.ts";
import { settingsContract } from "./settings.ts";
import { trainingContract } from "./training.ts";

export const contract = {
  experiments: experimentsContract,
  rounds: roundsContract,
  queue: queueContract,
  judgments: judgmentsContract,
  training: trainingContract,
  results: resultsContract,
  policies: policiesContract,
  settings: settingsContract,
};

/** The lab as its callers see it, whatever carries the calls. */
export type LabClient = ContractRouterClient<typeof contract>;
