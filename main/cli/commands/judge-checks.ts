/** Commands: try a judge, see what it will take, accept another snapshot of it or take that back, list templates. */
import { type Command, Option } from "commander";
import * as z from "zod";
import type { JudgeForecast } from "#app/contract/rounds.ts";
import { addCommand, done, onlyArgument, type Outcome, type RunCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { count, duration, plural, table, usd } from "../format.ts";

export function addJudgeChecks(judge: Command, runCommand: RunCommand): void {
  addTest(judge, runCommand);
  addForecast(judge, runCommand);
  addSnapshots(judge, runCommand);
  addTemplates(judge, runCommand);
}

const endpointArgument = { name: "<endpoint>", description: "the endpoint" };

function addTest(judge: Command, runCommand: RunCommand): void {
  addCommand(judge, runCommand, {
    name: "test",
    summary: "ask an endpoint one comparison of two fixed texts",
    description: "Asks one comparison of two fixed texts, which costs about as much as any. Nothing of the experiment is sent.",
    args: [endpointArgument],
    options: [
      new Option("--model <model>", "the model to ask").makeOptionMandatory(),
      new Option("--template <name>", "the template to ask with (default: pairwise)"),
    ],
    schema: z.object({ model: z.string(), template: z.string().default("pairwise") }),
    examples: ["nashlab judge test openai --model gpt-4.1-2025-04-14", "nashlab judge test here --model qwen3-8b --template pairwise-letter"],
    run: async (context, { model, template }, args): Promise<Outcome> =>
      await context.labs.use(context.folder, async ({ client }) => {
        const test = await client.settings.testEndpoint({ name: onlyArgument(args), model, template });
        const cost = test.costUsd === null ? "" : `, ${usd(test.costUsd)}`;
        const facts = `${test.snapshot ?? "no snapshot"}, ${duration(test.durationMs)}${cost}, ${test.hasProbabilities ? "with" : "without"} probabilities`;
        return { exitCode: test.ok ? EXIT.ok : EXIT.failed, result: { test }, text: `${test.ok ? "Well" : "Not well"}: ${test.found} (${facts}).` };
      }),
  });
}

function addForecast(judge: Command, runCommand: RunCommand): void {
  addCommand(judge, runCommand, {
    name: "forecast",
    summary: "say what judges have yet to do in this round, and what it takes",
    schema: z.object({}),
    examples: ["nashlab judge forecast"],
    run: async (context) =>
      await context.labs.use(context.folder, async ({ client }) => {
        const forecast = await client.rounds.judgeForecast();
        return done({ forecast }, forecast === null ? "No AI judge is asked in this experiment." : forecastText(forecast));
      }),
  });
}

function forecastText(forecast: JudgeForecast): string {
  const money = (value: number | null): string => (value === null ? "no price" : usd(value));
  const lines = [
    `Round ${forecast.round}:`,
    table(
      [
        { title: "stage" },
        { title: "asks", align: "right" },
        { title: "requests", align: "right" },
        { title: "tokens in", align: "right" },
        { title: "tokens out", align: "right" },
        { title: "about", align: "right" },
        { title: "at most", align: "right" },
        { title: "time", align: "right" },
        { title: "" },
      ],
      forecast.stages.map((stage) => [
        stage.stage,
        count(stage.asks),
        count(stage.requests),
        count(stage.promptTokens),
        count(stage.replyTokens),
        money(stage.costUsd),
        money(stage.maxCostUsd),
        duration(stage.durationMs),
        stage.isMeasured ? "by replies so far" : "a guess",
      ]),
    ),
    `Spent in this round: ${usd(forecast.spentUsd)}${forecast.capUsd === null ? "" : ` of ${usd(forecast.capUsd)}`}.`,
  ];
  for (const { host, prompts, isAllowed } of forecast.hosts) {
    const many = plural(prompts, "prompt");
    lines.push(
      isAllowed ? `${many} may go to ${host}.` : `${many} would go to ${host}, which has not been allowed yet: nashlab judge allow ${host}.`,
    );
  }
  for (const problem of forecast.problems) lines.push(`In the way: ${problem}.`);
  return lines.join("\n");
}

function addSnapshots(judge: Command, runCommand: RunCommand): void {
  const shared = {
    args: [endpointArgument, { name: "<snapshot>", description: "as the model calls itself" }],
    options: [new Option("--model <model>", "the model as it is asked for").makeOptionMandatory()],
    schema: z.object({ model: z.string() }),
  };
  addCommand(judge, runCommand, {
    ...shared,
    name: "accept",
    summary: "let another snapshot of a model judge",
    description:
      "A run stops when an endpoint begins to answer as another snapshot of a model, as verdicts of two snapshots are not alike. This accepts the other one; nashlab round resume goes on.",
    examples: ["nashlab judge accept openai gpt-4.1-2025-09-01 --model gpt-4.1"],
    run: async (context, { model }, [endpoint = "", snapshot = ""]) =>
      await context.labs.use(context.folder, async ({ client }) => {
        const snapshots = await client.settings.acceptSnapshot({ endpoint, model, snapshot });
        return done({ snapshots }, `${snapshot} may judge as ${model} from now on.`);
      }),
  });
  addCommand(judge, runCommand, {
    ...shared,
    name: "withdraw",
    summary: "let a snapshot that was accepted judge no longer",
    description: "Takes back that a snapshot was accepted: the next reply from it stops the run again. Judgments that it gave stay.",
    examples: ["nashlab judge withdraw openai gpt-4.1-2025-09-01 --model gpt-4.1"],
    run: async (context, { model }, [endpoint = "", snapshot = ""]) =>
      await context.labs.use(context.folder, async ({ client }) => {
        const snapshots = await client.settings.withdrawSnapshot({ endpoint, model, snapshot });
        return done({ snapshots }, `${snapshot} judges as ${model} no longer.`);
      }),
  });
}

function addTemplates(judge: Command, runCommand: RunCommand): void {
  addCommand(judge, runCommand, {
    name: "templates",
    summary: "list the judge templates",
    description: "Lists the judge templates. Files in the experiment's folder judge-templates go before those of the lab.",
    schema: z.object({}),
    examples: ["nashlab judge templates"],
    run: async (context) =>
      await context.labs.use(context.folder, async ({ client }) => {
        const templates = await client.settings.templates();
        const rows = templates.map(({ name, mode, reply, version, isOwn }) => [
          name,
          mode,
          reply,
          version.slice(0, 12),
          isOwn ? "of this experiment" : "",
        ]);
        return done({ templates }, table([{ title: "template" }, { title: "mode" }, { title: "reply" }, { title: "version" }, { title: "" }], rows));
      }),
  });
}
