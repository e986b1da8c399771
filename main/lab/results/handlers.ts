/** The contract's area "results": what came out, and files for other tools. */
import { configOfAttempt, listRounds, liveAttempts } from "#main/store/queries/rounds.ts";
import { testLookCount } from "#main/store/queries/results.ts";
import type { LabContext } from "../context.ts";
import { api } from "../roles.ts";
import { evaluationView } from "../views/evaluation-view.ts";
import { exportPairs, exportResponses } from "./exports.ts";

export function resultHandlers(lab: LabContext) {
  const { results } = api;
  const { db } = lab.store;
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
    exportPairs: results.exportPairs.handler(({ input }) => exportPairs(lab, input.path, input.round)),
    exportResponses: results.exportResponses.handler(({ input }) => exportResponses(lab, input)),
  };
}
