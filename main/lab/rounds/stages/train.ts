/** The stage "train": the next policy from this round's pairs, from the last durable checkpoint if there is one. */
import { InternalError, toLabError, TrainingError } from "#app/base/errors.ts";
import type { PolicyId } from "#app/base/ids.ts";
import { seedFor } from "#app/base/random.ts";
import type { TrainEvent, TrainingPair } from "#app/rounds/ports.ts";
import { needsFirstPolicy } from "#app/training/losses.ts";
import { listPrompts } from "#main/store/queries/experiments.ts";
import { checkpointByHash, insertPolicy, policyById } from "#main/store/queries/policies.ts";
import { insertTrainingCheckpoint, lastTrainingCheckpoint, pairsOfAttempt, upsertMetrics } from "#main/store/queries/results.ts";
import { responseById } from "#main/store/queries/responses.ts";
import { clearEngineDeaths, countsOf, listRounds, roundByNumber, setCounts } from "#main/store/queries/rounds.ts";
import type { StageOutcome, StageRun } from "../stage-run.ts";
import { doneAttempt } from "./evidence.ts";
import { withTeacherTokens } from "./teacher-tokens.ts";

/** The count of reference log-probabilities is written down every so many. */
const REFERENCES_TOLD = 16;

export async function runTrain(run: StageRun): Promise<StageOutcome> {
  const { lab, round, attempt, config, signal } = run;
  const { db } = lab.store;
  // Killed between the policy and the end of the run: there is nothing left to train.
  if (roundByNumber(db, round.number).newPolicyId !== null) return "done";
  const pairs = await trainingPairs(run);
  const policy = policyById(db, round.policyId);
  const resumeFrom = lastTrainingCheckpoint(db, attempt.id);
  const weights = await lab.checkpoints.prepare(policy, signal);
  const first = policyById(db, listRounds(db)[0]?.policyId ?? policy.id);
  const firstPolicy = needsFirstPolicy(config.training.loss) ? { firstPolicy: await lab.checkpoints.prepare(first, signal) } : {};
  run.progress.set(resumeFrom?.step ?? 0);
  const result = await trainGuarded(run, {
    attemptId: attempt.id,
    policy: weights,
    ...firstPolicy,
    pairs,
    settings: config.training,
    // Redoing with other settings differs by the settings alone.
    seed: seedFor(config.seed, "train", round.number),
    resumeFrom: resumeFrom === undefined ? null : { step: resumeFrom.step, artefact: resumeFrom.artefact },
    baseModelName: checkpointByHash(db, policy.checkpointHash).path,
  });
  run.progress.begin(result.stepCount, result.stepCount);
  insertPolicy(db, {
    id: lab.ids.next() as PolicyId,
    name: `r${round.number}`,
    checkpointHash: policy.checkpointHash,
    adapterHash: result.adapterHash,
    parentId: policy.id,
    attemptId: attempt.id,
    createdAtMs: lab.clock.nowMs(),
  });
  return "done";
}

type Job = Parameters<StageRun["lab"]["engine"]["train"]>[0];
type Result = Awaited<ReturnType<StageRun["lab"]["engine"]["train"]>>;

/** What cannot be stored ends the job. */
async function trainGuarded(run: StageRun, job: Job): Promise<Result> {
  const storing = new AbortController();
  let failure: Error | undefined;
  const onEvent = (event: TrainEvent): void => {
    if (storing.signal.aborted) return;
    try {
      store(run, event);
    } catch (thrown) {
      failure = toLabError(thrown);
      storing.abort();
    }
  };
  try {
    const result = await run.lab.engine.train(job, onEvent, AbortSignal.any([run.signal, storing.signal]));
    if (failure === undefined) return result;
    throw failure;
  } catch (thrown) {
    throw failure ?? thrown;
  }
}

function store(run: StageRun, event: TrainEvent): void {
  const { lab, round, attempt } = run;
  const { db } = lab.store;
  switch (event.kind) {
    case "started":
      run.progress.begin(lastTrainingCheckpoint(db, attempt.id)?.step ?? 0, event.stepCount);
      setCounts(db, attempt.id, { pairs: event.pairCount, "dropped pairs": event.droppedPairs.length });
      return;
    case "referenceScored":
      if (event.done < event.total && event.done % REFERENCES_TOLD !== 0) return;
      setCounts(db, attempt.id, { ...countsOf(db, attempt.id), "reference log-probabilities": event.done });
      return;
    case "step":
      upsertMetrics(db, { attemptId: attempt.id, step: event.step, values: event.values });
      run.progress.set(event.step);
      lab.events.publish({ type: "training.stepped", round: round.number, step: event.step, values: event.values });
      return;
    case "checkpoint":
      insertTrainingCheckpoint(db, { attemptId: attempt.id, step: event.step, artefact: event.artefact }, lab.clock.nowMs());
      clearEngineDeaths(db, attempt.id);
      return;
    default:
      event satisfies never;
  }
}

async function trainingPairs(run: StageRun): Promise<TrainingPair[]> {
  const { lab, round } = run;
  const { db } = lab.store;
  const pairAttemptId = doneAttempt(run, "pair");
  const pairs = pairsOfAttempt(db, pairAttemptId);
  if (pairs.length === 0) {
    const reasons = Object.entries(countsOf(db, pairAttemptId)).filter(([, value]) => value > 0);
    const why = reasons.length === 0 ? "no prompt has two responses that differ" : reasons.map(([name, value]) => `${name}: ${value}`).join(", ");
    throw new TrainingError(
      `round ${round.number} made no preference pairs (${why}), so there is nothing to train on; change the pair rule or the oracle and redo the stage pair or judge`,
    );
  }
  const messagesById = new Map(listPrompts(db, "training").map((prompt) => [prompt.id, prompt.messages]));
  const ids = new Set(pairs.flatMap((pair) => [pair.chosenId, pair.rejectedId]));
  const responses = await withTeacherTokens(
    run,
    [...ids].map((id) => responseById(db, id)),
  );
  const tokensById = new Map(responses.map((response) => [response.id, response.tokenIds]));
  return pairs.map((pair) => {
    const [messages, chosen, rejected] = [messagesById.get(pair.promptId), tokensById.get(pair.chosenId), tokensById.get(pair.rejectedId)];
    if (messages === undefined || chosen === undefined || rejected === undefined) throw new InternalError(`pair ${pair.id} names what is not there`);
    return {
      pairId: pair.id,
      messages,
      chosenTokenIds: chosen,
      rejectedTokenIds: rejected,
      ...(pair.chosenWinRate === null ? {} : { chosenWinRate: pair.chosenWinRate }),
      ...(pair.rejectedWinRate === null ? {} : { rejectedWinRate: pair.rejectedWinRate }),
    };
  });
}
