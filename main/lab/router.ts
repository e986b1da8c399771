/** The contract's areas as one router. */
import type { LabContext } from "./context.ts";
import { experimentHandlers } from "./experiments/handlers.ts";
import { judgmentHandlers } from "./judgments/handlers.ts";
import type { LabRouter } from "./lab.ts";
import { policyHandlers } from "./policies/handlers.ts";
import { queueHandlers } from "./queue/handlers.ts";
import { resultHandlers } from "./results/handlers.ts";
import { api } from "./roles.ts";
import { openComparison, planComparison } from "./rounds/comparison.ts";
import { roundHandlers } from "./rounds/handlers.ts";
import { noteAnswers } from "./rounds/people.ts";
import { stageView } from "./rounds/publish.ts";
import type { Runner } from "./rounds/runner.ts";
import { type About, settingHandlers } from "./settings/handlers.ts";
import { trainingHandlers } from "./training/handlers.ts";

export function createRouter(lab: LabContext, runner: Runner, about: About): LabRouter {
  const isRunning = (): boolean => runner.isRunning();
  return api.router({
    experiments: experimentHandlers(lab),
    rounds: roundHandlers(lab, runner),
    queue: queueHandlers(lab, {
      onAnswered: () => {
        noteAnswers(lab);
        runner.goOnAfterPeople();
      },
    }),
    judgments: judgmentHandlers(lab, {
      onChanged: () => {
        noteAnswers(lab);
      },
    }),
    training: trainingHandlers(lab),
    results: resultHandlers(lab, {
      plan: (request) => planComparison(lab, request),
      start: (request) => {
        runner.compare(request);
      },
      open: () => {
        const attempt = openComparison(lab);
        return attempt === undefined ? null : stageView(lab, attempt.stage, attempt);
      },
      giveUp: () => runner.giveUpComparison(),
    }),
    policies: policyHandlers(lab, isRunning),
    settings: settingHandlers(lab, about, isRunning),
  });
}
