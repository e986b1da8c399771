/** A device that fails in the middle of a run: the run goes on on the CPU from its last durable record, and says so. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EngineError } from "#app/base/errors.ts";
import type { DeviceFinding, EngineOptions } from "#app/domain/device.ts";
import { setEngineOptions } from "#main/lab/engine-options.ts";
import { openDatabase } from "#main/store/database.ts";
import { DATABASE_NAME } from "#main/store/store.ts";
import { engineDeath, type FakeUnit } from "#tests/support/fake-engine.ts";
import { openRealLab } from "#tests/support/real-lab.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { openReadyLab, runRound, type TestLab, uninterruptedOutcome, violationsOf, workOf } from "./support.ts";

const DEVICES: readonly DeviceFinding[] = [{ device: "webgpu", isReady: true, isTested: true, found: "" }];

type Planted = TestLab & { readonly jobs: readonly (readonly [string, EngineOptions])[] };

/** WebGPU fails before the units that `isFatal` names, as a runtime session on it would, or by killing the process. */
async function openPlantedLab(isFatal: (unit: FakeUnit) => boolean, failure: EngineError): Promise<Planted> {
  const jobs: (readonly [string, EngineOptions])[] = [];
  const lab = await openReadyLab(
    {},
    {
      devices: DEVICES,
      onJob: (kind, options) => jobs.push([kind, options]),
      beforeUnit: (unit) => {
        if (jobs.at(-1)?.[1].device === "webgpu" && isFatal(unit)) throw failure;
      },
    },
  );
  await lab.client.settings.setEngine({ device: "webgpu", threads: 2 });
  return { ...lab, jobs };
}

const lost = new EngineError("ONNX Runtime stopped in a run on WebGPU: device lost", { device: "webgpu" });

async function fallsHeard(lab: TestLab, work: () => Promise<unknown>): Promise<unknown[]> {
  const stop = new AbortController();
  const events = await lab.client.rounds.watch(undefined, { signal: stop.signal });
  await work();
  stop.abort();
  const falls: unknown[] = [];
  for await (const event of events) if (event.type === "engine.fellBack") falls.push(event);
  return falls;
}

async function remarksOf({ client }: TestLab): Promise<Readonly<Record<string, readonly string[]>>> {
  const [round] = await client.rounds.list();
  return Object.fromEntries((round?.stages ?? []).map(({ stage, remarks }) => [stage, remarks]));
}

describe("a device that fails", () => {
  it("in sampling leaves what was answered, and the rest is sampled on the CPU", async () => {
    const lab = await openPlantedLab(({ kind, count }) => kind === "sample" && count === 10, lost);
    const falls = await fallsHeard(lab, async () => {
      expect(await runRound(lab.client)).toEqual({ state: "done", error: null });
    });
    expect(falls).toEqual([{ type: "engine.fellBack", device: "webgpu", message: lost.message }]);
    // The stage that fell goes on on the CPU; the next ones begin on the device that was chosen.
    const drawn = lab.jobs.filter(([kind]) => kind !== "score");
    expect(drawn.map(([kind, { device, threads }]) => [kind, device, threads])).toEqual([
      ["sample", "webgpu", 2],
      ["sample", "cpu", 2],
      ["train", "webgpu", 2],
      ["sample", "webgpu", 2],
      ["sample", "webgpu", 2],
    ]);
    expect(await remarksOf(lab)).toEqual({
      sample: ["on WebGPU", `WebGPU failed, on the CPU since: ${lost.message}`],
      judge: [],
      pair: [],
      train: ["on WebGPU"],
      evaluate: ["on WebGPU"],
    });
    expect(workOf(lab.db)).toEqual(await uninterruptedOutcome());
    expect(violationsOf(lab.db)).toEqual([]);
  });

  it("in training goes on from the last checkpoint, and stays on the CPU when the run is gone on with", async () => {
    let steps = 0;
    const lab = await openPlantedLab(({ kind }) => kind === "step" && ++steps === 4, lost);
    expect(await runRound(lab.client)).toEqual({ state: "done", error: null });
    // Step 4 failed; the checkpoint of step 2 is durable, so steps 3 and on were done on the CPU.
    expect(lab.jobs.filter(([kind]) => kind === "train").map(([, { device }]) => device)).toEqual(["webgpu", "cpu"]);
    expect((await remarksOf(lab))["train"]).toEqual(["on WebGPU", `WebGPU failed, on the CPU since: ${lost.message}`]);
    expect(workOf(lab.db)).toEqual(await uninterruptedOutcome());
  });

  it("by killing the engine's process is left too, at the first death", async () => {
    const lab = await openPlantedLab(({ kind }) => kind === "sample", engineDeath());
    const falls = await fallsHeard(lab, async () => {
      expect((await runRound(lab.client, "sample")).state).toBe("done");
    });
    expect(falls).toHaveLength(1);
    expect((await remarksOf(lab))["sample"]?.at(-1)).toBe("WebGPU failed, on the CPU since: the engine process ended by SIGKILL");
  });

  it("while somebody tries a prompt answers on the CPU", async () => {
    const lab = await openPlantedLab(({ kind }) => kind === "sample", lost);
    let text = "";
    for await (const trial of await lab.client.policies.try({ policies: ["r0"], prompt: "Hello" })) text = trial.text;
    expect(text).not.toBe("");
    expect(lab.jobs.map(([, { device }]) => device)).toEqual(["webgpu", "cpu"]);
  });

  it("on the CPU itself is a failure: there is nothing to fall back to", async () => {
    const lab = await openReadyLab(
      {},
      {
        beforeUnit: () => {
          throw new EngineError("ONNX Runtime stopped in a run: out of memory");
        },
      },
    );
    expect(await runRound(lab.client)).toEqual({ state: "failed", error: "ONNX Runtime stopped in a run: out of memory" });
  });
});

it("the real engine refuses a device that is gone, and the lab goes on on the CPU", { timeout: 120_000 }, async () => {
  const lab = await openRealLab(tempFolder(), { training: 4, validation: 4 });
  try {
    const missing = process.platform === "darwin" ? "directml" : "coreml";
    // As if the folder had come from a machine that has it.
    const db = openDatabase(join(lab.folder, DATABASE_NAME));
    setEngineOptions(db, { device: missing, threads: 1 });
    db.close();
    await lab.client.rounds.start({ until: "sample" });
    expect(await lab.client.rounds.settle()).toEqual({ state: "done", error: null });
    const [round] = await lab.client.rounds.list();
    expect(round?.stages[0]).toMatchObject({ state: "done", unitsDone: 16 });
    expect(round?.stages[0]?.remarks.at(-1)).toMatch(/ failed, on the CPU since: .* cannot be used: ONNX Runtime for .* comes without/u);
  } finally {
    await lab.close();
  }
});
