/** Commands: run a round or its stages, pause, go on, redo. */
import { type Command, Option } from "commander";
import * as z from "zod";
import type { LabClient } from "#app/contract/contract.ts";
import type { RoundView } from "#app/contract/views.ts";
import { ConfigError } from "#app/base/errors.ts";
import { STAGES, type Stage, stageSchema } from "#app/domain/round.ts";
import { addCommand, type CommandContext, done, onlyArgument, type Outcome, type RunCommand, wholeNumber } from "../command.ts";
import { forecastText } from "../forecast-text.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { asSentence } from "../failure.ts";
import { roundLines } from "../round-text.ts";
import { runToEnd, type Settled } from "../run-to-end.ts";
import { reconfigure } from "./configure.ts";
import { configOption, setOption, settingOptions } from "./experiments.ts";

type SettingArguments = z.infer<typeof settingOptions>;

const STAGE_SUMMARIES: Readonly<Record<Stage, string>> = {
  sample: "sample responses",
  judge: "let the oracle judge, and what comes before",
  pair: "make preference pairs, and what comes before",
  train: "train the next policy, and what comes before",
  evaluate: "evaluate it: the whole round",
};

export function addRoundCommands(program: Command, runCommand: RunCommand): void {
  const round = addCommand(program, runCommand, {
    name: "round",
    summary: "run the next round, or go on with the open one",
    description:
      "Runs the next round to its end, or goes on with the one that is not done: sample, judge, pair, train, evaluate. Ctrl-C pauses it at its next unit of work, and the same command goes on; a second Ctrl-C stops at once. With --rounds each next round starts when the last is done. All stop, with the reason, when a stage fails, when a cap is met or when people are to judge; nashlab round resume goes on with all.",
    options: [
      configOption(),
      setOption(),
      new Option("--rounds <n>", "so many rounds, the open one counted, each when the last is done").argParser(wholeNumber(1, 100)),
      new Option("--dry-run", "only say what it is going to take; nothing is started or changed"),
      new Option("--measure", "with --dry-run: run two short training steps first, so that time and memory of training are known"),
    ],
    schema: settingOptions.extend({ rounds: z.number().optional(), dryRun: z.boolean().default(false), measure: z.boolean().default(false) }),
    examples: [
      "nashlab round",
      "nashlab round --rounds 3",
      "nashlab round --dry-run --measure",
      "nashlab round --set training.learningRate=1e-5",
      "nashlab round judge",
      "nashlab round redo train",
    ],
    run: async (context, { measure, ...options }) => {
      if (measure && !options.dryRun) throw new ConfigError("round --measure: expected --dry-run beside it, as it only says what a round takes.");
      return options.dryRun ? await sayForecast(context, options, measure) : await runRound(context, { rounds: options.rounds }, options);
    },
  });
  for (const stage of STAGES) {
    addCommand(round, runCommand, {
      name: stage,
      summary: STAGE_SUMMARIES[stage],
      description: `Runs the round up to and including the stage "${stage}".`,
      options: [configOption(), setOption()],
      schema: settingOptions,
      examples: [`nashlab round ${stage}`],
      run: async (context, options) => await runRound(context, { until: stage }, options),
    });
  }
  addPause(round, runCommand);
  addStop(round, runCommand);
  addResume(round, runCommand);
  addRedo(round, runCommand);
  addLast(round, runCommand);
}

type Wanted = { readonly until?: Stage; readonly rounds?: number | undefined };

async function runRound(context: CommandContext, wanted: Wanted, options: SettingArguments): Promise<Outcome> {
  return await context.labs.use(context.folder, async ({ client }) => {
    await reconfigure(context, client, options);
    return await runRounds(context, client, async () => await client.rounds.start(wanted));
  });
}

/** Of the configuration as it is: --set and --config would change it, and a dry run changes nothing. */
async function sayForecast(context: CommandContext, options: SettingArguments, measures: boolean): Promise<Outcome> {
  if (options.config !== undefined || options.set.length > 0) {
    throw new ConfigError("round --dry-run: expected no --set and no --config, as a dry run changes nothing; change the settings first.");
  }
  return await context.labs.use(context.folder, async ({ client }) => {
    if (measures) await client.rounds.measureTraining();
    const forecast = await client.rounds.forecast();
    return { exitCode: forecast.refusal === null ? EXIT.ok : EXIT.failed, result: { forecast }, text: forecastText(forecast) };
  });
}

type Started = { readonly round: number; readonly keeps?: { readonly stage: Stage; readonly sentence: string } | null };

async function runRounds(context: CommandContext, client: LabClient, start: () => Promise<Started>): Promise<Outcome> {
  const { started, settled, exitCode } = await runToEnd(context, client, async () => {
    const begun = await start();
    if (begun.keeps != null)
      context.terminal.warn(`${asSentence(begun.keeps.sentence)} nashlab round redo ${begun.keeps.stage} uses the present ones.`);
    return begun;
  });
  return await outcomeOf(client, started.round, settled, exitCode);
}

