/** The contract's area "training": the numbers of training runs. */
import { metricsOf } from "#main/store/queries/results.ts";
import { liveAttempts, roundByNumber } from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";
import { api } from "../roles.ts";

export function trainingHandlers(lab: LabContext) {
  const { db } = lab.store;
  return {
    metrics: api.training.metrics.handler(({ input }) => {
      const attempt = liveAttempts(db, roundByNumber(db, input.round).id).get("train");
      if (attempt === undefined) return [];
      return metricsOf(db, attempt.id, input.afterStep).map(({ step, values }) => ({ step, values: { ...values } }));
    }),
  };
}
