/** Answers a prompt on one or two policies for somebody who watches; nothing of it is recorded. */
import type * as z from "zod";
import { toLabError } from "#app/base/errors.ts";
import type { PromptId } from "#app/base/ids.ts";
import type { TrialView, tryInputSchema } from "#app/contract/policy-details.ts";
import type { EngineOptions } from "#app/domain/device.ts";
import { samplingSettingsSchema } from "#app/domain/sampling.ts";
import type { SampleEvent } from "#app/rounds/ports.ts";
import { policyByName } from "#main/store/queries/policies.ts";
import type { LabContext } from "../context.ts";
import { failedDevice, getEngineOptions } from "../engine-options.ts";

type TryInput = z.infer<typeof tryInputSchema>;

/** The one prompt of a job; it is none of the experiment's. */
const TRIED = "tried" as PromptId;

export async function* tryPrompt(lab: LabContext, input: TryInput, signal: AbortSignal): AsyncGenerator<TrialView, void> {
  const ended = new AbortController();
  const events = createQueue<TrialView>();
  const work = Promise.all(
    input.policies.map((name, place) =>
      answer(lab, input, { name, place }, AbortSignal.any([signal, ended.signal]), (trial) => {
        events.push(trial);
      }),
    ),
  ).then(
    () => events.end(),
    (thrown: unknown) => events.fail(toLabError(thrown)),
  );
  try {
    yield* events.read();
  } finally {
    // Whoever stops watching stops the work.
    ended.abort();
    await work;
  }
}

type Side = { readonly name: string; readonly place: number };

async function answer(lab: LabContext, input: TryInput, { name, place }: Side, signal: AbortSignal, tell: (trial: TrialView) => void): Promise<void> {
  const policy = policyByName(lab.store.db, name);
  const weights = await lab.checkpoints.prepare(policy, signal);
  const { prompt, temperature, topP, maxNewTokens, seed } = input;
  const settings = samplingSettingsSchema.parse({ responsesPerPrompt: 1, temperature, topP, maxNewTokens });
  let tokensPerSecond = 0;
  const onEvent = (event: SampleEvent): void => {
    const side = { place, policy: policy.name };
    switch (event.kind) {
      case "progress":
        ({ tokensPerSecond } = event);
        return;
      case "partial":
        tell({ ...side, text: event.text, tokens: event.tokenCount, tokensPerSecond, finish: null });
        return;
      case "sampled":
        tell({ ...side, text: event.response.text, tokens: event.response.tokenIds.length, tokensPerSecond, finish: event.response.finishReason });
        return;
      case "skipped":
        tell({ ...side, text: event.unit.reason, tokens: 0, tokensPerSecond: 0, finish: "tooLong" });
        return;
      default:
        event satisfies never;
    }
  };
  const units = [{ promptId: TRIED, messages: [{ role: "user" as const, content: prompt }], sampleIndex: 0, seed }];
  const sample = async (engine: EngineOptions): Promise<void> => {
    await lab.engine.sample({ policy: weights, settings, units, engine, isWatched: true }, onEvent, signal);
  };
  const engine = getEngineOptions(lab.store.db);
  await sample(engine).catch(async (thrown: unknown) => {
    const device = failedDevice(thrown, engine.device);
    if (device === undefined || signal.aborted) throw thrown;
    lab.events.publish({ type: "engine.fellBack", device, message: toLabError(thrown).message });
    await sample({ ...engine, device: "cpu" });
  });
}

type Queue<Item> = { push(item: Item): void; end(): void; fail(error: Error): void; read(): AsyncGenerator<Item, void> };

/** Items in the order in which they were pushed, for one reader. */
function createQueue<Item>(): Queue<Item> {
  const items: Item[] = [];
  let isEnded = false;
  let failure: Error | undefined;
  let wake: () => void = () => undefined;
  return {
    push: (item) => {
      items.push(item);
      wake();
    },
    end: () => {
      isEnded = true;
      wake();
    },
    fail: (error) => {
      failure = error;
      isEnded = true;
      wake();
    },
    read: async function* () {
      for (;;) {
        yield* items.splice(0);
        if (isEnded && items.length === 0) {
          if (failure !== undefined) throw failure;
          return;
        }
        if (items.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
