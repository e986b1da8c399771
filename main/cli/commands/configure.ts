/** Changing an experiment's settings: a command of its own, and what other commands do with --set and --config. */
import type { Command } from "commander";
import type * as z from "zod";
import { ConfigError } from "#app/base/errors.ts";
import type { LabClient } from "#app/contract/contract.ts";
import { configChanges } from "#app/domain/config-changes.ts";
import { absolute, addCommand, type CommandContext, done, type RunCommand } from "../command.ts";
import { plural } from "../format.ts";
import { requireExperiment } from "../require.ts";
import { resolveConfig } from "../settings.ts";
import { configOption, setOption, settingOptions } from "./experiments.ts";

export function addConfigureCommand(program: Command, runCommand: RunCommand): void {
  addCommand(program, runCommand, {
    name: "configure",
    summary: "change the experiment's settings, and start nothing",
    description: "Lays settings over those of the experiment and says what changed. Runs that have begun keep the settings that they began with.",
    options: [configOption(), setOption()],
    schema: settingOptions,
    examples: ["nashlab configure --set evaluation.split=test", "nashlab configure --config settings.json"],
    run: async (context, options) => {
      if (options.config === undefined && options.set.length === 0) throw new ConfigError("configure: expected --set or --config, got neither.");
      return await context.labs.use(context.folder, async ({ client }) => {
        const before = (await requireExperiment(client, context.folder)).config;
        await reconfigure(context, client, options);
        const changes = configChanges(before, (await requireExperiment(client, context.folder)).config);
        const lines = changes.map(({ path, from, to }) => `${path}: ${from ?? "unset"} -> ${to ?? "unset"}`);
        return done({ changes }, lines.length === 0 ? "Nothing changed." : [`Changed ${plural(lines.length, "setting")}.`, ...lines].join("\n"));
      });
    },
  });
}

/** Lays --config and --set over the experiment's configuration; nothing is started if they are wrong. */
export async function reconfigure(context: CommandContext, client: LabClient, options: z.infer<typeof settingOptions>): Promise<void> {
  const experiment = await requireExperiment(client, context.folder);
  if (options.config === undefined && options.set.length === 0) return;
  const configPath = options.config === undefined ? undefined : absolute(context, options.config);
  const config = await resolveConfig(experiment.config, { configPath, assignments: options.set });
  await client.experiments.configure({ config });
}
