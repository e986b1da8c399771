/** WebGPU computes the CPU's losses and gradients: on a software adapter, which any machine has that has Chromium. */
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

async function compute(device: "cpu" | "webgpu", environment: Readonly<Record<string, string>>): Promise<Computed> {
  const script = join(import.meta.dirname, "..", "..", "support", "device-gradients.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [script, device], { env: { ...process.env, ...environment }, maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as Computed;
}

const gpu = softwareGpu();

it.skipIf(gpu === undefined)("WebGPU gives the CPU's losses, log-probabilities and gradients", { timeout: 300_000 }, async () => {
  const [cpu, webgpu] = [await compute("cpu", {}), await compute("webgpu", gpu ?? {})];
  cpu.losses.forEach((loss, i) => {
    expect(Math.abs((webgpu.losses[i] ?? Number.NaN) - loss)).toBeLessThan(1e-5);
  });
  cpu.chosenLogps.forEach((logp, i) => {
    expect(Math.abs((webgpu.chosenLogps[i] ?? Number.NaN) - logp)).toBeLessThan(1e-4);
  });
  for (const [name, want] of Object.entries(cpu.gradients)) {
    const got = webgpu.gradients[name] ?? [];
    expect(got).toHaveLength(want.length);
    const gap = Math.hypot(...want.map((x, i) => x - (got[i] ?? Number.NaN)));
    expect(gap / Math.hypot(...want), name).toBeLessThan(1e-4);
  }
});
