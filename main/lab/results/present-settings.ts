/** The experiment's settings that figures outside the kept summary need. */
import { getExperiment } from "#main/store/queries/experiments.ts";
import type { LabContext } from "../context.ts";

export function presentSettings(lab: LabContext): { readonly confidence: number; readonly seed: number; readonly name: string } {
  const experiment = getExperiment(lab.store.db);
  return {
    confidence: experiment?.config.evaluation.confidence ?? 0.95,
    seed: experiment?.config.seed ?? 0,
    name: experiment?.name ?? "No experiment",
  };
}
