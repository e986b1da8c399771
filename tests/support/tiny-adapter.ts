/** The tiny model that golden files speak of, and an adapter for it whose factors are all different from zero. */
import { join } from "node:path";
import { rngFor } from "#app/base/random.ts";
import { elementCount } from "#app/graph/shapes.ts";
import { type AdapterShape, adapterTensors } from "#app/models/adapter.ts";
import type { ModelConfig } from "#app/models/model-config.ts";
import { type Adapter, writeAdapter } from "#main/engine/checkpoints/peft-adapter.ts";
import { openCheckpoint } from "#main/engine/checkpoints/open-checkpoint.ts";
import { writeTinyModel } from "#main/engine/checkpoints/tiny-model.ts";
import { parseModelConfig } from "#app/models/model-config.ts";

export const TINY_SEED = 1;
export const TINY_ADAPTER: AdapterShape = { rank: 4, alpha: 8, targets: ["q_proj", "v_proj", "down_proj"] };

export function tinyAdapter(config: ModelConfig): Adapter {
  const tensors = adapterTensors(config, TINY_ADAPTER).map(({ name, shape }) => {
    const rng = rngFor(TINY_SEED, "golden adapter", name);
    return [name, { shape, data: Float32Array.from({ length: elementCount(shape) }, () => (rng.next() - 0.5) / 2) }] as const;
  });
  return { ...TINY_ADAPTER, baseModelName: "tiny", isOfTextPart: false, tensors: new Map(tensors) };
}

/** Writes `model` and `adapter` under a folder; the adapter names its base. */
export async function writeTinyPolicy(folder: string, baseModelName = "tiny"): Promise<void> {
  await writeTinyModel(join(folder, "model"), { seed: TINY_SEED });
  const { config } = await openCheckpoint(join(folder, "model"), { cacheDir: folder });
  await writeAdapter(join(folder, "adapter"), { ...tinyAdapter(parseModelConfig(config, folder)), baseModelName });
}
