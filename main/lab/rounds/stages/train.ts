/** The stage "train": the next policy from this round's pairs, from the last durable checkpoint if there is one. */
import { CancelledError, InternalError, toLabError, TrainingError } from "#app/base/errors.ts";
import type { ContentHash, PolicyId } from "#app/base/ids.ts";
import { seedFor } from "#app/base/random.ts";
import { STAGE_COUNT } from "#app/domain/stage-counts.ts";
import type { PolicyWeights, TrainedWeights, TrainEvent, TrainingPair } from "#app/rounds/ports.ts";
import { roundWords } from "#app/text/rounds.ts";
import { bestCheckpoint, type MeasuredCheckpoint, stepLossOf } from "#app/training/best-checkpoint.ts";
import { splitHeldOut } from "#app/training/held-out.ts";
import { needsFirstPolicy } from "#app/training/losses.ts";
import { listPrompts } from "#main/store/queries/experiments.ts";
import { checkpointByHash, insertPolicy, policyById, upsertCheckpoint } from "#main/store/queries/policies.ts";
import { insertTrainingCheckpoint, lastTrainingCheckpoint, metricsOf, pairById, pairsOfAttempt, upsertMetrics } from "#main/store/queries/results.ts";
import { replayedOf } from "#main/store/queries/replay.ts";
import { responseById } from "#main/store/queries/responses.ts";
import { clearEngineDeaths, countsOf, listRounds, roundByNumber, setCounts } from "#main/store/queries/rounds.ts";
import { noteKeptCheckpoint, trainingCheckpoints, trainingStopOf } from "#main/store/queries/training.ts";
import { engineOfRun } from "../run-device.ts";
import type { StageOutcome, StageRun } from "../stage-run.ts";
import { doneAttempt } from "./evidence.ts";
import { promptsKeptOut } from "./kept-out.ts";
import { startingWeights } from "./starting-weights.ts";
import { withTeacherTokens } from "./teacher-tokens.ts";

/** The count of reference log-probabilities is written down every so many. */
const REFERENCES_TOLD = 16;

export async function runTrain(run: StageRun): Promise<StageOutcome> {
  const { lab, round } = run;
  const { db } = lab.store;
  // Killed between the policy and the end of the run: there is nothing left to train.
  if (roundByNumber(db, round.number).newPolicyId !== null) return "done";
  const policy = policyById(db, round.policyId);
  const weights = await startingWeights(run, policy);
  // Asked to stop before the lab was closed or died.
  if (wantsBest(run) && bestOf(run) !== undefined) return await keepBest(run, weights);
  try {
    const { stepCount, trained } = await trainGuarded(run, await trainJob(run, weights));
    run.progress.begin(stepCount, stepCount);
    const add = await policyAdder(run, weights, trained);
    db.transaction(add);
    return "done";
  } catch (thrown) {
    if (thrown instanceof CancelledError && !run.signal.aborted && wantsBest(run)) return await keepBest(run, weights);
    throw thrown;
  }
}

async function trainJob(run: StageRun, weights: PolicyWeights): Promise<Job> {
  const { lab, round, attempt, config, signal } = run;
  const { db } = lab.store;
  const resumeFrom = lastTrainingCheckpoint(db, attempt.id);
  const first = policyById(db, listRounds(db)[0]?.policyId ?? round.policyId);
  const firstPolicy = needsFirstPolicy(config.training.loss) ? { firstPolicy: await lab.checkpoints.prepare(first, signal) } : {};
  const pairs = splitHeldOut(await trainingPairs(run), promptsKeptOut(run));
  if (pairs.training.length === 0) throw new TrainingError(roundWords.onlyHeldOut(round.number, pairs.heldOut.length));
  run.progress.set(resumeFrom?.step ?? 0);
  return {
    attemptId: attempt.id,
    policy: weights,
    ...firstPolicy,
    pairs: pairs.training,
    heldOutPairs: pairs.heldOut,
    settings: config.training,
    engine: engineOfRun(lab, attempt.id),
    // Redoing with other settings differs by the settings alone.
    seed: seedFor(config.seed, "train", round.number),
    resumeFrom: resumeFrom === undefined ? null : { step: resumeFrom.step, artefact: resumeFrom.artefact },
    baseModelName: checkpointByHash(db, weights.checkpointHash).path,
  };
}

/** What writes the new policy down, to be called in a transaction. A checkpoint of its own is opened first, which takes time. */
async function policyAdder({ lab, round, attempt, signal }: StageRun, start: PolicyWeights, { kind, artefact }: TrainedWeights): Promise<() => void> {
  const { db, artefacts } = lab.store;
  const checkpoint = kind === "checkpoint" ? await lab.checkpoints.open(await artefacts.pathOf(artefact), signal) : undefined;
  return () => {
    if (checkpoint !== undefined) upsertCheckpoint(db, checkpoint);
    insertPolicy(db, {
      id: lab.ids.next() as PolicyId,
      name: `r${round.number}`,
      checkpointHash: checkpoint?.hash ?? start.checkpointHash,
      adapterHash: checkpoint === undefined ? artefact : null,
      parentId: round.policyId,
      attemptId: attempt.id,
      createdAtMs: lab.clock.nowMs(),
    });
  };
}

