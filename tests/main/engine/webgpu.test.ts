/** WebGPU computes the CPU's numbers, and keeps its state: on a software adapter, which any Linux machine has that has Chromium. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { computeState, type DeviceState, type PlainState } from "#tests/support/device-state.ts";
import { RESIDENT_STEPS } from "#tests/support/resident-runs.ts";
import { softwareGpu } from "#tests/support/software-gpu.ts";

type Computed = {
  readonly losses: readonly number[];
  readonly chosenLogps: readonly number[];
  readonly gradients: Readonly<Record<string, readonly number[]>>;
};
const TRAINED = ["adapter", "all weights"] as const;
type Results = { readonly [What in (typeof TRAINED)[number]]: Computed };

async function printed(script: string, device: "cpu" | "webgpu", environment: Readonly<Record<string, string>>): Promise<unknown> {
  const path = join(import.meta.dirname, "..", "..", "support", script);
  const { stdout } = await promisify(execFile)(process.execPath, [path, device], { env: { ...process.env, ...environment }, maxBuffer: 2 ** 26 });
  return JSON.parse(stdout);
}

async function compute(device: "cpu" | "webgpu", environment: Readonly<Record<string, string>>): Promise<Results> {
  return (await printed("device-gradients.ts", device, environment)) as Results;
}

const gpu = softwareGpu();

it("WebGPU gives the CPU's losses, log-probabilities and gradients", { timeout: 300_000 }, async (context) => {
  if ("missing" in gpu) return context.skip(gpu.missing);
  const [onCpu, onGpu] = [await compute("cpu", {}), await compute("webgpu", gpu.environment)];
  for (const trained of TRAINED) {
    const [cpu, webgpu] = [onCpu[trained], onGpu[trained]];
    cpu.losses.forEach((loss, i) => {
      expect(Math.abs((webgpu.losses[i] ?? Number.NaN) - loss)).toBeLessThan(1e-5);
    });
    cpu.chosenLogps.forEach((logp, i) => {
      expect(Math.abs((webgpu.chosenLogps[i] ?? Number.NaN) - logp)).toBeLessThan(1e-4);
    });
    expect(Object.keys(webgpu.gradients)).toEqual(Object.keys(cpu.gradients));
    for (const [name, want] of Object.entries(cpu.gradients)) {
      const got = webgpu.gradients[name] ?? [];
      expect(got).toHaveLength(want.length);
      const gap = Math.hypot(...want.map((x, i) => x - (got[i] ?? Number.NaN)));
      expect(gap / Math.hypot(...want), `${name} of ${trained}`).toBeLessThan(1e-4);
    }
    // Other kernels give other last bits; equal ones would mean that everything fell back to the CPU.
    expect(webgpu.gradients).not.toEqual(cpu.gradients);
  }
});

/** ‖got − want‖ / ‖want‖ of each tensor. */
function expectNear(got: PlainState, want: PlainState, tolerance: number): void {
  expect(got.step).toBe(want.step);
  for (const kind of ["factors", "firstMoments", "secondMoments"] as const) {
    expect(Object.keys(got[kind])).toEqual(Object.keys(want[kind]));
    for (const [name, numbers] of Object.entries(want[kind])) {
      const gap = Math.hypot(...numbers.map((x, i) => x - (got[kind][name]?.[i] ?? Number.NaN)));
      expect(gap / Math.hypot(...numbers), `${kind} of ${name}`).toBeLessThan(tolerance);
    }
  }
}

it("WebGPU keeps caches and training's state, and samples and trains as the CPU does", { timeout: 600_000 }, async (context) => {
  if ("missing" in gpu) return context.skip(gpu.missing);
  const onCpu = await computeState("cpu");
  const onGpu = (await printed("device-state.ts", "webgpu", gpu.environment)) as DeviceState;
  // Rows refilled, and caches grown on the way.
  expect(Object.keys(onGpu.responses)).toEqual(Object.keys(onCpu.responses));
  for (const [name, { tokenIds, logp }] of Object.entries(onCpu.responses)) {
    expect(onGpu.responses[name]?.tokenIds, name).toEqual(tokenIds);
    expect(Math.abs((onGpu.responses[name]?.logp ?? Number.NaN) - logp), name).toBeLessThan(1e-4);
  }
  // A device that failed in the third step, and was gone on with from the checkpoint of the second.
  onCpu.metrics.forEach((want, i) => {
    for (const name of ["loss", "grad_norm", "eval_loss"]) {
      const value = want[name];
      if (value !== undefined) expect(Math.abs((onGpu.metrics[i]?.[name] ?? Number.NaN) - value), `${name} of step ${i + 1}`).toBeLessThan(1e-5);
    }
  });
  expect(onGpu.metrics).toHaveLength(RESIDENT_STEPS);
  expect(onGpu.checkpoint.step).toBe(2);
  expectNear(onGpu.checkpoint, onCpu.checkpoint, 1e-5);
  expectNear(onGpu.end, onCpu.end, 1e-5);
  // Other kernels give other last bits; equal ones would mean that everything fell back to the CPU.
  expect(onGpu.end.factors).not.toEqual(onCpu.end.factors);

  // Of the caches, 262 kB, nothing crosses in a step; of the state, nothing but what a checkpoint reads.
  expect(onGpu.sampling["decode-written"]?.toDevice).toBeLessThan(onCpu.sampling["decode"]?.toDevice ?? 0);
  expect(onGpu.training["adamw"]).toEqual({ toDevice: 20, back: 0 });
  expect(onGpu.training["train"]?.back).toBeLessThan(100);
  expect(onGpu.heldCount).toBe(0);
});
