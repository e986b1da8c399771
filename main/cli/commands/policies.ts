/** Commands: policies in, listed, out. */
import { type Command, Option } from "commander";
import * as z from "zod";
import { ConfigError } from "#app/base/errors.ts";
import type { LabClient } from "#app/contract/contract.ts";
import { exportLayoutSchema, precisionSchema } from "#app/contract/policies.ts";
import type { PolicyView } from "#app/contract/views.ts";
import { isHubSource } from "#app/domain/hub-source.ts";
import { absolute, addCommand, addGroup, type CommandContext, done, onlyArgument, type Outcome, type RunCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { followRound } from "../follow.ts";
import { count, plural, table } from "../format.ts";

export function addPolicyCommands(program: Command, runCommand: RunCommand): void {
  const policy = addGroup(program, "policy", "add, list, merge and export policies");
  addCommand(policy, runCommand, {
    name: "add",
    summary: "open a checkpoint as a policy",
    description:
      "Opens a Hugging Face folder, a GGUF file or an adapter's folder as a policy, or a model on the Hugging Face hub (hf:owner/name, hf:owner/name@revision, hf:owner/name/file.gguf), which is kept in the cache that Python shares. What is not stored as F32 is converted once, which takes time and disk.",
    args: [{ name: "<path>", description: "the folder or file, or hf:owner/name" }],
    options: [
      new Option("--name <name>", "what to call it (default: r0)"),
      new Option("--yes", "fetch from the hub without asking; the size is said first"),
    ],
    schema: z.object({ name: z.string().optional(), yes: z.boolean().default(false) }),
    examples: [
      "nashlab policy add ~/models/SmolLM2-135M-Instruct",
      "nashlab policy add model.gguf --name start",
      "nashlab policy add hf:HuggingFaceTB/SmolLM2-135M-Instruct --yes",
    ],
    run: async (context, { name, yes }, args) =>
      await withProgress(context, async (client) => {
        const named = onlyArgument(args);
        const path = isHubSource(named) ? named : absolute(context, named);
        const confirmedBytes = isHubSource(named) ? await confirmedSize(context, client, named, yes) : 0;
        const added = await client.policies.add({ path, confirmedBytes, ...(name === undefined ? {} : { name }) });
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
  addToken(policy, runCommand);
  addExport(policy, runCommand);
  addMerge(policy, runCommand);
}

/** Says what would be fetched. Throws ConfigError unless that is confirmed or nothing is to be fetched. */
async function confirmedSize(context: CommandContext, client: LabClient, path: string, isConfirmed: boolean): Promise<number> {
  const source = await client.policies.look({ path });
  if (source.kind === "local" || source.missingBytes === 0) return 0;
  const megabytes = (source.missingBytes / 1e6).toFixed(source.missingBytes < 1e7 ? 1 : 0);
  const sentence = `${source.repo} at ${source.commit.slice(0, 12)}: ${megabytes} MB to fetch from ${source.host}, ${source.license === null ? "no licence named" : `licence ${source.license}`}`;
  if (!isConfirmed) throw new ConfigError(`${sentence}; add --yes to go on.`, { bytes: source.missingBytes });
  context.terminal.note(`${sentence}.`);
  return source.missingBytes;
}

function addToken(policy: Command, runCommand: RunCommand): void {
  addCommand(policy, runCommand, {
    name: "token",
    summary: "keep a token for private models on the hub, without showing it",
    description:
      "Asks for the token without showing it (or reads the first line of standard input) and keeps it in the system's keychain. It goes to the hub alone, and is never written to the experiment, to logs or to exports. HF_TOKEN and the login of Python's hf command count where nothing else is kept.",
    options: [new Option("--remove", "remove the token instead")],
    schema: z.object({ remove: z.boolean().default(false) }),
    examples: ["nashlab policy token", "pass show hf | nashlab policy token", "nashlab policy token --remove"],
    run: async (context, { remove }) =>
      await context.labs.use(context.folder, async ({ client, isOwner }) => {
        const { host } = await client.policies.hub();
        const token = remove ? null : await context.readSecret(`Token for ${host}`);
        if (token === "") throw new ConfigError("policy token: expected a token, got nothing.");
        const hub = await client.policies.setHubToken({ token });
        if (remove) return done({ hub }, `Removed the token for ${host}.`);
        // This process ends now, and with it what it remembers.
        const isLost = hub.tokenPlace === "memory" && isOwner;
        return {
          exitCode: isLost ? EXIT.failed : EXIT.ok,
          result: { hub },
          text: isLost
            ? `No keychain answers here, so the token cannot be kept. Set HF_TOKEN or ${hub.tokenVariable} in the environment instead.`
            : `The token for ${host} is kept (${hub.tokenPlace ?? "nowhere"}).`,
        };
      }),
  });
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
  const size = millions >= 1 ? `${millions.toFixed(1)} million` : count(policy.parameterCount);
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
