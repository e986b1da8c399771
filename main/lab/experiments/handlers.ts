/** The contract's area "experiments": the experiment of this folder, its configuration and its prompts. */
import { ConflictError } from "#app/base/errors.ts";
import type { ExperimentId } from "#app/base/ids.ts";
import { canonicalJson } from "#app/base/json.ts";
import type { ExperimentView } from "#app/contract/views.ts";
import { type Experiment, type ExperimentConfig } from "#app/domain/experiment.ts";
import { isScripted, membersOf } from "#app/domain/oracle.ts";
import { assignSplits } from "#app/judging/assign-splits.ts";
import { experimentWords } from "#app/text/experiments.ts";
import { getExperiment, insertExperiment, promptCounts, updateConfig } from "#main/store/queries/experiments.ts";
import { listRounds } from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";
import { api } from "../roles.ts";
import { policyViews } from "../views/policy-view.ts";
import { importPrompts, lookAtImport } from "./import-prompts.ts";

export function experimentHandlers(lab: LabContext) {
  const { experiments } = api;
  const { db } = lab.store;
  return {
    get: experiments.get.handler(() => {
      const experiment = getExperiment(db);
      return experiment === undefined ? null : experimentView(lab, experiment);
    }),
    create: experiments.create.handler(({ input }) => {
      checkConfig(lab, input.config);
      return changed(lab, () => {
        const present = getExperiment(db);
        if (present !== undefined) throw new ConflictError(experimentWords.alreadyOne(JSON.stringify(present.name)));
        insertExperiment(db, { id: lab.ids.next() as ExperimentId, name: input.name, config: input.config, createdAtMs: lab.clock.nowMs() });
      });
    }),
    configure: experiments.configure.handler(({ input }) => {
      checkConfig(lab, input.config);
      return changed(lab, () => {
        requireSameSplits(lab, requireExperiment(lab).config, input.config);
        updateConfig(db, input.config);
      });
    }),
    lookAtImport: experiments.lookAtImport.handler(async ({ input }) => await lookAtImport(lab, requireExperiment(lab).config, input)),
    importPrompts: experiments.importPrompts.handler(async ({ input }) => {
      const report = await importPrompts(lab, requireExperiment(lab).config, input);
      lab.events.publish({ type: "experiment.changed" });
      return report;
    }),
  };
}

function requireExperiment(lab: LabContext): Experiment {
  const experiment = getExperiment(lab.store.db);
  if (experiment === undefined) throw new ConflictError(experimentWords.noneYet);
  return experiment;
}

/** What no schema sees: patterns that compile, shares that leave prompts for training. Throws ConfigError. */
function checkConfig(lab: LabContext, config: ExperimentConfig): void {
  for (const member of membersOf(config.oracle)) if (isScripted(member)) lab.oracles.make(member);
  assignSplits([], config.splits, config.seed);
}

/** Prompts keep the split and shard that they were given; other settings would be ignored in silence. */
function requireSameSplits(lab: LabContext, present: ExperimentConfig, wanted: ExperimentConfig): void {
  const prompts = Object.values(promptCounts(lab.store.db)).reduce((sum, count) => sum + count, 0);
  if (prompts === 0 || canonicalJson(present.splits) === canonicalJson(wanted.splits)) return;
  throw new ConflictError(experimentWords.splitsFixed(prompts, JSON.stringify(present.splits), JSON.stringify(wanted.splits)));
}

function changed(lab: LabContext, change: () => void): ExperimentView {
  const view = lab.store.db.transaction(() => {
    change();
    return experimentView(lab, requireExperiment(lab));
  });
  lab.events.publish({ type: "experiment.changed" });
  return view;
}

function experimentView(lab: LabContext, experiment: Experiment): ExperimentView {
  const { db } = lab.store;
  return {
    id: experiment.id,
    name: experiment.name,
    folder: lab.folder,
    config: experiment.config,
    prompts: promptCounts(db),
    policies: policyViews(db),
    roundCount: listRounds(db).length,
  };
}
