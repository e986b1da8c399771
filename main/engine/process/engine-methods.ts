/** The calls that the engine answers. */
import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { basename } from "node:path";
import { EngineError } from "#app/base/errors.ts";
import { DEVICE_NAMES, type EngineOptions } from "#app/domain/device.ts";
import type { SamplingSettings } from "#app/domain/sampling.ts";
import { engineWords } from "#app/text/engine.ts";
import { readAdapter } from "#main/engine/checkpoints/peft-adapter.ts";
import { createDeviceProbe, type DeviceProbe, probeDevices } from "#main/engine/devices/probe.ts";
import { createSessionCache, type KeepRule, type SessionCache } from "#main/engine/runtime/session-cache.ts";
import type { SessionOptions } from "#main/engine/runtime/onnx-session.ts";
import { trainingSessions } from "#main/engine/runtime/training-sessions.ts";
import { measurePrecision, type PrecisionInputs } from "#main/engine/sampling/measure-precision.ts";
import { sampleResponses } from "#main/engine/sampling/sample-responses.ts";
import { forecastTraining } from "#main/engine/training/forecast-training.ts";
import { scoreResponses, scoreTexts } from "#main/engine/training/score-responses.ts";
import { runTrainJob, trainedAtCheckpoint } from "#main/engine/training/train-job.ts";
import { createLoadedPolicies, type LoadedPolicies } from "./loaded-policies.ts";
import { openingProgress } from "./opening-progress.ts";
import type { EngineMethod, EngineMethods } from "./protocol.ts";
import { writePolicy } from "./write-policy.ts";

/** What a call may do besides returning: tell events, look for a cancel, let other calls in between. */
export type EngineCall<Event> = {
  emit(event: Event): void;
  readonly isCancelled: () => boolean;
  breathe(): Promise<void>;
};

export type MethodTable = {
  readonly [M in EngineMethod]: (
    params: EngineMethods[M]["params"],
    call: EngineCall<EngineMethods[M]["event"]>,
  ) => Promise<EngineMethods[M]["result"]>;
};

/** Sessions of this many sizes stay open during a job; each maps the same weights and holds its own working memory. */
const SAMPLING_SESSIONS = 6;
/** In 8 bits each holds weights of its own, packed for their kernel: about 150 MB of 135 million parameters. */
const EIGHT_BIT_SESSIONS = 3;
const PROGRESS_INTERVAL_MS = 250;

export function createEngineMethods(options: { readonly cacheDir: string }): MethodTable {
  const policies = createLoadedPolicies(options.cacheDir);
  const probe = createDeviceProbe();
  return {
    openCheckpoint: async ({ path }, call) => {
      const cancelling = watchCancel(call);
      try {
        const { record } = await policies.open(path, {
          signal: cancelling.signal,
          onProgress: (progress) => call.emit(openingProgress(path, progress)),
        });
        return record;
      } finally {
        cancelling.stop();
      }
    },
    inspectAdapter: async ({ folder }) => {
      const { rank, alpha, targets, baseModelName } = await readAdapter(folder);
      return { rank, alpha, targets, baseModelName };
    },
    tokeniseResponses: async ({ policy, texts }) => {
      const tokenizer = await policies.tokenizerOf(policy);
      return texts.map((text) => tokenizer.responseIds(text));
    },
    sample: async (params, call) => {
      const options = await trusted(probe, params.engine);
      const capacity = params.settings.precision === "8bit" ? EIGHT_BIT_SESSIONS : SAMPLING_SESSIONS;
      return await withSessions(capacity, { ...options, fusion: "fast" }, (sessions) => sample(policies, sessions, params, call));
    },
    measurePrecision: async (params, call) => {
      const options = await trusted(probe, params.engine);
      return await withSessions(EIGHT_BIT_SESSIONS, { ...options, fusion: "fast" }, (sampling) =>
        withTrainingSessions(options, (scoring) => measure(policies, { sampling, scoring }, params, call)),
      );
    },
    score: async (params, call) => {
      const options = await trusted(probe, params.engine);
      return await withTrainingSessions(options, (sessions) => scoreResponses(policies, sessions, params, call));
    },
    scoreTexts: async (params, call) => {
      const options = await trusted(probe, params.engine);
      return await withTrainingSessions(options, (sessions) => scoreTexts(policies, sessions, params, call));
    },
    train: async (job, call) => {
      const options = await trusted(probe, job.engine);
      return await withTrainingSessions(options, (sessions) => runTrainJob(policies, sessions, job, call));
    },
    forecastTraining: async (params, call) => {
      const options = await trusted(probe, params.engine);
      return await withTrainingSessions(options, (sessions) => forecastTraining(policies, sessions, params, call));
    },
    writePolicy: (params, call) => writePolicy(policies, params, call),
    trainedAt: (job) => trainedAtCheckpoint(policies, job),
    devices: () => probeDevices(probe),
    versions: async () => ({
      node: process.versions.node,
      "onnxruntime-node": await versionOf("onnxruntime-node"),
      platform: `${process.platform}-${process.arch}`,
      cpu: cpus()[0]?.model.trim() ?? "unknown",
    }),
  };
}

