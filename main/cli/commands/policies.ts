/** Commands: policies in, listed, out. */
import { type Command, Option } from "commander";
import * as z from "zod";
import type { PolicyView } from "#app/contract/views.ts";
import { absolute, addCommand, done, onlyArgument, type RunCommand } from "../command.ts";
import { followRound } from "../follow.ts";
import { table } from "../format.ts";

export function addPolicyCommands(program: Command, runCommand: RunCommand): void {
  const policy = program.command("policy").summary("add and list policies").description("Adds and lists policies.");
  addCommand(policy, runCommand, {
    name: "add",
    summary: "open a checkpoint as a policy",
    description: "Opens a Hugging Face folder or a GGUF file as a policy. What is not stored as F32 is converted once, which takes time and disk.",
    args: [{ name: "<path>", description: "the folder or file of the checkpoint" }],
    options: [new Option("--name <name>", "what to call it (default: r0)")],
    schema: z.object({ name: z.string().optional() }),
    examples: ["nashlab policy add ~/models/SmolLM2-135M-Instruct", "nashlab policy add model.gguf --name start"],
    run: async (context, { name }, args) =>
      await context.labs.use(context.folder, async ({ client }) => {
        const follower = await followRound(client, context.terminal);
        try {
          const path = absolute(context, onlyArgument(args));
          const added = await client.policies.add({ path, ...(name === undefined ? {} : { name }) });
          return done({ policy: added }, `Added the policy ${added.name}: ${sizeText(added)}, from ${added.checkpointPath}.`);
        } finally {
          await follower.stop();
        }
      }),
  });
  addCommand(policy, runCommand, {
    name: "list",
    summary: "list the policies",
    schema: z.object({}),
    examples: ["nashlab policy list"],
    run: async (context) =>
      await context.labs.use(context.folder, async ({ client }) => {
        const policies = await client.policies.list();
        return done({ policies }, policies.length === 0 ? "There is no policy yet. nashlab policy add PATH adds one." : policyTable(policies));
      }),
  });
}

function sizeText(policy: PolicyView): string {
  const millions = policy.parameterCount / 1e6;
  const size = millions >= 1 ? `${millions.toFixed(1)} million` : policy.parameterCount.toLocaleString("en-US");
  return `${policy.family}, ${size} parameters`;
}

function policyTable(policies: readonly PolicyView[]): string {
  return table(
    [{ title: "policy" }, { title: "parent" }, { title: "model" }, { title: "adapter" }, { title: "checkpoint" }],
    policies.map((policy) => [
      policy.name,
      policy.parent ?? "",
      sizeText(policy),
      policy.adapterHash === null ? "" : policy.adapterHash.slice(0, 12),
      policy.checkpointPath,
    ]),
  );
}
