/** A round as it is shown: its five stages, and what came of them. */
import type { RoundView } from "#app/contract/views.ts";
import { type Round, STAGES } from "#app/domain/round.ts";
import { isRoundDone } from "#app/rounds/next-action.ts";
import { policyById } from "#main/store/queries/policies.ts";
import { liveAttempts } from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";
import { evaluationView } from "../views/evaluation-view.ts";
import { watchView } from "../views/watch-view.ts";
import { stageView } from "./publish.ts";

/** `isAnythingRunning`: of the runner, as a record that says "running" may be of a stage that nobody carries on. */
export function roundView(lab: LabContext, round: Round, isAnythingRunning: boolean): RoundView {
  const { db } = lab.store;
  const live = liveAttempts(db, round.id);
  const stages = STAGES.map((stage) => stageView(lab, stage, live.get(stage)));
  const [pair, evaluate] = [live.get("pair"), live.get("evaluate")];
  const evaluation = evaluate?.state === "done" ? evaluationView(db, evaluate.id) : { winRates: [], recommendation: null };
  return {
    number: round.number,
    policy: policyById(db, round.policyId).name,
    newPolicy: round.newPolicyId === null ? null : policyById(db, round.newPolicyId).name,
    stages,
    isRunning: isAnythingRunning && stages.some((stage) => stage.state === "running" && !stage.waitsForPeople),
    isDone: isRoundDone(live),
    pairCount: pair?.state === "done" ? pair.unitsDone : null,
    ...evaluation,
    watch: watchView(db, round),
  };
}
