/** LoRA adapters in the PEFT layout: adapter_config.json and adapter_model.safetensors. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { ConfigError, DataError } from "#app/base/errors.ts";
import { type AdapterShape } from "#app/models/adapter.ts";
import { LINEAR_MODULES } from "#app/models/checkpoint-tensors.ts";
import { nameInTextPart, nameInWholeModel } from "#app/models/text-part.ts";
import { checkpointWords } from "#app/text/checkpoints.ts";
import { type NamedTensors, readSafetensors, writeAtomically, writeSafetensors } from "./safetensors.ts";

const CONFIG = "adapter_config.json";
const WEIGHTS = "adapter_model.safetensors";

export type Adapter = AdapterShape & {
  /** `base_model_name_or_path`; null if the folder names none. */
  readonly baseModelName: string | null;
  /** The base also sees pictures: in the files, names lead through the whole model. */
  readonly isOfTextPart: boolean;
  /** Factors by PEFT's names, those of a text model. */
  readonly tensors: NamedTensors;
};

/** Before the name of a module of the base. */
const WRAPPER = "base_model.model.";

/** PEFT takes a list of names wherever they occur, in the vision tower too; a text as an expression for the whole name. */
const TEXT_TARGETS = /^\.\*\\\.language_model\\\.\.\*\\\.\(([\w|]+)\)$/u;
const targetsSchema = z.union(
  [
    z.array(z.string()).min(1),
    z
      .string()
      .regex(TEXT_TARGETS)
      .transform((expression) => TEXT_TARGETS.exec(expression)?.[1]?.split("|") ?? []),
  ],
  { error: ({ input }) => checkpointWords.adapterTargets(JSON.stringify(input)) },
);

function textTargets(targets: readonly string[]): string {
  return `.*\\.language_model\\..*\\.(${targets.join("|")})`;
}

/** Other starts (PiSSA, OLoRA, CorDA, LoftQ) change the base: their factors belong to weights that are in no file here. */
const STARTS = ["gaussian", "eva", "orthogonal", "mica"] as const;
const startSchema = z.union([z.boolean(), z.enum(STARTS)], {
  error: ({ input }) => checkpointWords.adapterStart(["true", "false", ...STARTS].join(", "), JSON.stringify(input)),
});

/** What changes the arithmetic must be absent or off; what only informs is passed over. */
const configSchema = z.looseObject({
  peft_type: z.literal("LORA"),
  r: z.int().min(1),
  lora_alpha: z.number().positive(),
  target_modules: targetsSchema,
  base_model_name_or_path: z.string().nullish(),
  bias: z.literal("none").default("none"),
  fan_in_fan_out: z.literal(false).default(false),
  use_dora: z.literal(false).nullish(),
  use_rslora: z.literal(false).nullish(),
  modules_to_save: z.null().optional(),
  rank_pattern: z.record(z.string(), z.never()).nullish(),
  alpha_pattern: z.record(z.string(), z.never()).nullish(),
  layers_to_transform: z.null().optional(),
  layer_replication: z.null().optional(),
  alora_invocation_tokens: z.null().optional(),
  init_lora_weights: startSchema.nullish(),
});

/** Throws ConfigError for an adapter that the decoder would compute wrongly, DataError for files that are missing or broken. */
export async function readAdapter(folder: string): Promise<Adapter> {
  const path = join(folder, CONFIG);
  const parsed = configSchema.safeParse(await readJson(path));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ConfigError(checkpointWords.adapterConfig(path, issue?.path.join(".") ?? "", issue?.message), { path });
  }
  const config = parsed.data;
  const targets = LINEAR_MODULES.filter((module) => config.target_modules.includes(module));
  const unknown = config.target_modules.filter((module) => !targets.some((target) => target === module));
  if (unknown.length > 0) throw new ConfigError(checkpointWords.targetModules(path, LINEAR_MODULES.join(", "), unknown.join(", ")), { path });
  const stored = await readSafetensors(join(folder, WEIGHTS));
  const tensors = renamed(stored, (name) => nameInTextPart(name) ?? name);
  return {
    rank: config.r,
    alpha: config.lora_alpha,
    targets,
    baseModelName: config.base_model_name_or_path ?? null,
    isOfTextPart: [...stored.keys()].some((name) => !tensors.has(name)),
    tensors,
  };
}

/** `rename` hears the names of the base's modules. */
function renamed(tensors: NamedTensors, rename: (name: string) => string): NamedTensors {
  return new Map(
    [...tensors].map(([name, tensor]) => [name.startsWith(WRAPPER) ? WRAPPER + rename(name.slice(WRAPPER.length)) : name, tensor] as const),
  );
}

/** The same adapter gives the same bytes. Each file appears whole or not at all. */
export async function writeAdapter(folder: string, adapter: Adapter): Promise<void> {
  await mkdir(folder, { recursive: true });
  const targets = [...adapter.targets].sort();
  const config = {
    base_model_name_or_path: adapter.baseModelName,
    bias: "none",
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    lora_alpha: adapter.alpha,
    lora_dropout: 0,
    peft_type: "LORA",
    r: adapter.rank,
    target_modules: adapter.isOfTextPart ? textTargets(targets) : targets,
    task_type: "CAUSAL_LM",
  };
  await writeSafetensors(join(folder, WEIGHTS), adapter.isOfTextPart ? renamed(adapter.tensors, nameInWholeModel) : adapter.tensors);
  await writeAtomically(join(folder, CONFIG), (file) => file.writeFile(`${JSON.stringify(config, null, 2)}\n`));
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new DataError(checkpointWords.adapterNotJson(path, cause instanceof SyntaxError), { path }, { cause });
  }
}
