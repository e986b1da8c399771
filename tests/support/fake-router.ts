/** The contract's router over the stand-in lab's parts; what no screen asks for is refused. */
import type { LabEvent } from "#app/contract/rounds.ts";
import type { ExperimentView } from "#app/contract/views.ts";
import { NotFoundError } from "#app/base/errors.ts";
import type { LabRouter } from "#main/lab/lab.ts";
import { api } from "#main/lab/roles.ts";
import type { FakeQueue } from "./fake-queue.ts";
import { fakeForecast } from "./fake-forecast.ts";
import type { FakeRounds } from "./fake-rounds.ts";

export type FakeParts = {
  readonly queue: FakeQueue;
  readonly rounds: FakeRounds;
  readonly experiment: () => ExperimentView | null;
  readonly newer: { readonly schema: number; readonly known: number; readonly sentence: string } | null;
  readonly watch: (signal: AbortSignal | undefined) => AsyncGenerator<LabEvent, void>;
};

export function implementedRouter({ queue, rounds, experiment, newer, watch }: FakeParts): LabRouter {
  const refuse = (): never => {
    throw new NotFoundError("the stand-in lab does not do this");
  };
  return api.router({
    experiments: {
      get: api.experiments.get.handler(experiment),
      create: api.experiments.create.handler(refuse),
      configure: api.experiments.configure.handler(refuse),
      lookAtImport: api.experiments.lookAtImport.handler(refuse),
      importPrompts: api.experiments.importPrompts.handler(refuse),
    },
    rounds: {
      judgeForecast: api.rounds.judgeForecast.handler(() => null),
      list: api.rounds.list.handler(() => rounds.list()),
      forecast: api.rounds.forecast.handler(() => fakeForecast(rounds.rounds)),
      measureTraining: api.rounds.measureTraining.handler(refuse),
      start: api.rounds.start.handler(({ input }) => ({ round: rounds.start(input.rounds), keeps: null })),
      pause: api.rounds.pause.handler(async () => ({ wasRunning: await rounds.pause() })),
      stop: api.rounds.stop.handler(async () => ({ wasRunning: await rounds.pause() })),
      resume: api.rounds.resume.handler(() => ({ round: rounds.resume(), keeps: null })),
      redo: api.rounds.redo.handler(({ input }) => ({ round: rounds.redo(input.stage) })),
      series: api.rounds.series.handler(() => rounds.series),
      setLast: api.rounds.setLast.handler(({ input }) => rounds.setLast(input.round)),
      settle: api.rounds.settle.handler(refuse),
      watch: api.rounds.watch.handler(({ signal }) => watch(signal)),
    },
    queue: {
      authors: api.queue.authors.handler(() => queue.authors()),
      next: api.queue.next.handler(({ input }) => queue.next(input.author, input.count)),
      judge: api.queue.judge.handler(({ input }) => ({ counts: queue.judge(input), practice: null })),
      undo: api.queue.undo.handler(({ input }) => queue.undo(input.author)),
      redo: api.queue.redo.handler(({ input }) => queue.redo(input.author)),
      saveDraft: api.queue.saveDraft.handler(() => ({ savedAtMs: Date.now() })),
      flag: api.queue.flag.handler(({ input }) => ({ isFlagged: input.isFlagged })),
      endSitting: api.queue.endSitting.handler(() => null),
      sitting: api.queue.sitting.handler(() => null),
    },
    judgments: {
      ask: api.judgments.ask.handler(refuse),
      list: api.judgments.list.handler(refuse),
      lists: api.judgments.lists.handler(() => ({ rows: [], total: 0 })),
      page: api.judgments.page.handler(() => ({ rows: [], total: 0, upTo: 0 })),
      facets: api.judgments.facets.handler(() => ({ total: 0, rounds: [], authors: [], disputed: 0, invalid: 0, lists: 0 })),
      open: api.judgments.open.handler(refuse),
      correct: api.judgments.correct.handler(refuse),
      settle: api.judgments.settle.handler(refuse),
      takeBack: api.judgments.takeBack.handler(refuse),
      reopen: api.judgments.reopen.handler(refuse),
      askAgain: api.judgments.askAgain.handler(refuse),
    },
    training: {
      metrics: api.training.metrics.handler(({ input }) => (input.round === rounds.rounds.length ? rounds.metrics : [])),
      run: api.training.run.handler(() => null),
      stopWithBest: api.training.stopWithBest.handler(refuse),
    },
    results: {
      table: api.results.table.handler(refuse),
      overview: api.results.overview.handler(() => null),
      examples: api.results.examples.handler(refuse),
      chosen: api.results.chosen.handler(() => null),
      choose: api.results.choose.handler(refuse),
      agreement: api.results.agreement.handler(refuse),
      comparisonPlan: api.results.comparisonPlan.handler(refuse),
      compare: api.results.compare.handler(refuse),
      comparison: api.results.comparison.handler(() => null),
      giveUpComparison: api.results.giveUpComparison.handler(refuse),
      report: api.results.report.handler(refuse),
      importCalibration: api.results.importCalibration.handler(refuse),
      exportPairs: api.results.exportPairs.handler(refuse),
      exportResponses: api.results.exportResponses.handler(refuse),
      exportJudgments: api.results.exportJudgments.handler(refuse),
      exportDataset: api.results.exportDataset.handler(refuse),
    },
    policies: {
      list: api.policies.list.handler(() => experiment()?.policies.slice() ?? []),
      look: api.policies.look.handler(refuse),
      describe: api.policies.describe.handler(refuse),
      try: api.policies.try.handler(refuse),
      remove: api.policies.remove.handler(refuse),
      restore: api.policies.restore.handler(refuse),
      add: api.policies.add.handler(refuse),
      hub: api.policies.hub.handler(refuse),
      setHubToken: api.policies.setHubToken.handler(refuse),
      export: api.policies.export.handler(refuse),
      merge: api.policies.merge.handler(refuse),
    },
    settings: {
      about: api.settings.about.handler(() => ({
        version: "0.0.0",
        folder: experiment()?.folder ?? "",
        pid: 1,
        host: "http",
        startedAtMs: 0,
        takenOverFrom: null,
        newer,
      })),
      doctor: api.settings.doctor.handler(refuse),
      backups: api.settings.backups.handler(refuse),
      backUp: api.settings.backUp.handler(refuse),
      garbage: api.settings.garbage.handler(refuse),
      collectGarbage: api.settings.collectGarbage.handler(refuse),
      writeReport: api.settings.writeReport.handler(refuse),
      engine: api.settings.engine.handler(() => ({ device: "cpu", threads: 0, processorThreads: 4 })),
      setEngine: api.settings.setEngine.handler(refuse),
      devices: api.settings.devices.handler(refuse),
      endpoints: api.settings.endpoints.handler(refuse),
      saveEndpoint: api.settings.saveEndpoint.handler(refuse),
      removeEndpoint: api.settings.removeEndpoint.handler(refuse),
      setKey: api.settings.setKey.handler(refuse),
      removeKey: api.settings.removeKey.handler(refuse),
      testEndpoint: api.settings.testEndpoint.handler(refuse),
      snapshots: api.settings.snapshots.handler(refuse),
      acceptSnapshot: api.settings.acceptSnapshot.handler(refuse),
      withdrawSnapshot: api.settings.withdrawSnapshot.handler(refuse),
      templates: api.settings.templates.handler(refuse),
      budget: api.settings.budget.handler(refuse),
      setCaps: api.settings.setCaps.handler(refuse),
      network: api.settings.network.handler(refuse),
      setOffline: api.settings.setOffline.handler(refuse),
      allowHost: api.settings.allowHost.handler(refuse),
      forbidHost: api.settings.forbidHost.handler(refuse),
    },
  });
}
