/** The table of model families: a row here and its file are all that a new one takes, beside its golden test. */
import { ConfigError } from "#app/base/errors.ts";
import type { Family } from "./family.ts";
import { gemma3 } from "./families/gemma3.ts";
import { granite } from "./families/granite.ts";
import { llama } from "./families/llama.ts";
import { mistral } from "./families/mistral.ts";
import { qwen2 } from "./families/qwen2.ts";
import { qwen3 } from "./families/qwen3.ts";
import { smollm3 } from "./families/smollm3.ts";

export const FAMILIES: readonly Family[] = [llama, mistral, smollm3, qwen2, qwen3, gemma3, granite];

/** Relatives of a family that people will try, and what to do instead. */
const RELATIVES: Readonly<Record<string, string>> = {
  gemma3: "a Gemma 3 configuration without a text_config",
  granitemoe: "a mixture of experts; the lab trains dense models",
  granitemoeshared: "a mixture of experts; the lab trains dense models",
  granitemoehybrid: "a hybrid of attention and state-space layers",
  qwen3_moe: "a mixture of experts; the lab trains dense models",
  mixtral: "a mixture of experts; the lab trains dense models",
};

/** Throws ConfigError, naming the families that there are. */
export function familyOf(modelType: string, where: string): Family {
  const family = FAMILIES.find((one) => one.modelType === modelType);
  if (family !== undefined) return family;
  const relative = RELATIVES[modelType];
  if (relative !== undefined) throw new ConfigError(`${where}: expected a dense model of text, got ${relative}`, { where, modelType });
  const known = FAMILIES.map((one) => one.modelType).join(", ");
  throw new ConfigError(`${where}: expected a model of a family that the lab knows (model_type ${known}), got ${modelType}`, { where, modelType });
}

/** Throws ConfigError, naming the architectures that there are. */
export function familyOfGguf(architecture: string, where: string): Family {
  const family = FAMILIES.find((one) => one.gguf.architectures.includes(architecture));
  if (family !== undefined) return family;
  const known = [...new Set(FAMILIES.flatMap((one) => one.gguf.architectures))].join(", ");
  throw new ConfigError(`${where}: expected a GGUF of an architecture that the lab knows (${known}), got ${architecture}`, { where, architecture });
}
