/** A policy's factors on the device: they cross once, not at each run. */
import { GraphError } from "#app/base/errors.ts";
import { parameterShapes } from "#app/models/parameter-shapes.ts";
import type { DeviceMemory } from "./device-memory.ts";
import type { FedPolicy, PolicyModel } from "./policy-model.ts";
import type { ResidentTensor } from "./resident-tensor.ts";
import type { SessionCache } from "./session-cache.ts";

export type ResidentFactors = ReadonlyMap<string, ResidentTensor>;

export async function placeFactors(memory: DeviceMemory, { model, factors }: Pick<PolicyModel, "model" | "factors">): Promise<ResidentFactors> {
  const shapes = parameterShapes(model);
  const placed: [string, ResidentTensor][] = [];
  for (const [name, numbers] of factors) {
    const shape = shapes.get(name);
    if (shape === undefined) throw new GraphError(`expected factors of the model, got ${name}`);
    placed.push([name, await memory.place(numbers, shape)]);
  }
  return new Map(placed);
}

/** Lends the policy to `use` with its factors on the sessions' device, where the device keeps them; else as it is. */
export async function withFactorsOnDevice<Result>(
  sessions: SessionCache,
  policy: PolicyModel,
  use: (policy: FedPolicy, memory: DeviceMemory | undefined) => Promise<Result>,
): Promise<Result> {
  const memory = sessions.openMemory();
  if (memory === undefined) return await use(policy, undefined);
  try {
    return await use({ ...policy, factors: await placeFactors(memory, policy) }, memory);
  } finally {
    await memory.release();
  }
}
