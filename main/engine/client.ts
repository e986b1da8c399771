/** The engine as the lab holds it: a process started when it is needed, and started again after it died. */
import { CancelledError, EngineError, type LabError } from "#app/base/errors.ts";
import type { ContentHash } from "#app/base/ids.ts";
import type { DeviceFinding } from "#app/domain/device.ts";
import type { CheckpointRecord } from "#app/domain/policy.ts";
import type {
  ArtefactStore,
  PolicyWeights,
  ProcessHandle,
  ProcessHost,
  Sampler,
  Scorer,
  TrainedWeights,
  TrainEvent,
  Trainer,
  TrainJob,
} from "#app/rounds/ports.ts";
import { engineWords } from "#app/text/engine.ts";
import type {
  AdapterFacts,
  EngineMethod,
  EngineMethods,
  EngineReply,
  EngineTrainEvent,
  OpeningProgress,
  PolicyFiles,
  PolicyTarget,
  TrainedFolder,
} from "./process/protocol.ts";
import { fromWireError } from "./process/wire-error.ts";

export type EngineClient = Sampler &
  Scorer &
  Trainer & {
    openCheckpoint(path: string, onProgress: (progress: OpeningProgress) => void, signal: AbortSignal): Promise<CheckpointRecord>;
    inspectAdapter(folder: string): Promise<AdapterFacts>;
    tokeniseResponses(policy: PolicyWeights, texts: readonly string[], signal: AbortSignal): Promise<readonly (readonly number[])[]>;
    /** Merged weights with all that a model needs, for other tools; resolves to the names of the files. */
    writePolicy(
      policy: PolicyWeights,
      target: PolicyTarget,
      onProgress: (progress: OpeningProgress) => void,
      signal: AbortSignal,
    ): Promise<readonly string[]>;
    devices(): Promise<readonly DeviceFinding[]>;
    versions(): Promise<Readonly<Record<string, string>>>;
    stop(): Promise<void>;
    close(): Promise<void>;
  };

export type EngineClientOptions = {
  readonly processHost: ProcessHost;
  /** The file that the engine process runs. */
  readonly entry: string;
  /** Where checkpoints that are not F32 are converted to. */
  readonly cacheDir: string;
  readonly artefacts: ArtefactStore;
  /** A process that was asked nothing for so long ends: what its jobs worked in goes back to the system. */
  readonly idleMs?: number;
};

const IDLE_MS = 60_000;

type Pending = {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: LabError) => void;
  readonly onEvent: (event: unknown) => void;
};

type Running = { readonly handle: ProcessHandle; readonly pending: Map<number, Pending> };

const never = new AbortController().signal;

