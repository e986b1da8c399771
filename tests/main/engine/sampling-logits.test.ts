/** Fetching all logits along with the steps saves running steps twice, and changes no token. */
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PromptId } from "#app/base/ids.ts";
import type { Tokenizer } from "#app/decoding/tokenizer.ts";
import { samplingSettingsSchema } from "#app/domain/sampling.ts";
import { NEXT_TOKEN_OUTPUTS } from "#app/models/sampling-graphs.ts";
import type { SampledResponse } from "#app/rounds/ports.ts";
import { writeTinyModel } from "#main/engine/checkpoints/tiny-model.ts";
import { createLoadedPolicies } from "#main/engine/process/loaded-policies.ts";
import type { PolicyModel } from "#main/engine/runtime/policy-model.ts";
import { createSessionCache, type SessionCache } from "#main/engine/runtime/session-cache.ts";
import { createDecodeBatch } from "#main/engine/sampling/decode-batch.ts";
import { prefill } from "#main/engine/sampling/prefill.ts";
import { sampleResponses } from "#main/engine/sampling/sample-responses.ts";
import { createStepDraws, KEEP_FETCHING } from "#main/engine/sampling/step-draws.ts";
import { sharedTempFolder } from "#tests/support/temp-folder.ts";

/** What a run of the decoding graph was asked for: a step, a step with all logits, or a step again for its logits. */
type Run = "step" | "step with logits" | "again";
/** Whether steps bring all logits: as the sampler asks, each, or none, so that each draw that needs them runs its step again. */
type Fetching = "as asked" | "always" | "never";

const home = sharedTempFolder();
const real = createSessionCache(8, { threads: 1, fusion: "fast" });
afterAll(() => real.release());

let policies: Readonly<Record<"float32" | "8bit", PolicyModel>>;
let tokenizer: Tokenizer;
const runs: Run[] = [];

beforeAll(async () => {
  const checkpointPath = join(home, "model");
  await writeTinyModel(checkpointPath, { seed: 1 });
  const loaded = createLoadedPolicies(join(home, "cache"));
  const { record } = await loaded.open(checkpointPath, {});
  const files = { checkpointHash: record.hash, checkpointPath, adapterPath: null };
  tokenizer = await loaded.tokenizerOf(files);
  const eightBit = await loaded.eightBitPolicyOf(files, { onBytes: () => undefined, isCancelled: () => false });
  policies = { float32: await loaded.policyOf(files, undefined), "8bit": eightBit };
});

beforeEach(() => {
  runs.length = 0;
});

/** The real sessions, whose steps bring all logits or not; notes the runs of the decoding graph. */
function sessionsOf(fetching: Fetching): SessionCache {
  return {
    get: async (key, graph) => {
      const session = await real.get(key, graph);
      if (!key.includes("/decode/")) return session;
      return {
        release: () => session.release(),
        run: async (feeds, outputs) => {
          const { logits, newKeysValues } = NEXT_TOKEN_OUTPUTS;
          const isStep = outputs.includes(newKeysValues);
          runs.push(!isStep ? "again" : outputs.includes(logits) ? "step with logits" : "step");
          if (!isStep || fetching === "as asked") return await session.run(feeds, outputs);
          const others = outputs.filter((name) => name !== logits);
          return await session.run(feeds, fetching === "always" ? [...others, logits] : others);
        },
      };
    },
    openMemory: () => real.openMemory(),
    release: () => Promise.resolve(),
  };
}

async function sample(precision: keyof typeof policies, fetching: Fetching): Promise<ReadonlyMap<string, SampledResponse>> {
  const responses = new Map<string, SampledResponse>();
  const units = ["tea", "a long walk by the sea", "bread"].flatMap((content) =>
    Array.from({ length: 4 }, (_, sampleIndex) => ({
      promptId: content as PromptId,
      messages: [{ role: "user" as const, content }],
      sampleIndex,
      seed: 100 * content.length + sampleIndex,
    })),
  );
  const settings = samplingSettingsSchema.parse({ temperature: 1.5, topP: 0.98, maxNewTokens: 40 });
  await sampleResponses(
    { policy: policies[precision], tokenizer, sessions: sessionsOf(fetching), settings, units },
    {
      sampled: (response) => responses.set(`${response.promptId}/${response.sampleIndex}`, response),
      skipped: ({ reason }) => expect.fail(reason),
      isCancelled: () => false,
      breathe: () => Promise.resolve(),
    },
  );
  return responses;
}

function count(run: Run): number {
  return runs.filter((one) => one === run).length;
}

describe.each(["float32", "8bit"] as const)("where draws often need all logits, in %s", (precision) => {
  it("no step runs twice, and the tokens are those of fetching them always and never", async () => {
    const adaptive = await sample(precision, "as asked");
    expect(adaptive.size).toBe(12);
    expect(count("again")).toBe(0);
    expect(count("step with logits")).toBeGreaterThan(20);
    runs.length = 0;
    expect(await sample(precision, "always")).toEqual(adaptive);
    expect(count("again")).toBe(0);
    runs.length = 0;
    expect(await sample(precision, "never")).toEqual(adaptive);
    expect(count("again")).toBeGreaterThan(20);
  });
});

it("all logits are fetched at first and from the step after a need on, and no longer once they have not been needed for a while", async () => {
  const policy = policies.float32;
  const sessions = sessionsOf("as asked");
  const settings = { temperature: 1, topP: 1, topK: 0 };
  const batch = createDecodeBatch(policy, sessions, { batch: 2, temperature: 1 });
  await batch.place(0, await prefill(policy, sessions, tokenizer.promptIds([{ role: "user", content: "tea" }]), 1));
  const draws = createStepDraws(batch, settings);
  // The first of the most likely tokens, or one beyond them.
  const [likely, unlikely] = [0, 1 - 1e-9];
  const steps = async (us: readonly number[]): Promise<readonly Run[]> => {
    runs.length = 0;
    for (const u of us) expect((await draws.next([{ ids: [5], u }, undefined]))[0]).toBeDefined();
    return [...runs];
  };
  const many = Array<number>(KEEP_FETCHING).fill(likely);
  expect(await steps([...many, likely, unlikely])).toEqual([...many.map(() => "step with logits"), "step", "step", "again"]);
  expect(await steps([...many.slice(1), unlikely])).toEqual(many.map(() => "step with logits"));
  expect(await steps([...many, likely])).toEqual([...many.map(() => "step with logits"), "step"]);
  expect(await steps([unlikely, likely])).toEqual(["step", "again", "step with logits"]);
});

it.each([
  { temperature: 0, topP: 1, topK: 0 },
  { temperature: 1, topP: 1, topK: 3 },
])("no logits are fetched where draws cannot need them: %j", async (settings) => {
  const sessions = sessionsOf("as asked");
  const batch = createDecodeBatch(policies.float32, sessions, { batch: 2, temperature: 1 });
  await batch.place(0, await prefill(policies.float32, sessions, tokenizer.promptIds([{ role: "user", content: "tea" }]), 1));
  const draws = createStepDraws(batch, settings);
  for (const u of [0, 0.5, 1 - 1e-9]) expect((await draws.next([{ ids: [5], u }, undefined]))[0]).toBeDefined();
  expect(runs).toEqual(["step", "step", "step"]);
});
