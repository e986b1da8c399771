/** The command "engine": what it shows, what it changes, what it refuses. */
import { expect, it } from "vitest";
import type { DeviceFinding } from "#app/domain/device.ts";
import { createReadyBench } from "./support.ts";

const DEVICES: readonly DeviceFinding[] = [
  { device: "cpu", isReady: true, isTested: true, found: "the reference" },
  { device: "webgpu", isReady: true, isTested: true, found: "numbers differ from the CPU's by 1e-6" },
  { device: "cuda", isReady: false, isTested: false, found: "no such library" },
];

it("engine shows and chooses device and threads, and refuses what is not there", async () => {
  const bench = await createReadyBench({ devices: DEVICES });
  const dir = ["-C", bench.folder];
  const first = await bench.run("engine", ...dir);
  expect(first.out).toMatch(/^Models run on CPU, with as many threads as ONNX Runtime chooses \(the processor has \d+\)\.\n\n/u);
  expect(first.out).toMatch(/^cpu\s+chosen\s+the reference$/mu);
  expect(first.out).toMatch(/^webgpu\s+ready\s+numbers differ/mu);
  expect(first.out).toMatch(/^cuda\s+not here, untested\s+no such library$/mu);
  expect((await bench.run("engine", "--device", "webgpu", "--threads", "2", ...dir)).out).toMatch(/^Models run on WebGPU, with 2 threads\./u);
  expect((await bench.json("engine", ...dir))["engine"]).toMatchObject({ device: "webgpu", threads: 2 });
  const refused = await bench.run("engine", "--device", "cuda", ...dir);
  expect(refused.code).not.toBe(0);
  expect(refused.err).toMatch(/CUDA cannot be chosen: no such library/u);
  expect((await bench.run("engine", "--device", "tpu", ...dir)).err).toMatch(/cpu, webgpu, cuda, directml, coreml/u);
  expect((await bench.run("engine", "--threads", "257", ...dir)).err).toMatch(/from 0 to 256/u);
});
