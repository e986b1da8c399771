/** What the lab says of the engine and of devices. */
import { scientific, shortest, significant } from "./language.ts";

export const engineWords = {
  /** What is under way while a model is opened. */
  opening: {
    reading: (name: string) => `Reading ${name}`,
    toConvert: (name: string, megabytes: number, seconds: number) =>
      `Converting ${name} to float32 once: ${megabytes} MB in the cache, about ${seconds} s`,
    converting: (name: string, done: number, total: number) => `Converting ${name}: ${done} of ${total} MB`,
    writing: (name: string) => `Writing ${name}`,
    quantising: (name: string, megabytes: number) => `Quantising ${name} to 8 bits once: ${megabytes} MB in the cache`,
    fetching: (name: string, repo: string, done: string, total: string) => `Fetching ${name} of ${repo}: ${done} of ${total} MB`,
  },
  /** What was found of a device. */
  devices: {
    reference: "the reference",
    notBuiltIn: (platform: string, device: string) => `ONNX Runtime for ${platform} comes without ${device}`,
    differs: (gap: number) => `numbers differ from the CPU's by ${scientific(gap, 1)}`,
    differsTooMuch: (gap: number, most: number) => `numbers differ from the CPU's by ${scientific(gap, 1)}, at most ${shortest(most)} is trusted`,
    noGraphicsProcessor: "no graphics processor was found here that WebGPU can use",
    noCuda: "NVIDIA's CUDA libraries were not found here",
    failed: "it failed when a tiny model was tried on it",
    cannotBeUsed: (device: string, found: string) => `${device} cannot be used: ${found}`,
    cannotBeChosen: (device: string, found: string) => `${device} cannot be chosen: ${found}`,
    unknown: "the engine does not know it",
  },
  /** How responses were sampled. */
  precision: {
    eightBit: (gapNats: number, distanceNats: number | null) => {
      const distance = distanceNats === null ? "" : `, the policy is ${significant(distanceNats, 2)} from the one it was trained from`;
      return `sampled in 8 bits: ${gapOf(gapNats)}${distance}`;
    },
    float32: (gapNats: number, distanceNats: number | null) =>
      `sampled in float32: ${gapOf(gapNats)}, more than a fifth of ${distanceNats === null ? "what can be told" : significant(distanceNats, 2)}`,
  },
  closed: "the engine was closed",
  notOpened: (hash: string) => `expected the checkpoint ${hash} to be opened before it is used`,
  processEnded: (code: number | null, signal: string | null) =>
    `the engine process ended with ${signal === null ? `code ${code ?? "unknown"}` : `signal ${signal}`}`,
  probeModel: "the probe's model",
};

function gapOf(gapNats: number): string {
  return `8 bits are ${significant(gapNats, 2)} nats a token off`;
}
