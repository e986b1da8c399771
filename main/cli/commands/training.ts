/** Commands: how a training run goes, and its early end. */
import { type Command, Option } from "commander";
import * as z from "zod";
import type { LabClient } from "#app/contract/contract.ts";
import type { TrainingRunView } from "#app/contract/training.ts";
import { ConfigError } from "#app/base/errors.ts";
import { addCommand, done, type RunCommand, wholeNumber } from "../command.ts";
import { table } from "../format.ts";

const options = z.object({ round: z.number().optional() });

function roundOption(): Option {
  return new Option("--round <n>", "the round (default: the last one)").argParser(wholeNumber(1));
}

export function addTrainingCommands(program: Command, runCommand: RunCommand): void {
  const training = addCommand(program, runCommand, {
    name: "training",
    summary: "how the training of a round goes, in words and checkpoints",
    description: "Says what the curves of a training run mean and which checkpoints it has written. --json prints every step's numbers besides.",
    options: [roundOption()],
    schema: options,
    examples: ["nashlab training", "nashlab training --round 2 --json"],
    run: async (context, { round }) =>
      await context.labs.use(context.folder, async ({ client }) => {
        const number = round ?? (await lastRound(client));
        const run = await client.training.run({ round: number });
        const metrics = await client.training.metrics({ round: number });
        return done({ run, metrics }, run === null ? `Round ${number} has not begun to train.` : runText(run, metrics.at(-1)?.step ?? 0));
      }),
  });
  addCommand(training, runCommand, {
    name: "stop",
    summary: "end the training after its present step, with its best checkpoint",
    description:
      "Ends the training after its present step. The policy is made from the best durable checkpoint and the round goes on with its evaluation. If nothing runs now, the wish is met when the round goes on.",
    options: [roundOption()],
    schema: options,
    examples: ["nashlab training stop"],
    run: async (context, { round }) =>
      await context.labs.use(context.folder, async ({ client }) => {
        const number = round ?? (await lastRound(client));
        const { measure } = await client.training.stopWithBest({ round: number });
        return done({ round: number, measure }, `Training ends after its present step and keeps its best checkpoint: the lowest ${measure}.`);
      }),
  });
}

async function lastRound(client: LabClient): Promise<number> {
  const last = (await client.rounds.list()).at(-1);
  if (last === undefined) throw new ConfigError("there is no round yet; nashlab round runs the first.");
  return last.number;
}

function runText(run: TrainingRunView, step: number): string {
  const lines = [`Round ${run.round}: ${run.state}, step ${step}`];
  for (const { kind, title, text } of run.readings) lines.push(`${kind === "alarm" ? "ALARM: " : ""}${title} ${text}`);
  if (run.checkpoints.length > 0) {
    lines.push(
      table(
        [{ title: "checkpoint" }, { title: "loss", align: "right" }, { title: "" }],
        run.checkpoints.map((checkpoint) => [
          `step ${checkpoint.step}`,
          checkpoint.loss?.toFixed(4) ?? "",
          checkpoint.step === run.kept?.step ? "kept" : checkpoint.isBest ? "best so far" : "",
        ]),
      ),
    );
    lines.push(`Loss: the ${run.measure}.`);
  }
  return lines.join("\n");
}
