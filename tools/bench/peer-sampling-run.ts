/** Our own sampler where it is measured beside others, in a process of its own; prints a report as JSON. */
import type { PromptId } from "#app/base/ids.ts";
import { createTokenizer } from "#app/decoding/tokenizer.ts";
import { samplingSettingsSchema } from "#app/domain/sampling.ts";
import { openCheckpoint } from "#main/engine/checkpoints/open-checkpoint.ts";
import { createLoadedPolicies } from "#main/engine/process/loaded-policies.ts";
import { createSessionCache, type SessionCache } from "#main/engine/runtime/session-cache.ts";
import { sampleResponses } from "#main/engine/sampling/sample-responses.ts";
import { measureRuns, type PeerReport, type PeerSamplingJob } from "./peer-sampling.ts";

const [text] = process.argv.slice(2);
if (text === undefined) throw new Error("expected a job as JSON");
const job = JSON.parse(text) as PeerSamplingJob; // written by tools/tasks/bench-peers-sampling.ts

const { record, tokenizerFiles } = await openCheckpoint(job.model, { cacheDir: job.scratch });
const policies = createLoadedPolicies(job.scratch);
const files = { checkpointHash: record.hash, checkpointPath: job.model, adapterPath: null };
await policies.open(job.model, {});
const policy =
  job.precision === "8bit"
    ? await policies.eightBitPolicyOf(files, { onBytes: () => undefined, isCancelled: () => false })
    : await policies.policyOf(files, undefined);
const tokenizer = { ...createTokenizer(tokenizerFiles), eosIds: new Set<number>() };
// As many as the engine keeps.
const kept = createSessionCache(6, { threads: job.threads, fusion: "fast" });
let spent: Record<string, number> = {};

/** The same sessions, with what runs of each kind of graph took. */
const sessions: SessionCache = {
  ...kept,
  get: async (key, build) => {
    const session = await kept.get(key, build);
    const part = key.includes("/prefill/") ? "prompts" : key.includes("/decode") ? "decoding" : "moving caches";
    return {
      ...session,
      run: async (...args) => {
        const startedAt = performance.now();
        const results = await session.run(...args);
        spent[part] = (spent[part] ?? 0) + (performance.now() - startedAt) / 1000;
        return results;
      },
    };
  },
};

function takeParts(): Record<string, number> {
  const parts = spent;
  spent = {};
  return parts;
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const runs = await measureRuns(
  job,
  cpuSeconds,
  async (promptIds, newTokens) => {
    let tokens = 0;
    await sampleResponses(
      {
        policy,
        tokenizer,
        sessions,
        settings: samplingSettingsSchema.parse({ temperature: job.temperature, topK: job.topK, topP: job.topP, maxNewTokens: newTokens }),
        units: job.prompts.slice(0, promptIds.length).map((content, i) => ({
          promptId: String(i) as PromptId,
          messages: [{ role: "user" as const, content }],
          sampleIndex: 0,
          seed: i,
        })),
      },
      {
        sampled: ({ tokenIds }) => {
          tokens += tokenIds.length;
        },
        skipped: ({ reason }) => {
          throw new Error(reason);
        },
        isCancelled: () => false,
        breathe: () => Promise.resolve(),
      },
    );
    if (tokens !== promptIds.length * newTokens) throw new Error(`expected ${promptIds.length * newTokens} tokens, got ${tokens}`);
  },
  takeParts,
);
await sessions.release();
process.stdout.write(JSON.stringify({ versions: {}, flags: job.precision, runs } satisfies PeerReport));
