/** Training on a device that keeps tensors: parameters, gradients and moments stay there; losses and the norm come back. */
import type { TrainingSettings } from "#app/domain/training.ts";
import type { Shape } from "#app/graph/types.ts";
import { adamWScalars, buildAdamWGraph, buildSquaresGraph, MOMENT_NAMES, SQUARES, sumName, updatedName } from "#app/training/adamw-graph.ts";
import type { DeviceMemory } from "#main/engine/runtime/device-memory.ts";
import { placeFactors, type ResidentFactors } from "#main/engine/runtime/resident-factors.ts";
import type { ResidentTensor } from "#main/engine/runtime/resident-tensor.ts";
import { type Fed, floatsOf } from "#main/engine/runtime/runtime-session.ts";
import { adamWSettings, type Optimiser } from "./optimiser.ts";
import { type PairRunner, sumGradients } from "./pair-runs.ts";
import type { TrainedNumbers } from "./training-state.ts";

export async function createDeviceOptimiser(
  memory: DeviceMemory,
  runner: PairRunner,
  settings: TrainingSettings,
  numbers: TrainedNumbers,
): Promise<Optimiser> {
  const { key, model } = runner.policy;
  const place = (factors: ReadonlyMap<string, Float32Array>): Promise<ResidentFactors> => placeFactors(memory, { model, factors });
  const [factors, first, second] = [await place(numbers.factors), await place(numbers.firstMoments), await place(numbers.secondMoments)];
  const shapes = new Map([...factors].map(([name, { shape }]) => [name, shape] as const));
  const sums = await zerosOf(memory, shapes);
  let isFirst = true;

  /** What the update reads and writes, by its inputs' names. */
  const updated = new Map<string, ResidentTensor>([...factors, ...renamed(first, MOMENT_NAMES.first), ...renamed(second, MOMENT_NAMES.second)]);
  const fedSums = renamed(sums, sumName);
  return {
    factors,
    differentiate: async (batch, reference) => {
      const run = await sumGradients(runner, batch, factors, reference, settings, { tensors: sums, isFirst });
      isFirst = false;
      return run;
    },
    norm: async () => {
      const session = await runner.sessions.get(`${key}/squares`, () => buildSquaresGraph(shapes));
      const squares = floatsOf(await session.run(fedSums, [SQUARES]), SQUARES);
      return Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
    },
    update: async (step, scale, learningRate) => {
      const adamW = adamWSettings(settings, learningRate);
      const session = await runner.sessions.get(`${key}/adamw`, () => buildAdamWGraph(shapes, adamW));
      const scalars = Object.entries(adamWScalars(step, scale, adamW)).map(([name, value]) => [name, Float32Array.of(value)] as const);
      await session.run(new Map<string, Fed>([...updated, ...fedSums, ...scalars]), [], renamed(updated, updatedName));
      isFirst = true;
    },
    numbers: async () => ({
      factors: await readAll(memory, factors),
      firstMoments: await readAll(memory, first),
      secondMoments: await readAll(memory, second),
    }),
  };
}

async function zerosOf(memory: DeviceMemory, shapes: ReadonlyMap<string, Shape>): Promise<ResidentFactors> {
  const zeros = new Map<string, ResidentTensor>();
  for (const [name, shape] of shapes) zeros.set(name, await memory.zeros(shape));
  return zeros;
}

function renamed(tensors: ResidentFactors, rename: (name: string) => string): ResidentFactors {
  return new Map([...tensors].map(([name, tensor]) => [rename(name), tensor]));
}

async function readAll(memory: DeviceMemory, tensors: ResidentFactors): Promise<Map<string, Float32Array>> {
  const numbers = new Map<string, Float32Array>();
  for (const [name, tensor] of tensors) numbers.set(name, await memory.read(tensor));
  return numbers;
}
