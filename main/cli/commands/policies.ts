/** Commands: policies in, listed, out. */
import { type Command, Option } from "commander";
import * as z from "zod";
import type { LabClient } from "#app/contract/contract.ts";
import { exportLayoutSchema, precisionSchema } from "#app/contract/policies.ts";
import type { PolicyView } from "#app/contract/views.ts";
import { absolute, addCommand, addGroup, type CommandContext, done, onlyArgument, type Outcome, type RunCommand } from "../command.ts";
import { followRound } from "../follow.ts";
import { plural, table } from "../format.ts";

export function addPolicyCommands(program: Command, runCommand: RunCommand): void {
  const policy = addGroup(program, "policy", "add, list, merge and export policies");
  addCommand(policy, runCommand, {
    name: "add",
    summary: "open a checkpoint as a policy",
    description: "Opens a Hugging Face folder or a GGUF file as a policy. What is not stored as F32 is converted once, which takes time and disk.",
    args: [{ name: "<path>", description: "the folder or file of the checkpoint" }],
    options: [new Option("--name <name>", "what to call it (default: r0)")],
    schema: z.object({ name: z.string().optional() }),
    examples: ["nashlab policy add ~/models/SmolLM2-135M-Instruct", "nashlab policy add model.gguf --name start"],
    run: async (context, { name }, args) =>
      await withProgress(context, async (client) => {
        const path = absolute(context, onlyArgument(args));
        const added = await client.policies.add({ path, ...(name === undefined ? {} : { name }) });
        return done({ policy: added }, `Added the policy ${added.name}: ${sizeText(added)}, from ${added.checkpointPath}.`);
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
  addExport(policy, runCommand);
  addMerge(policy, runCommand);
}

function addExport(policy: Command, runCommand: RunCommand): void {
  addCommand(policy, runCommand, {
    name: "export",
    summary: "write a policy for other tools",
    description:
      "Writes a policy where nothing is yet: its adapter as a PEFT folder (peft), or its weights, adapter merged, with tokenizer and chat template as a Hugging Face folder (hf) or a GGUF file (gguf).",
    args: [{ name: "<policy>", description: "the policy's name" }],
    options: [
      new Option("--as <layout>", "what to write").choices(exportLayoutSchema.options).makeOptionMandatory(),
      new Option("--out <path>", "where to write").makeOptionMandatory(),
      new Option("--precision <precision>", "how weights are stored (default: f32 for hf, f16 for gguf)").choices(precisionSchema.options),
    ],
    schema: z.object({ as: exportLayoutSchema, out: z.string().min(1), precision: precisionSchema.optional() }),
    examples: [
      "nashlab policy export r2 --as hf --out ~/models/r2 --precision bf16",
      "nashlab policy export r2 --as gguf --out r2.gguf --precision q8_0",
      "nashlab policy export r2 --as peft --out r2-adapter",
    ],
    run: async (context, { as, out, precision }, args) =>
      await withProgress(context, async (client) => {
        const written = await client.policies.export({
          policy: onlyArgument(args),
          path: absolute(context, out),
          as,
          ...(precision === undefined ? {} : { precision }),
        });
        const text =
          written.files.length === 0
            ? `Nothing was written: the policy ${onlyArgument(args)} has no adapter, and its checkpoint is ${written.path}.`
            : `Wrote ${plural(written.files.length, "file")} to ${written.path}.`;
        return done({ written }, text);
      }),
  });
}

function addMerge(policy: Command, runCommand: RunCommand): void {
  addCommand(policy, runCommand, {
    name: "merge",
    summary: "make one checkpoint of a policy's checkpoint and adapter",
    description: "Adds a policy whose checkpoint holds the merged weights, in float32, kept in the experiment's folder.",
    args: [{ name: "<policy>", description: "the policy's name" }],
    options: [new Option("--name <name>", "what to call the new policy (default: the name with -merged)")],
    schema: z.object({ name: z.string().optional() }),
    examples: ["nashlab policy merge r2 --name r2-whole"],
    run: async (context, { name }, args) =>
      await withProgress(context, async (client) => {
        const merged = await client.policies.merge({ policy: onlyArgument(args), ...(name === undefined ? {} : { name }) });
        return done({ policy: merged }, `Added the policy ${merged.name}: ${sizeText(merged)}, in ${merged.checkpointPath}.`);
      }),
  });
}

/** Work in the experiment's lab, with its progress shown. */
async function withProgress(context: CommandContext, work: (client: LabClient) => Promise<Outcome>): Promise<Outcome> {
  return await context.labs.use(context.folder, async ({ client }) => {
    const follower = await followRound(client, context.terminal);
    try {
      return await work(client);
    } finally {
      await follower.stop();
    }
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