export function createEngineClient(options: EngineClientOptions): EngineClient {
  const { artefacts } = options;
  const pathOfCheckpoint = new Map<ContentHash, string>();
  let running: Running | undefined;
  let nextId = 0;
  let isClosed = false;
  let idle: NodeJS.Timeout | undefined;

  const ensureRunning = (): Running => {
    if (isClosed) throw new EngineError(engineWords.closed);
    if (running === undefined) {
      const started = startProcess(options, () => {
        if (running === started) running = undefined;
      });
      running = started;
    }
    return running;
  };

  /** Ends the process unless it is asked something meanwhile; the next call starts another. */
  const endWhenIdle = (): void => {
    clearTimeout(idle);
    idle = setTimeout(() => {
      if (running === undefined || running.pending.size > 0) return;
      const { handle } = running;
      running = undefined;
      void handle.kill();
    }, options.idleMs ?? IDLE_MS).unref();
  };

  const call = async <M extends EngineMethod>(
    method: M,
    params: EngineMethods[M]["params"],
    signal: AbortSignal,
    onEvent: (event: EngineMethods[M]["event"]) => void = () => undefined,
  ): Promise<EngineMethods[M]["result"]> => {
    if (signal.aborted) throw new CancelledError();
    const { handle, pending } = ensureRunning();
    const id = nextId++;
    const cancel = (): void => {
      handle.send({ kind: "cancel", id });
    };
    signal.addEventListener("abort", cancel, { once: true });
    try {
      return await new Promise<EngineMethods[M]["result"]>((resolve, reject) => {
        pending.set(id, {
          resolve: (result) => resolve(result as EngineMethods[M]["result"]), // The engine answers a method with its result,
          reject,
          onEvent: (event) => onEvent(event as EngineMethods[M]["event"]), // and meanwhile with its events.
        });
        handle.send({ kind: "call", id, method, params });
      });
    } finally {
      signal.removeEventListener("abort", cancel);
      endWhenIdle();
    }
  };

  const filesOf = async (policy: PolicyWeights): Promise<PolicyFiles> => {
    const checkpointPath = pathOfCheckpoint.get(policy.checkpointHash);
    if (checkpointPath === undefined) throw new EngineError(engineWords.notOpened(policy.checkpointHash));
    return {
      checkpointHash: policy.checkpointHash,
      checkpointPath,
      adapterPath: policy.adapterHash === null ? null : await artefacts.pathOf(policy.adapterHash),
    };
  };

  return {
    openCheckpoint: async (path, onProgress, signal) => {
      const record = await call("openCheckpoint", { path }, signal, onProgress);
      pathOfCheckpoint.set(record.hash, path);
      return record;
    },
    inspectAdapter: (folder) => call("inspectAdapter", { folder }, never),
    tokeniseResponses: async (policy, texts, signal) => call("tokeniseResponses", { policy: await filesOf(policy), texts }, signal),
    sample: async ({ policy, settings, units, engine, isWatched = false }, onEvent, signal) => {
      await call("sample", { policy: await filesOf(policy), settings, units, engine, isWatched }, signal, onEvent);
    },
    measurePrecision: async ({ policy, reference, settings, units, engine }, onProgress, signal) => {
      const files = { policy: await filesOf(policy), reference: reference === null ? null : await filesOf(reference) };
      return await call("measurePrecision", { ...files, settings, units, engine }, signal, onProgress);
    },
    score: async ({ policy, units, engine }, signal) => call("score", { policy: await filesOf(policy), units, engine }, signal),
    scoreTexts: async ({ policy, texts, engine }, signal) => call("scoreTexts", { policy: await filesOf(policy), texts, engine }, signal),
    train: async (job, onEvent, signal) => {
      const { pairs, heldOutPairs, settings, engine, seed, baseModelName } = job;
      const resume = job.resumeFrom === null ? null : { step: job.resumeFrom.step, folder: await artefacts.pathOf(job.resumeFrom.artefact) };
      const firstPolicy = job.firstPolicy === undefined ? {} : { firstPolicy: await filesOf(job.firstPolicy) };
      const params = {
        pairs,
        ...(heldOutPairs === undefined ? {} : { heldOutPairs }),
        settings,
        engine,
        seed,
        baseModelName,
        resume,
        policy: await filesOf(job.policy),
        ...firstPolicy,
        scratch: await artefacts.scratch(),
      };
      const events = eventsInOrder(artefacts, job, onEvent);
      try {
        const { trained, stepCount } = await call("train", params, AbortSignal.any([signal, events.failed]), events.push);
        await events.settled();
        return { trained: await keepTrained(artefacts, trained), stepCount };
      } catch (thrown) {
        // What the engine wrote before it stopped counts.
        await events.settled();
        throw thrown;
      }
    },
    forecastTraining: async ({ policy, ...question }, signal) => call("forecastTraining", { ...question, policy: await filesOf(policy) }, signal),
    writePolicy: async (policy, target, onProgress, signal) => {
      const { files } = await call("writePolicy", { policy: await filesOf(policy), ...target }, signal, onProgress);
      return files;
    },
    trainedAt: async ({ policy, baseModelName, settings, checkpoint }) => {
      const { step, artefact } = checkpoint;
      const [folder, scratch] = [await artefacts.pathOf(artefact), await artefacts.scratch()];
      return await keepTrained(
        artefacts,
        await call("trainedAt", { policy: await filesOf(policy), baseModelName, settings, step, folder, scratch }, never),
      );
    },
    stop: async () => {
      await running?.handle.kill();
    },
    devices: () => call("devices", null, never),
    versions: () => call("versions", null, never),
    close: async () => {
      isClosed = true;
      clearTimeout(idle);
      await running?.handle.kill();
    },
  };
}

function startProcess(options: EngineClientOptions, onGone: () => void): Running {
  const pending = new Map<number, Pending>();
  const handle = options.processHost.start(options.entry, ({ code, signal }) => {
    onGone();
    for (const { reject } of pending.values()) reject(new EngineError(engineWords.processEnded(code, signal), { died: true }));
    pending.clear();
  });
  handle.onMessage((message) => {
    const reply = message as EngineReply; // Only the engine process has the other end of this channel.
    const waiting = pending.get(reply.id);
    if (waiting === undefined) return;
    if (reply.kind === "event") {
      waiting.onEvent(reply.event);
      return;
    }
    pending.delete(reply.id);
    if (reply.kind === "result") waiting.resolve(reply.result);
    else waiting.reject(fromWireError(reply.error));
  });
  handle.send({ kind: "start", cacheDir: options.cacheDir });
  return { handle, pending };
}

async function keepTrained(artefacts: ArtefactStore, { kind, folder }: TrainedFolder): Promise<TrainedWeights> {
  return { kind, artefact: await artefacts.put(kind === "adapter" ? "adapter" : "export", folder) };
}

type OrderedEvents = {
  push(event: EngineTrainEvent): void;
  /** Throws what the first event failed by that could not be passed on; those after it are not. */
  settled(): Promise<void>;
  /** Aborted by that failure: the engine would go on with work that nobody keeps. */
  readonly failed: AbortSignal;
};

/** Passes training events on in their order; a checkpoint is said once it is in the artefact store. */
function eventsInOrder(artefacts: ArtefactStore, job: TrainJob, onEvent: (event: TrainEvent) => void): OrderedEvents {
  let chain = Promise.resolve();
  const failing = new AbortController();
  const pass = async (event: EngineTrainEvent): Promise<void> => {
    if (event.kind !== "checkpointWritten") {
      onEvent(event);
      return;
    }
    const artefact = await artefacts.put("trainingCheckpoint", event.folder);
    // A run that was resumed writes the checkpoint again that it started from only if it went back; it never does.
    if (job.resumeFrom?.step !== event.step) onEvent({ kind: "checkpoint", step: event.step, artefact });
  };
  return {
    push: (event) => {
      chain = chain.then(() => pass(event));
      // Told by settled(), and not as an unhandled rejection meanwhile.
      chain.catch(() => failing.abort());
    },
    settled: () => chain,
    failed: failing.signal,
  };
}
