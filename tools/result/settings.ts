/** The settings of the result: one committed file, read and checked; what is run at which scale follows from it alone. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { type ExperimentConfig, experimentConfigSchema } from "#app/domain/experiment.ts";
import { PRESETS } from "#app/domain/presets.ts";
import { ROOT } from "../checks/root.ts";

export const SETTINGS_FILE = join(ROOT, "tools", "result", "settings.json");

const tree = z.record(z.string(), z.unknown());
type Tree = Readonly<Record<string, unknown>>;

const armSchema = z.strictObject({ name: z.string(), title: z.string(), preset: z.string(), rounds: z.int().min(1), settings: tree });

const settingsSchema = z.strictObject({
  /** What all experiments of the result share. */
  experiment: tree,
  /** The first table: the lab's own algorithm, without a teacher. */
  own: z.strictObject({ rounds: z.int().min(1), settings: tree }),
  /**
   * The third table: the paper's arms, each with a teacher's response to each training prompt. What they share makes
   * their budgets equal; nothing is chosen on their validation prompts, so that few do.
   */
  arms: z.strictObject({ validationPrompts: z.int().min(1), settings: tree, each: z.array(armSchema).min(1).readonly() }),
  scales: z.record(
    z.enum(["full", "small"]),
    z.strictObject({
      prompts: z.strictObject({ training: z.int(), validation: z.int(), test: z.int() }),
      alpacaEvalPrompts: z.int(),
      settings: tree,
    }),
  ),
});
export type ResultSettings = Readonly<z.infer<typeof settingsSchema>>;
export type Scale = keyof ResultSettings["scales"];
export const SCALES = ["small", "full"] as const satisfies readonly Scale[];

/** One experiment of the result: its folder's name, how many rounds, and its whole configuration. */
export type PlannedExperiment = {
  readonly name: string;
  readonly title: string;
  readonly rounds: number;
  readonly prompts: { readonly training: number; readonly validation: number; readonly test: number };
  readonly hasTeacher: boolean;
  readonly config: ExperimentConfig;
};

export function readSettings(path = SETTINGS_FILE): ResultSettings {
  return settingsSchema.parse(JSON.parse(readFileSync(path, "utf8")));
}

/** The first table's experiment. `tried` is laid over everything, for tuning on validation. */
export function ownExperiment(settings: ResultSettings, scale: Scale, tried: Tree = {}): PlannedExperiment {
  const { rounds, settings: own } = settings.own;
  return {
    name: "own",
    title: "DNO without a teacher",
    rounds,
    prompts: settings.scales[scale].prompts,
    hasTeacher: false,
    config: configOf([settings.experiment, own, settings.scales[scale].settings, tried]),
  };
}

/** Throws Error for a preset that is none. */
export function armExperiments(settings: ResultSettings, scale: Scale): PlannedExperiment[] {
  const { each, settings: shared, validationPrompts } = settings.arms;
  const all = settings.scales[scale].prompts;
  const prompts = { ...all, validation: Math.min(validationPrompts, all.validation) };
  return each.map(({ name, title, preset, rounds, settings: own }) => {
    const found = PRESETS.find((one) => one.name === preset);
    if (found === undefined) throw new Error(`expected a preset (${PRESETS.map((one) => one.name).join(", ")}), got "${preset}"`);
    return {
      name,
      title,
      rounds,
      prompts,
      hasTeacher: true,
      config: configOf([found.settings, settings.experiment, shared, own, settings.scales[scale].settings]),
    };
  });
}

function configOf(layers: readonly Tree[]): ExperimentConfig {
  return experimentConfigSchema.parse(layers.reduce(laidOver, {}));
}

/** Objects are laid over each other, anything else replaces. */
export function laidOver(below: Tree, above: Tree): Tree {
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const under = tree.safeParse(merged[key]);
    const over = tree.safeParse(value);
    merged[key] = under.success && over.success ? laidOver(under.data, over.data) : value;
  }
  return merged;
}
