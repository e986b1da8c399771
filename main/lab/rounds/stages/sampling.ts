/** Samples what an attempt still lacks of one policy's responses; each is durable when it is counted. */
import { EngineError, toLabError } from "#app/base/errors.ts";
import type { ResponseId } from "#app/base/ids.ts";
import type { Policy } from "#app/domain/policy.ts";
import type { SamplingSettings } from "#app/domain/sampling.ts";
import type { SampledResponse, SampleEvent, SampleUnit } from "#app/rounds/ports.ts";
import { roundWords } from "#app/text/rounds.ts";
import { finishedUnits, insertResponse, insertSkip, unitKey } from "#main/store/queries/responses.ts";
import { settlePrecision } from "./precision.ts";
import type { StageRun } from "../stage-run.ts";

/** Resolves when every unit is a response or a skip. Units that are finished already are passed over uncounted. */
export async function sampleMissing(run: StageRun, policy: Policy, units: readonly SampleUnit[], settings: SamplingSettings): Promise<void> {
  const { lab, attempt, signal } = run;
  const isMissing = (): SampleUnit[] => {
    const finished = finishedUnits(lab.store.db, attempt.id, policy.id);
    return units.filter((unit) => !finished.has(unitKey(unit.promptId, unit.sampleIndex)));
  };
  const missing = isMissing();
  if (missing.length === 0) return;
  const weights = await lab.checkpoints.prepare(policy, signal);
  const { precision, engine } = await settlePrecision(run, policy, weights, units, settings);
  // What cannot be stored ends the job: the engine would go on with work that nobody keeps.
  const storing = new AbortController();
  let failure: Error | undefined;
  await lab.engine
    .sample(
      { policy: weights, settings: { ...settings, precision }, units: missing, engine },
      (event) => {
        if (storing.signal.aborted) return;
        try {
          store(run, policy, event);
        } catch (thrown) {
          failure = toLabError(thrown);
          storing.abort();
        }
      },
      AbortSignal.any([signal, storing.signal]),
    )
    .catch((thrown: unknown) => {
      failure ??= toLabError(thrown);
    });
  if (failure !== undefined) throw failure;
  const left = isMissing().length;
  if (left > 0) throw new EngineError(roundWords.responsesMissing(left, missing.length));
}

function store(run: StageRun, policy: Policy, event: SampleEvent): void {
  const { lab, attempt } = run;
  switch (event.kind) {
    case "sampled":
      insertResponse(lab.store.db, {
        ...fieldsOf(event.response),
        id: lab.ids.next() as ResponseId,
        policyId: policy.id,
        attemptId: attempt.id,
        source: "policy",
      });
      run.progress.add();
      return;
    case "skipped":
      insertSkip(lab.store.db, { ...event.unit, attemptId: attempt.id, policyId: policy.id });
      run.progress.add();
      return;
    case "progress":
    case "partial":
      return;
    default:
      event satisfies never;
  }
}

function fieldsOf(response: SampledResponse): SampledResponse {
  const { promptId, sampleIndex, text, tokenIds, finishReason, logp, isRepetitive } = response;
  return { promptId, sampleIndex, text, tokenIds, finishReason, logp, isRepetitive };
}