/** `first`: the round that was started or gone on with; those that followed it on the same request are told too. */
async function outcomeOf(client: LabClient, first: number, settled: Settled, exitCode: ExitCode): Promise<Outcome> {
  const rounds = (await client.rounds.list()).filter((one) => one.number >= first);
  const round = rounds.at(-1) ?? null;
  const series = await client.rounds.series();
  const confidence = (await client.experiments.get())?.config.evaluation.confidence ?? 0.95;
  return {
    exitCode,
    result: { state: settled.state, error: settled.error, round, rounds, series },
    text: [...rounds.flatMap((one) => [...roundLines(one, confidence), ""]), closingSentence(settled, round), ...seriesSentence(series)].join("\n"),
  };
}

/** What is still to come of what was asked for. */
function seriesSentence(series: Awaited<ReturnType<LabClient["rounds"]["series"]>>): string[] {
  if (series === null) return [];
  return [`Rounds ${series.firstRound} to ${series.lastRound} were asked for; going on goes on with all of them.`];
}

function closingSentence(settled: Settled, round: RoundView | null): string {
  switch (settled.state) {
    case "idle":
    case "done":
      return round?.isDone === true ? "The round is done." : "Done up to here. nashlab round goes on.";
    case "paused":
      return `The round is paused${settled.error === null ? "" : `: ${settled.error}`}. nashlab round resume goes on.`;
    case "failed":
      return `The run failed: ${asSentence(settled.error ?? "no reason was given")} What was done is kept; nashlab round resume tries again.`;
    case "waitsForPeople":
      return "The round waits for people. nashlab open shows them the comparisons; nashlab round goes on after that.";
    default:
      return settled.state satisfies never;
  }
}

function addPause(round: Command, runCommand: RunCommand): void {
  addCommand(round, runCommand, {
    name: "pause",
    summary: "pause what runs, at its next unit of work",
    schema: z.object({}),
    examples: ["nashlab round pause"],
    run: async (context) =>
      await context.labs.use(context.folder, async ({ client }) => {
        const { wasRunning } = await client.rounds.pause();
        return done({ wasRunning }, wasRunning ? "Paused. nashlab round resume goes on." : "Nothing is running.");
      }),
  });
}

function addStop(round: Command, runCommand: RunCommand): void {
  addCommand(round, runCommand, {
    name: "stop",
    summary: "stop what runs at once, in the middle of its work",
    description:
      "Ends the engine's process. What was finished is kept; what was under way is done again when the round goes on. pause loses nothing.",
    schema: z.object({}),
    examples: ["nashlab round stop"],
    run: async (context) =>
      await context.labs.use(context.folder, async ({ client }) => {
        const { wasRunning } = await client.rounds.stop();
        return done({ wasRunning }, wasRunning ? "Stopped. nashlab round resume goes on from what was finished." : "Nothing is running.");
      }),
  });
}

function addResume(round: Command, runCommand: RunCommand): void {
  addCommand(round, runCommand, {
    name: "resume",
    summary: "go on where the round was paused, failed or killed",
    schema: z.object({}),
    examples: ["nashlab round resume"],
    run: async (context) =>
      await context.labs.use(context.folder, async ({ client }) => await runRounds(context, client, async () => await client.rounds.resume())),
  });
}

function addLast(round: Command, runCommand: RunCommand): void {
  addCommand(round, runCommand, {
    name: "last",
    summary: "say which round is to be the last of those that run",
    description:
      "Says which round is to be the last, also while one runs in another process: the newest, so that none follows it, or a later one. Starts nothing.",
    args: [{ name: "<round>", description: "its number" }],
    schema: z.object({}),
    examples: ["nashlab round last 3"],
    run: async (context, _options, args) => {
      const wanted = Number(onlyArgument(args));
      if (!Number.isInteger(wanted) || wanted < 1) throw new ConfigError(`round last: expected the number of a round, got "${onlyArgument(args)}".`);
      return await context.labs.use(context.folder, async ({ client }) => {
        const series = await client.rounds.setLast({ round: wanted });
        return done({ series }, series === null ? `No round follows round ${wanted}.` : `Round ${series.lastRound} is to be the last.`);
      });
    },
  });
}

function addRedo(round: Command, runCommand: RunCommand): void {
  addCommand(round, runCommand, {
    name: "redo",
    summary: "run a stage of the last round again, and those after it",
    description: "Runs a stage of the last round again, and those after it. What came of them before is kept as superseded.",
    args: [{ name: "<stage>", description: STAGES.join(", ") }],
    options: [configOption(), setOption()],
    schema: settingOptions,
    examples: ["nashlab round redo train --set training.epochs=2"],
    run: async (context, options, args) => {
      const stage = stageSchema.safeParse(onlyArgument(args));
      if (!stage.success) {
        throw new ConfigError(`round redo: expected one of ${STAGES.join(", ")}, got "${onlyArgument(args)}".`);
      }
      return await context.labs.use(context.folder, async ({ client }) => {
        await reconfigure(context, client, options);
        return await runRounds(context, client, async () => await client.rounds.redo({ stage: stage.data }));
      });
    },
  });
}
