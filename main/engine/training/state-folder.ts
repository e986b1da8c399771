/** A durable training checkpoint: a folder with one file of tensors, written whole or not at all. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { AdapterFactors } from "#app/models/adapter.ts";
import { readSafetensors, writeSafetensors } from "#main/engine/checkpoints/safetensors.ts";
import { factorsFromTensors, stateFromTensors, stateTensors, type TrainingState } from "./training-state.ts";

const FILE = "state.safetensors";

export async function writeStateFolder(folder: string, state: TrainingState): Promise<void> {
  await mkdir(folder, { recursive: true });
  const tensors = new Map([...stateTensors(state)].map(([name, data]) => [name, { shape: [data.length], data }]));
  await writeSafetensors(join(folder, FILE), tensors, { step: String(state.step) });
}

/** Only the factors. Throws DataError where one is missing or of another size than `expected` says. */
export async function readFactors(folder: string, step: number, expected: AdapterFactors): Promise<AdapterFactors> {
  const tensors = await readSafetensors(join(folder, FILE));
  return factorsFromTensors(step, new Map([...tensors].map(([name, { data }]) => [name, data])), expected);
}

/** Throws DataError where the folder does not hold the state of these factors and this many pairs. */
export async function readStateFolder(folder: string, step: number, factors: AdapterFactors, pairCount: number): Promise<TrainingState> {
  const tensors = await readSafetensors(join(folder, FILE));
  return stateFromTensors(step, new Map([...tensors].map(([name, { data }]) => [name, data])), factors, pairCount);
}
