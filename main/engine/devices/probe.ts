/** Tries each device with a tiny model's sampling and training, and trusts it if it gives the CPU's numbers. */
import { toLabError } from "#app/base/errors.ts";
import { type Device, type DeviceFinding, DEVICE_NAMES, DEVICES, TESTED_DEVICES } from "#app/domain/device.ts";
import { trainingSettingsSchema } from "#app/domain/training.ts";
import { engineWords } from "#app/text/engine.ts";
import { builtInDevices } from "#main/engine/runtime/onnx-session.ts";
import type { DeviceMemory } from "#main/engine/runtime/device-memory.ts";
import type { FedPolicy } from "#main/engine/runtime/policy-model.ts";
import { withFactorsOnDevice } from "#main/engine/runtime/resident-factors.ts";
import { createSessionCache, type SessionCache } from "#main/engine/runtime/session-cache.ts";
import { createDecodeBatch } from "#main/engine/sampling/decode-batch.ts";
import { prefill } from "#main/engine/sampling/prefill.ts";
import { createDeviceOptimiser } from "#main/engine/training/device-optimiser.ts";
import { createHostOptimiser } from "#main/engine/training/optimiser.ts";
import { startState } from "#main/engine/training/training-state.ts";
import { probePolicy, probeTokens } from "./probe-model.ts";

const words = engineWords.devices;

/** Relative to the size of what the CPU gave. Kernels round otherwise (3e-6 was seen); what computes something else is far off. */
const MAX_GAP = 1e-3;

export type DeviceProbe = {
  /** What was found of a device; it is tried the first time. */
  find(device: Device): Promise<DeviceFinding>;
};

export function createDeviceProbe(): DeviceProbe {
  const found = new Map<Device, Promise<DeviceFinding>>();
  let reference: Promise<Numbers> | undefined;
  const tryOut = async (device: Device): Promise<DeviceFinding> => {
    const finding = { device, isTested: TESTED_DEVICES.has(device) };
    if (device === "cpu") return { ...finding, isReady: true, found: words.reference };
    if (!builtInDevices().includes(device))
      return { ...finding, isReady: false, found: words.notBuiltIn(`${process.platform}-${process.arch}`, DEVICE_NAMES[device]) };
    try {
      const gap = largestGap(await (reference ??= computeOn("cpu")), await computeOn(device));
      return gap <= MAX_GAP
        ? { ...finding, isReady: true, found: words.differs(gap) }
        : { ...finding, isReady: false, found: words.differsTooMuch(gap, MAX_GAP) };
    } catch (thrown) {
      const { message } = toLabError(thrown);
      return { ...finding, isReady: false, found: whyNot(device, message), detail: message };
    }
  };
  return {
    find: (device) => {
      const known = found.get(device) ?? tryOut(device);
      found.set(device, known);
      return known;
    },
  };
}

/** A runtime names files of its own source; a person is told what that means for the machine. */
function whyNot(device: Device, message: string): string {
  if (device === "webgpu" && /adapter/i.test(message)) return words.noGraphicsProcessor;
  if (device === "cuda" && /shared library|libcu/i.test(message)) return words.noCuda;
  return words.failed;
}

/** Every device, in a fixed order. */
export async function probeDevices(probe: DeviceProbe): Promise<readonly DeviceFinding[]> {
  const findings: DeviceFinding[] = [];
  for (const device of DEVICES) findings.push(await probe.find(device));
  return findings;
}

/** What a device made of the model, under names. */
type Numbers = ReadonlyMap<string, ArrayLike<number>>;

async function computeOn(device: Device): Promise<Numbers> {
  const sessions = createSessionCache(3, { device, threads: 1, fusion: "exact" });
  try {
    return new Map([...(await decoded(sessions)), ...(await trained(sessions))]);
  } finally {
    await sessions.release();
  }
}

/** A prompt's prefill and two steps behind it, the second of which sees what the first kept. */
async function decoded(sessions: SessionCache): Promise<Numbers> {
  return await withFactorsOnDevice(sessions, probePolicy(), (policy, memory) => decodedBy(policy, sessions, memory));
}

async function decodedBy(policy: FedPolicy, sessions: SessionCache, memory: DeviceMemory | undefined): Promise<Numbers> {
  const start = await prefill(policy, sessions, probeTokens(9, 1), 0.8, memory);
  const batch = createDecodeBatch(policy, sessions, { batch: 2, temperature: 0.8, memory });
  await batch.place(0, start);
  await batch.place(1, start);
  await batch.step(probeTokens(2, 6));
  const [first, second] = await batch.step(probeTokens(2, 2));
  const numbers = new Map<string, ArrayLike<number>>();
  for (const [name, next] of Object.entries({ start: start.next, first, second })) {
    if (next === undefined) continue;
    numbers.set(`${name} values`, next.topValues);
    numbers.set(`${name} ids`, next.topIds);
    numbers.set(`${name} normalisers`, [next.logSumExp, next.logSumExpScaled]);
  }
  return numbers;
}

/** A training step of all weights along two runs of a pair: losses, norm, and where weights and moments stand after it. */
async function trained(sessions: SessionCache): Promise<Numbers> {
  const policy = probePolicy();
  const runner = { policy, sessions, batch: 1 };
  // Without a small divisor: where gradients are next to nothing, their rounding would decide the step.
  const settings = trainingSettingsSchema.parse({ trains: "allWeights", adamEpsilon: 0.01 });
  const start = startState(policy.factors, {});
  const memory = sessions.openMemory();
  try {
    const optimiser =
      memory === undefined ? createHostOptimiser(runner, settings, start) : await createDeviceOptimiser(memory, runner, settings, start);
    const pair = { promptIds: probeTokens(6, 3), chosenIds: probeTokens(5, 4), rejectedIds: probeTokens(4, 5) };
    const numbers = new Map<string, ArrayLike<number>>();
    for (const run of ["first", "second"]) {
      const reference = { chosen: Float32Array.of(run === "first" ? -26 : -24), rejected: Float32Array.of(-19) };
      const { losses } = await optimiser.differentiate({ pairs: [pair], indices: [0], weight: 1 / 2 }, reference);
      numbers.set(`${run} losses`, losses);
    }
    numbers.set("norm", [await optimiser.norm()]);
    await optimiser.update(1, 1, 1e-3);
    for (const [kind, tensors] of Object.entries(await optimiser.numbers())) {
      for (const [name, values] of tensors) numbers.set(`${kind} of ${name}`, values);
    }
    return numbers;
  } finally {
    await memory?.release();
  }
}

/** Over all that was computed, the greatest ‖device − cpu‖ / ‖cpu‖; infinite where something is missing or no number. */
export function largestGap(cpu: Numbers, device: Numbers): number {
  let largest = 0;
  for (const [name, want] of cpu) {
    const got = device.get(name);
    let [apart, size] = [0, 0];
    for (let i = 0; i < want.length; i++) {
      apart = Math.hypot(apart, (want[i] ?? 0) - (got?.[i] ?? Number.NaN));
      size = Math.hypot(size, want[i] ?? 0);
    }
    const gap = apart / size;
    largest = Number.isFinite(gap) ? Math.max(largest, gap) : Infinity;
  }
  return largest;
}