/** A device is compared with the CPU before the first job on it. Throws EngineError with `details.device` where it cannot be used. */
async function trusted(probe: DeviceProbe, options: EngineOptions): Promise<EngineOptions> {
  const { device } = options;
  const { isReady, found } = await probe.find(device);
  if (!isReady) throw new EngineError(engineWords.devices.cannotBeUsed(DEVICE_NAMES[device], found), { device });
  return options;
}

/** Runtime sessions live as long as the job: their working memory is given back before the next. */
async function withSessions<Result>(
  keep: number | KeepRule,
  options: SessionOptions,
  use: (sessions: SessionCache) => Promise<Result>,
): Promise<Result> {
  const sessions = createSessionCache(keep, options);
  try {
    return await use(sessions);
  } finally {
    await sessions.release();
  }
}

async function withTrainingSessions<Result>(options: EngineOptions, use: (sessions: SessionCache) => Promise<Result>): Promise<Result> {
  const { keep, options: memory } = trainingSessions(options.device);
  return await withSessions(keep, { ...options, ...memory, fusion: "exact" }, use);
}

async function sample(
  policies: LoadedPolicies,
  sessions: SessionCache,
  params: EngineMethods["sample"]["params"],
  call: EngineCall<EngineMethods["sample"]["event"]>,
): Promise<null> {
  const { policy: files, units, isWatched } = params;
  const settings: SamplingSettings = params.settings;
  const policy =
    settings.precision === "8bit"
      ? await policies.eightBitPolicyOf(files, { onBytes: () => undefined, isCancelled: call.isCancelled })
      : await policies.policyOf(files, await policies.adapterOf(files));
  const tokenizer = await policies.tokenizerOf(files);
  const startedAt = performance.now();
  let toldAt = startedAt;
  await sampleResponses(
    { policy, tokenizer, sessions, settings, units },
    {
      sampled: (response) => call.emit({ kind: "sampled", response }),
      skipped: (unit) => call.emit({ kind: "skipped", unit }),
      isCancelled: call.isCancelled,
      breathe: async (tokensDone, open) => {
        const now = performance.now();
        if (now - toldAt >= PROGRESS_INTERVAL_MS) {
          toldAt = now;
          call.emit({ kind: "progress", tokensDone, tokensPerSecond: (tokensDone * 1000) / (now - startedAt) });
          if (isWatched) {
            for (const { unit, ids } of open()) {
              const { promptId, sampleIndex } = unit;
              call.emit({ kind: "partial", promptId, sampleIndex, text: tokenizer.decode(ids), tokenCount: ids.length });
            }
          }
        }
        await call.breathe();
      },
    },
  );
  return null;
}

async function measure(
  policies: LoadedPolicies,
  sessions: Pick<PrecisionInputs, "sampling" | "scoring">,
  { policy, reference, settings, units }: EngineMethods["measurePrecision"]["params"],
  call: EngineCall<EngineMethods["measurePrecision"]["event"]>,
): Promise<EngineMethods["measurePrecision"]["result"]> {
  let toldAt = -Infinity;
  const eightBit = await policies.eightBitPolicyOf(policy, {
    isCancelled: call.isCancelled,
    onBytes: (doneBytes, totalBytes) => {
      const now = performance.now();
      if (now - toldAt < PROGRESS_INTERVAL_MS && doneBytes < totalBytes) return;
      toldAt = now;
      const message = engineWords.opening.quantising(basename(policy.checkpointPath), Math.ceil(totalBytes / 1e6));
      call.emit({ message, share: doneBytes / totalBytes });
    },
  });
  return await measurePrecision(
    {
      eightBit,
      exact: await policies.policyOf(policy, await policies.adapterOf(policy)),
      reference: reference === null ? null : await policies.policyOf(reference, await policies.adapterOf(reference)),
      tokenizer: await policies.tokenizerOf(policy),
      settings,
      units,
      ...sessions,
    },
    call,
  );
}

/** A signal for functions that take one; a cancel is looked for now and then. */
function watchCancel(call: EngineCall<never>): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const timer = setInterval(() => {
    if (call.isCancelled()) controller.abort();
  }, 100);
  return { signal: controller.signal, stop: () => clearInterval(timer) };
}

async function versionOf(packageName: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(new URL("../package.json", import.meta.resolve(packageName)), "utf8"));
  return typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "unknown";
}
