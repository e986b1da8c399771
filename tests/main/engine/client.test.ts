/** The engine as the lab holds it, with a process that a test plays. */
import { expect, it } from "vitest";
import { DataError } from "#app/base/errors.ts";
import type { AttemptId, ContentHash } from "#app/base/ids.ts";
import { engineOptionsSchema } from "#app/domain/device.ts";
import { trainingSettingsSchema } from "#app/domain/training.ts";
import type { ArtefactStore, ProcessHost, TrainEvent } from "#app/rounds/ports.ts";
import { createEngineClient } from "#main/engine/client.ts";
import type { EngineReply, EngineRequest, EngineTrainEvent } from "#main/engine/process/protocol.ts";

const HASH = "c".repeat(64) as ContentHash;

/** A process that trains step by step until it is cancelled, and then ends as the engine does: with a checkpoint. */
function trainingHost(sent: EngineRequest[]): ProcessHost {
  return {
    start: () => {
      let reply: (message: EngineReply) => void = () => undefined;
      const emit = (id: number, event: EngineTrainEvent): void => reply({ kind: "event", id, event });
      return {
        pid: 1,
        onMessage: (listener) => {
          reply = listener;
        },
        send: (message) => {
          const request = message as EngineRequest; // Only the client writes to this process.
          sent.push(request);
          if (request.kind === "cancel") {
            emit(request.id, { kind: "checkpointWritten", step: 11, folder: "/checkpoint-11" });
            reply({ kind: "error", id: request.id, error: { code: "cancelled", message: "stopped on request", details: {} } });
          } else if (request.kind === "call" && request.method === "openCheckpoint") {
            reply({ kind: "result", id: request.id, result: { hash: HASH } });
          } else if (request.kind === "call") {
            emit(request.id, { kind: "step", step: 10, values: { loss: 0.5 } });
            emit(request.id, { kind: "checkpointWritten", step: 10, folder: "/checkpoint-10" });
            emit(request.id, { kind: "step", step: 11, values: { loss: 0.4 } });
          }
        },
        kill: () => Promise.resolve(),
      };
    },
  };
}

function storeThatFails(failure: Error): ArtefactStore {
  return {
    put: () => Promise.reject(failure),
    pathOf: (hash) => Promise.resolve(`/artefacts/${hash}`),
    has: () => Promise.resolve(false),
    scratch: () => Promise.resolve("/scratch"),
    remove: () => Promise.resolve(),
    strays: () => Promise.resolve([]),
  };
}

it("ends training at the first checkpoint that cannot be stored, and says why", async () => {
  const sent: EngineRequest[] = [];
  const failure = new DataError("the disk is full");
  const client = createEngineClient({ processHost: trainingHost(sent), entry: "engine", cacheDir: "/cache", artefacts: storeThatFails(failure) });
  const { signal } = new AbortController();
  await client.openCheckpoint("/model", () => undefined, signal);
  const heard: TrainEvent[] = [];
  const training = client.train(
    {
      attemptId: "attempt" as AttemptId,
      policy: { checkpointHash: HASH, adapterHash: null },
      pairs: [],
      settings: trainingSettingsSchema.parse({}),
      engine: engineOptionsSchema.parse({}),
      seed: 1,
      baseModelName: "/model",
      resumeFrom: null,
    },
    (event) => heard.push(event),
    signal,
  );
  await expect(training).rejects.toBe(failure);
  const trained = sent.find((request) => request.kind === "call" && request.method === "train");
  expect(sent.at(-1)).toEqual({ kind: "cancel", id: trained?.kind === "call" ? trained.id : undefined });
  // Nothing is told after what could not be kept.
  expect(heard).toEqual([{ kind: "step", step: 10, values: { loss: 0.5 } }]);
  await client.close();
});
