/** Commands: make an experiment, bring prompts, see where it stands. */
import { basename, resolve } from "node:path";
import { type Command, Option } from "commander";
import * as z from "zod";
import { nameSchema } from "#app/contract/base.ts";
import type { RoundSeriesView } from "#app/contract/rounds.ts";
import type { ExperimentView, RoundView } from "#app/contract/views.ts";
import { ConfigError } from "#app/base/errors.ts";
import { PRESETS } from "#app/domain/presets.ts";
import { splitSchema } from "#app/domain/prompt.ts";
import { absolute, addCommand, done, repeatable, type RunCommand } from "../command.ts";
import { count } from "../format.ts";
import { requireExperiment } from "../require.ts";
import { roundLines } from "../round-text.ts";
import { resolveConfig } from "../settings.ts";

export const configOption = (): Option => new Option("--config <file>", "a JSON file with settings");
export const setOption = (): Option => repeatable("--set <path=value>", "one setting, such as sampling.temperature=0.8; may be given several times");

export const settingOptions = z.object({ config: z.string().optional(), set: z.array(z.string()).default([]) });

const JUDGE_EXAMPLE = "nashlab init judged --preset paper --set oracle.kind=judge --set oracle.endpoint=openai --set oracle.model=gpt-4.1-2025-04-14";
const CONFIG_EXAMPLE = "nashlab init haiku --set oracle.kind=targetLength --set oracle.target=80";

export function addExperimentCommands(program: Command, runCommand: RunCommand): void {
  addInit(program, runCommand);
  addStatus(program, runCommand);
}

function addInit(program: Command, runCommand: RunCommand): void {
  addCommand(program, runCommand, {
    name: "init",
    summary: "make an experiment in a folder",
    description:
      "Makes an experiment in a folder (the current one, or DIR, which is made if it is not there). Without settings people are the oracle. `nashlab losses` lists what training may descend.",
    args: [{ name: "[dir]", description: "the folder of the new experiment" }],
    options: [
      new Option("--name <name>", "the experiment's name (default: the folder's)"),
      new Option("--preset <name>", `settings to begin from: ${PRESETS.map(({ name, summary }) => `${name} (${summary})`).join("; ")}`).choices(
        PRESETS.map(({ name }) => name),
      ),
      configOption(),
      setOption(),
    ],
    schema: settingOptions.extend({ name: z.string().optional(), preset: z.string().optional() }),
    examples: ["nashlab init haiku", 'nashlab init haiku --name "Haiku, short" --config settings.json', CONFIG_EXAMPLE, JUDGE_EXAMPLE],
    run: async (context, options, args) => {
      const [dir] = args;
      if (dir !== undefined && context.isFolderGiven) {
        throw new ConfigError(`init: expected one folder, got two: ${dir} and --dir ${context.folder}.`);
      }
      const folder = dir === undefined ? context.folder : resolve(context.cwd, dir);
      const name = nameSchema.safeParse(options.name ?? basename(folder));
      if (!name.success) {
        throw new ConfigError(`--name: expected 1 to 200 characters, got ${JSON.stringify(options.name ?? basename(folder))}.`);
      }
      const configPath = options.config === undefined ? undefined : absolute(context, options.config);
      const preset = PRESETS.find((one) => one.name === options.preset)?.settings ?? {};
      const config = await resolveConfig(preset, { configPath, assignments: options.set });
      return await context.labs.useFresh(folder, async ({ client }) => {
        const experiment = await client.experiments.create({ name: name.data, config });
        return done(
          { experiment },
          `Made the experiment "${experiment.name}" in ${experiment.folder}.\nNext: nashlab policy add PATH, then nashlab prompts import FILE.`,
        );
      });
    },
  });
}

function addStatus(program: Command, runCommand: RunCommand): void {
  addCommand(program, runCommand, {
    name: "status",
    summary: "say where the experiment stands",
    schema: z.object({}),
    examples: ["nashlab status", "nashlab status -C ~/experiments/haiku --json"],
    run: async (context) =>
      await context.labs.use(context.folder, async (connection) => {
        const experiment = await requireExperiment(connection.client, context.folder);
        const rounds = await connection.client.rounds.list();
        const about = await connection.client.settings.about();
        const series = await connection.client.rounds.series();
        return done({ experiment, rounds, series, lab: about }, [statusText(experiment, rounds), ...seriesText(series, rounds)].join("\n"));
      }),
  });
}

function seriesText(series: RoundSeriesView | null, rounds: readonly RoundView[]): string[] {
  const newest = rounds.at(-1);
  if (series === null || newest === undefined) return [];
  const next = newest.isDone ? newest.number + 1 : newest.number;
  const problem = series.problem === null ? "" : ` Round ${next} could not be begun: ${series.problem}.`;
  return ["", `Rounds ${next} to ${series.lastRound} are still to come; nashlab round resume goes on.${problem}`];
}

function statusText(experiment: ExperimentView, rounds: readonly RoundView[]): string {
  const { prompts, policies } = experiment;
  const splits = splitSchema.options.map((split) => `${count(prompts[split])} ${split}`).join(", ");
  const newest = policies.map((policy) => policy.name).join(", ");
  const head = [
    `${experiment.name} (${experiment.folder})`,
    `Prompts: ${splits}`,
    `Policies: ${newest === "" ? "none; add one with nashlab policy add PATH" : newest}`,
    `Oracle: ${experiment.config.oracle.kind}`,
  ];
  if (rounds.length === 0) return [...head, "", "No round has been started. nashlab round starts the first."].join("\n");
  const confidence = experiment.config.evaluation.confidence;
  return [...head, ...rounds.flatMap((round) => ["", ...roundLines(round, confidence)])].join("\n");
}
