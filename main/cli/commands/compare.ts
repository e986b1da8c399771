/** The command that lets every policy meet every other: what it takes is said first. */
import { type Command, Option } from "commander";
import * as z from "zod";
import type { LabClient } from "#app/contract/contract.ts";
import { addCommand, type CommandContext, done, type Outcome, repeatable, type RunCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { followRound } from "../follow.ts";
import { requireExperiment } from "../require.ts";
import { planText, resultsText } from "../results-text.ts";

export function addCompareCommand(program: Command, runCommand: RunCommand): void {
  addCommand(program, runCommand, {
    name: "compare",
    summary: "compare every policy with every other and the teacher",
    description:
      "Says what a comparison of the policies that have not met would take; with --yes it is started, or gone on with where it was paused. Ctrl-C pauses it.",
    options: [
      repeatable("--policy <name>", "only among these policies; may be given several times"),
      new Option("--no-teacher", "leave the teacher's responses out"),
      new Option("-y, --yes", "start it"),
      new Option("--give-up", "drop a comparison that was paused").conflicts("yes"),
    ],
    schema: z.object({
      policy: z.array(z.string()).optional(),
      teacher: z.boolean().default(true),
      yes: z.boolean().default(false),
      giveUp: z.boolean().default(false),
    }),
    examples: ["nashlab compare", "nashlab compare --yes", "nashlab compare --policy r1 --policy r3 --no-teacher --yes"],
    run: async (context, { policy, teacher, yes, giveUp }) =>
      await context.labs.use(context.folder, async ({ client }) => {
        await requireExperiment(client, context.folder);
        if (giveUp) {
          const { wasOpen } = await client.results.giveUpComparison();
          return done({ wasOpen }, wasOpen ? "The comparison was given up. What it found counts no more." : "No comparison is open.");
        }
        const request = { withTeacher: teacher, ...(policy === undefined ? {} : { policies: policy }) };
        const open = await client.results.comparison();
        const plan = await client.results.comparisonPlan(request);
        const text = open === null ? planText(plan) : `A comparison is open: ${open.unitsDone} of ${open.unitsTotal ?? 0} ${open.unit}.`;
        if (!yes || (open === null && plan.pairs.length === 0)) {
          return done({ plan, open }, yes ? text : `${text}${open === null && plan.pairs.length === 0 ? "" : "\nnashlab compare --yes starts it."}`);
        }
        context.terminal.note(text);
        return await runToEnd(context, client, request);
      }),
  });
}

async function runToEnd(context: CommandContext, client: LabClient, request: Parameters<LabClient["results"]["compare"]>[0]): Promise<Outcome> {
  const follower = await followRound(client, context.terminal);
  let isInterrupted = false;
  let pausing: Promise<unknown> = Promise.resolve();
  const stopListening = context.onInterrupt(() => {
    isInterrupted = true;
    context.terminal.warn("Pausing after this unit of work. Ctrl-C again stops at once.");
    // The outcome is read from `settle`, whatever becomes of the request.
    pausing = client.rounds.pause().catch(() => undefined);
  });
  try {
    await client.results.compare(request);
    const settled = await client.rounds.settle();
    await pausing;
    return await outcomeOf(client, settled, isInterrupted);
  } finally {
    stopListening();
    await follower.stop();
  }
}

type Settled = Awaited<ReturnType<LabClient["rounds"]["settle"]>>;

async function outcomeOf(client: LabClient, settled: Settled, isInterrupted: boolean): Promise<Outcome> {
  const overview = await client.results.overview({});
  const result = { state: settled.state, error: settled.error, overview };
  switch (settled.state) {
    case "idle":
    case "done":
      return { exitCode: EXIT.ok, result, text: overview === null ? "Nothing was measured." : resultsText(overview) };
    case "waitsForPeople":
      return { exitCode: EXIT.waitsForPeople, result, text: "The comparison waits for people; nashlab open shows them what to judge." };
    case "paused":
      return { exitCode: isInterrupted ? EXIT.interrupted : EXIT.ok, result, text: "The comparison is paused. nashlab compare --yes goes on." };
    case "failed":
      return {
        exitCode: EXIT.failed,
        result,
        text: `The comparison failed: ${settled.error ?? "no reason was given"} nashlab compare --yes tries again.`,
      };
    default:
      return settled.state satisfies never;
  }
}