function wantsBest({ lab, attempt }: StageRun): boolean {
  return trainingStopOf(lab.store.db, attempt.id) !== undefined;
}

function bestOf({ lab, attempt }: StageRun): (MeasuredCheckpoint & { readonly artefact: ContentHash }) | undefined {
  const checkpoints = trainingCheckpoints(lab.store.db, attempt.id);
  const best = bestCheckpoint(
    checkpoints.map((checkpoint) => checkpoint.step),
    metricsOf(lab.store.db, attempt.id).map(stepLossOf),
  );
  const artefact = checkpoints.find((checkpoint) => checkpoint.step === best?.step)?.artefact;
  return best === undefined || artefact === undefined ? undefined : { ...best, artefact };
}

/** Ends the run with the policy of its best durable checkpoint. Its metrics stay: those steps were done. */
async function keepBest(run: StageRun, policy: PolicyWeights): Promise<StageOutcome> {
  const { lab, attempt, config } = run;
  const { db } = lab.store;
  const best = bestOf(run);
  if (best === undefined) throw new InternalError("a training run was to end with its best checkpoint but has none");
  const { step, loss, artefact } = best;
  const trained = await lab.engine.trainedAt({
    policy,
    baseModelName: checkpointByHash(db, policy.checkpointHash).path,
    settings: config.training,
    checkpoint: { step, artefact },
  });
  const add = await policyAdder(run, policy, trained);
  const lastStep = metricsOf(db, attempt.id).at(-1)?.step ?? step;
  run.progress.begin(lastStep, lastStep);
  db.transaction(() => {
    noteKeptCheckpoint(db, attempt.id, { step, loss });
    add();
  });
  return "done";
}

type Job = Parameters<StageRun["lab"]["engine"]["train"]>[0];
type Result = Awaited<ReturnType<StageRun["lab"]["engine"]["train"]>>;

/** What cannot be stored ends the job. */
async function trainGuarded(run: StageRun, job: Job): Promise<Result> {
  const storing = new AbortController();
  // Ends the job too, but what the engine still writes down is kept.
  const stopping = new AbortController();
  let failure: Error | undefined;
  const onEvent = (event: TrainEvent): void => {
    if (storing.signal.aborted) return;
    try {
      store(run, event);
      if (event.kind === "step" && wantsBest(run)) stopping.abort();
    } catch (thrown) {
      failure = toLabError(thrown);
      storing.abort();
    }
  };
  try {
    const result = await run.lab.engine.train(job, onEvent, AbortSignal.any([run.signal, storing.signal, stopping.signal]));
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
      setCounts(db, attempt.id, {
        [STAGE_COUNT.pairs]: event.pairCount,
        [STAGE_COUNT.droppedPairs]: event.droppedPairs.length,
        ...(event.heldOutCount === 0 ? {} : { [STAGE_COUNT.heldOutPairs]: event.heldOutCount }),
      });
      return;
    case "referenceScored":
      if (event.done < event.total && event.done % REFERENCES_TOLD !== 0) return;
      setCounts(db, attempt.id, { ...countsOf(db, attempt.id), [STAGE_COUNT.references]: event.done });
      // Minutes may go by before the first step.
      run.progress.tell();
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

async function trainingPairs(run: StageRun): Promise<(TrainingPair & { readonly promptId: string })[]> {
  const { lab, round } = run;
  const { db } = lab.store;
  const pairAttemptId = doneAttempt(run, "pair");
  const own = pairsOfAttempt(db, pairAttemptId);
  if (own.length === 0) {
    const reasons = Object.entries(countsOf(db, pairAttemptId)).filter(([, value]) => value > 0);
    const why = reasons.length === 0 ? roundWords.noDifference : reasons.map(([name, value]) => `${name}: ${value}`).join(", ");
    throw new TrainingError(roundWords.noPairs(round.number, why));
  }
  const pairs = [...own, ...replayedOf(db, pairAttemptId).map(({ pairId }) => pairById(db, pairId))];
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
      promptId: pair.promptId,
      messages,
      chosenTokenIds: chosen,
      rejectedTokenIds: rejected,
      ...(pair.chosenWinRate === null ? {} : { chosenWinRate: pair.chosenWinRate }),
      ...(pair.rejectedWinRate === null ? {} : { rejectedWinRate: pair.rejectedWinRate }),
    };
  });
}
