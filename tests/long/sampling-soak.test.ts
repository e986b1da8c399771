/** Twenty thousand samples in one engine process: its memory stays where it was after the first two thousand. */
import { join } from "node:path";
import { expect, it } from "vitest";
import type { PromptId } from "#app/base/ids.ts";
import { engineOptionsSchema } from "#app/domain/device.ts";
import { samplingSettingsSchema } from "#app/domain/sampling.ts";
import { writeTinyModel } from "#main/engine/checkpoints/tiny-model.ts";
import { createEngineClient } from "#main/engine/client.ts";
import { heldBytesOf } from "#main/engine/runtime/process-memory.ts";
import { createForkHost } from "#main/host/process-host.ts";
import { openStore } from "#main/store/store.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { ROOT } from "#tools/checks/root.ts";
import { writeRecord } from "#tools/results/record.ts";

const SAMPLES = 20_000;
/** A job's worth; sessions are made and released with each. */
const JOB = 1000;
const WARM_JOBS = 2;
/** The allocator keeps some of what it was given; a leak of a few kilobytes a sample would be more. */
const MAX_GROWTH_BYTES = 60e6;

it("samples 20,000 responses in flat memory", { timeout: 7_200_000 }, async () => {
  const home = tempFolder();
  const path = join(home, "model");
  await writeTinyModel(path, { seed: 1 });
  const store = await openStore(home, { nowMs: () => 0 });
  const host = createForkHost();
  const pids: (number | undefined)[] = [];
  const engine = createEngineClient({
    processHost: {
      start: (entry, onExit) => {
        const handle = host.start(entry, onExit);
        pids.push(handle.pid);
        return handle;
      },
    },
    entry: join(ROOT, "main", "engine", "process", "engine-process.ts"),
    cacheDir: join(home, "cache"),
    artefacts: store.artefacts,
  });
  const { signal } = new AbortController();
  const { hash } = await engine.openCheckpoint(path, () => undefined, signal);
  const settings = samplingSettingsSchema.parse({ maxNewTokens: 24 });
  const memory: number[] = [];
  let responses = 0;
  const startedAt = performance.now();
  for (let job = 0; job < SAMPLES / JOB; job++) {
    const units = Array.from({ length: JOB }, (_, i) => ({
      promptId: `prompt ${Math.floor(i / 4)}` as PromptId, // a prompt is its own name here
      messages: [{ role: "user" as const, content: `Write about ${"tea ".repeat(1 + (i % 12))}` }],
      sampleIndex: i % 4,
      seed: job * JOB + i,
    }));
    await engine.sample(
      {
        policy: { checkpointHash: hash, adapterHash: null },
        // In turns, so that neither keeps what it was given.
        settings: { ...settings, precision: job % 2 === 0 ? "float32" : "8bit" },
        units,
        engine: engineOptionsSchema.parse({ threads: 1 }),
      },
      (event) => {
        if (event.kind === "sampled") responses += 1;
      },
      signal,
    );
    memory.push(heldBytesOf(pids[0] ?? 0) ?? Number.NaN);
  }
  await engine.close();
  store.close();
  expect(pids, "one process for all").toHaveLength(1);
  expect(responses).toBe(SAMPLES);
  const before = memory[WARM_JOBS - 1] ?? Number.NaN;
  const growth = Math.max(...memory.slice(WARM_JOBS)) - before;
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  expect(growth, memory.map(megabytes).join(", ")).toBeLessThan(MAX_GROWTH_BYTES);
  writeRecord("sampling-soak", {
    section: "Robustness",
    title: "Memory over 20,000 samples",
    summary: `The tiny model answered ${SAMPLES} times in one engine process, in jobs of ${JOB}, in float32 and in 8 bits in turns: memory grew by ${megabytes(growth)} at most after the first ${WARM_JOBS * JOB}.`,
    commands: ["npm run test:long -- tests/long/sampling-soak.test.ts"],
    sources: ["main/engine/sampling", "main/engine/runtime", "main/engine/process", "app/decoding"],
    tables: [
      {
        columns: ["samples", "memory of the process"],
        rows: memory.flatMap((bytes, i) => (i % 3 === 1 || i === memory.length - 1 ? [[(i + 1) * JOB, megabytes(bytes)]] : [])),
      },
    ],
    notes: [`${((performance.now() - startedAt) / 1000).toFixed(0)} s in all.`],
  });
});
