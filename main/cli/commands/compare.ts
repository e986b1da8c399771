/** The command that lets every policy meet every other: what it takes is said first. */
import { type Command, Option } from "commander";
import * as z from "zod";
import type { LabClient } from "#app/contract/contract.ts";
import type { ResultOverview } from "#app/contract/result-views.ts";
import { addCommand, done, type Outcome, repeatable, type RunCommand } from "../command.ts";
import { requireExperiment } from "../require.ts";
import { planText, resultsText } from "../results-text.ts";
import { type RunEnd, runToEnd, type Settled } from "../run-to-end.ts";

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
        return await outcomeOf(client, await runToEnd(context, client, async () => await client.results.compare(request)));
      }),
  });
}

async function outcomeOf(client: LabClient, { settled, exitCode }: RunEnd<unknown>): Promise<Outcome> {
  const overview = await client.results.overview({});
  return { exitCode, result: { state: settled.state, error: settled.error, overview }, text: textOf(settled, overview) };
}

function textOf(settled: Settled, overview: ResultOverview | null): string {
  switch (settled.state) {
    case "idle":
    case "done":
      return overview === null ? "Nothing was measured." : resultsText(overview);
    case "waitsForPeople":
      return "The comparison waits for people; nashlab open shows them what to judge.";
    case "paused":
      return "The comparison is paused. nashlab compare --yes goes on.";
    case "failed":
      return `The comparison failed: ${settled.error ?? "no reason was given"} nashlab compare --yes tries again.`;
    default:
      return settled.state satisfies never;
  }
}
