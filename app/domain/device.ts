/** Where the engine's graphs run: the processor, which is the reference, or another device that was found to compute the same. */
import * as z from "zod";

export const DEVICES = ["cpu", "webgpu", "cuda", "directml", "coreml"] as const;
export const deviceSchema = z.enum(DEVICES);
export type Device = z.infer<typeof deviceSchema>;

export const DEVICE_NAMES: { readonly [D in Device]: string } = {
  cpu: "CPU",
  webgpu: "WebGPU",
  cuda: "CUDA",
  directml: "DirectML",
  coreml: "CoreML",
};

/** Devices on which somebody has run the lab: WebGPU on a graphics processor in software. The others are wired, and compared with the CPU before use. */
export const TESTED_DEVICES: ReadonlySet<Device> = new Set<Device>(["cpu", "webgpu"]);

const threadsSchema = z.int().min(0).max(256);

/** How the engine runs its jobs: how long they take, and the last bits of what they compute (docs/adr/0009). */
export const engineOptionsSchema = z.strictObject({
  device: deviceSchema.default("cpu"),
  /** Threads within an op; 0 leaves the choice to ONNX Runtime: one for each core. */
  threads: threadsSchema.default(0),
});
export type EngineOptions = Readonly<z.infer<typeof engineOptionsSchema>>;

/** What is left out stays as it is. */
export const engineChangesSchema = z.strictObject({ device: deviceSchema.optional(), threads: threadsSchema.optional() });

export const deviceFindingSchema = z.object({
  device: deviceSchema,
  /** It is here, and sampling and training gave the CPU's numbers on it. */
  isReady: z.boolean(),
  isTested: z.boolean(),
  /** In words: how near its numbers are, or why it cannot be used. */
  found: z.string(),
  /** What the runtime said of a device that failed, as it said it. */
  detail: z.string().optional(),
});
export type DeviceFinding = Readonly<z.infer<typeof deviceFindingSchema>>;
