/** The contract's area "results": what came out, what more could be compared, and files for other tools. */
import type { ComparisonPlan } from "#app/contract/result-views.ts";
import type { StageView } from "#app/contract/views.ts";
import { ensureAuthor } from "#main/store/queries/authors.ts";
import { newestChoice } from "#main/store/queries/choices.ts";
import { getExperiment } from "#main/store/queries/experiments.ts";
import { testLookCount } from "#main/store/queries/results.ts";
import { configOfAttempt, listRounds, liveAttempts } from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";
import { type ReportedSplit, resultsOf } from "../evaluations/summary.ts";
import { api } from "../roles.ts";
import { evaluationView } from "../views/evaluation-view.ts";
import { choosePolicy } from "./choose.ts";
import { agreementOf } from "./agreement.ts";
import { examplesOf } from "./examples.ts";
import { exportDataset } from "./dataset.ts";
import { exportJudgments, exportPairs, exportResponses } from "./exports.ts";
import { importCalibration } from "./import-calibration.ts";
import { reportOf } from "./report.ts";

type Request = { readonly policies?: readonly string[] | undefined; readonly withTeacher: boolean };

/** Comparisons run where rounds run. */
export type Comparing = {
  plan(request: Request): ComparisonPlan;
  start(request: Request): void;
  open(): StageView | null;
  giveUp(): boolean;
};

export function resultHandlers(lab: LabContext, comparing: Comparing) {
  const { results } = api;
  const { db } = lab.store;
  const splitOr = (split: ReportedSplit | undefined): ReportedSplit => split ?? getExperiment(db)?.config.evaluation.split ?? "validation";
  return {
    table: results.table.handler(() => {
      const testLooks = testLookCount(db);
      return listRounds(db).flatMap((round) => {
        const attempt = liveAttempts(db, round.id).get("evaluate");
        if (attempt?.state !== "done") return [];
        const { split } = configOfAttempt(db, attempt.id).evaluation;
        return [{ round: round.number, split, testLooks, ...evaluationView(db, attempt.id) }];
      });
    }),
    overview: results.overview.handler(({ input }) => resultsOf(lab, splitOr(input.split))),
    examples: results.examples.handler(({ input }) => examplesOf(lab, { ...input, split: splitOr(input.split) })),
    chosen: results.chosen.handler(() => newestChoice(db) ?? null),
    choose: results.choose.handler(({ input }) => {
      choosePolicy(lab, ensureAuthor(db, lab.ids, input.author, "person"), input.policy, input.reason);
      return { policy: input.policy };
    }),
    agreement: results.agreement.handler(() => agreementOf(lab)),
    comparisonPlan: results.comparisonPlan.handler(({ input }) => comparing.plan(input)),
    compare: results.compare.handler(({ input }) => {
      comparing.start(input);
      return { isStarted: true };
    }),
    comparison: results.comparison.handler(() => comparing.open()),
    giveUpComparison: results.giveUpComparison.handler(() => ({ wasOpen: comparing.giveUp() })),
    report: results.report.handler(async ({ input }) => ({ html: await reportOf(lab, splitOr(input.split)) })),
    importCalibration: results.importCalibration.handler(({ input }) => importCalibration(lab, input.path)),
    exportPairs: results.exportPairs.handler(({ input }) => exportPairs(lab, input)),
    exportResponses: results.exportResponses.handler(({ input }) => exportResponses(lab, input)),
    exportJudgments: results.exportJudgments.handler(({ input }) => exportJudgments(lab, input)),
    exportDataset: results.exportDataset.handler(async ({ input }) => {
      const { files, ...written } = await exportDataset(lab, input);
      return { ...written, files: [...files] };
    }),
  };
}
