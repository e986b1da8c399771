/** WebGPU computes the CPU's losses and gradients: on a software adapter, which any Linux machine has that has Chromium. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { softwareGpu } from "#tests/support/software-gpu.ts";

type Computed = {
  readonly losses: readonly number[];
  readonly chosenLogps: readonly number[];
  readonly gradients: Readonly<Record<string, readonly number[]>>;
};
const TRAINED = ["adapter", "all weights"] as const;
type Results = { readonly [What in (typeof TRAINED)[number]]: Computed };

async function compute(device: "cpu" | "webgpu", environment: Readonly<Record<string, string>>): Promise<Results> {
  const script = join(import.meta.dirname, "..", "..", "support", "device-gradients.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [script, device], { env: { ...process.env, ...environment }, maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as Results;
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
