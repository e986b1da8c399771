/** Commands: endpoints of AI judges, their keys, what they may cost, and what may leave the machine. */
import { type Command, Option } from "commander";
import * as z from "zod";
import type { BudgetView, EndpointView } from "#app/contract/endpoints.ts";
import { ConfigError } from "#app/base/errors.ts";
import { type Caps, type Endpoint, endpointSchema, LONGEST_TIMEOUT_MS } from "#app/domain/endpoint.ts";
import { addCommand, done, onlyArgument, repeatable, type RunCommand, wholeNumber } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { count, plural, table, usd } from "../format.ts";
import { describeIssues } from "../issues.ts";
import { addJudgeChecks } from "./judge-checks.ts";

export function addJudgeCommands(program: Command, runCommand: RunCommand): void {
  const judge = program
    .command("judge")
    .summary("endpoints of AI judges, keys, caps, what may leave the machine")
    .description("Looks after AI judges: where they are asked, with which key, what they may cost, and to which hosts prompts may go.");
  addAdd(judge, runCommand);
  addList(judge, runCommand);
  addRemove(judge, runCommand);
  addKey(judge, runCommand);
  addJudgeChecks(judge, runCommand);
  addCap(judge, runCommand);
  addSpent(judge, runCommand);
  addHosts(judge, runCommand);
  addOffline(judge, runCommand);
}

function addAdd(judge: Command, runCommand: RunCommand): void {
  addCommand(judge, runCommand, {
    name: "add",
    summary: "add an endpoint, or replace the one of its name",
    description:
      "Adds an OpenAI-compatible endpoint: the provider's, or a server of your own. Prices are US dollars a million tokens, input/output, from the provider's price list; without one the money cannot be counted, and caps then refuse to run (on this machine nothing costs nothing).",
    args: [{ name: "<name>", description: "what to call it" }],
    options: [
      new Option("--url <url>", "its address, such as https://api.openai.com/v1").makeOptionMandatory(),
      repeatable("--price <model=input/output>", "what a model costs, such as gpt-4.1-2025-04-14=2/8; may be given several times"),
      new Option("--requests-per-minute <n>", "ask at most so often").argParser(wholeNumber(1)),
      new Option("--tokens-per-minute <n>", "send and receive at most so many tokens").argParser(wholeNumber(1)),
      new Option("--parallel <n>", "requests under way at the same time (default: 8)").argParser(wholeNumber(1, 256)),
      new Option("--timeout <seconds>", "give a request up after so long (default: 120; at most 300, by when a reply must have begun)").argParser(
        wholeNumber(1, LONGEST_TIMEOUT_MS / 1000),
      ),
      new Option("--structured-output <kind>", "how replies are given a form (default: auto)").choices(
        endpointSchema.shape.structuredOutput.unwrap().options,
      ),
      new Option("--idempotent", "the endpoint answers a repeated Idempotency-Key with its first reply"),
    ],
    schema: z.object({
      url: z.string(),
      price: z.array(z.string()).default([]),
      requestsPerMinute: z.number().optional(),
      tokensPerMinute: z.number().optional(),
      parallel: z.number().optional(),
      timeout: z.number().optional(),
      structuredOutput: z.string().optional(),
      idempotent: z.boolean().default(false),
    }),
    examples: [
      "nashlab judge add openai --url https://api.openai.com/v1 --price gpt-4.1-2025-04-14=2/8 --requests-per-minute 60",
      "nashlab judge add here --url http://127.0.0.1:8000/v1 --parallel 2",
    ],
    run: async (context, options, args) => {
      const endpoint = toEndpoint(onlyArgument(args), options);
      return await context.labs.use(context.folder, async ({ client }) => {
        const saved = await client.settings.saveEndpoint(endpoint);
        const next =
          saved.isLocal || saved.keyPlace !== null ? "" : `\nNext: nashlab judge key ${saved.name}, or set ${saved.keyVariable} in the environment.`;
        return done({ endpoint: saved }, `Added the endpoint ${saved.name}: ${saved.baseUrl}.${next}`);
      });
    },
  });
}

type AddOptions = {
  readonly url: string;
  readonly price: readonly string[];
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
  readonly parallel?: number | undefined;
  readonly timeout?: number | undefined;
  readonly structuredOutput?: string | undefined;
  readonly idempotent: boolean;
};

function toEndpoint(name: string, options: AddOptions): Endpoint {
  const { requestsPerMinute, tokensPerMinute, parallel, timeout, structuredOutput, idempotent } = options;
  const raw = {
    name,
    baseUrl: options.url,
    prices: options.price.map(toPrice),
    honoursIdempotency: idempotent,
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
    ...(tokensPerMinute === undefined ? {} : { tokensPerMinute }),
    ...(parallel === undefined ? {} : { parallel }),
    ...(timeout === undefined ? {} : { timeoutMs: 1000 * timeout }),
    ...(structuredOutput === undefined ? {} : { structuredOutput }),
  };
  const parsed = endpointSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  // What a pattern or a rule found is a sentence of its own.
  if (issue?.code === "custom" || issue?.code === "invalid_format")
    throw new ConfigError(
      `judge add: ${issue.path.join(".")}: ${issue.message}, got ${JSON.stringify(issue.path[0] === "name" ? name : options.url)}.`,
    );
  throw new ConfigError(
    `judge add: ${describeIssues(
      parsed.error.issues.map((one) => ({ ...one })),
      raw,
      "the endpoint",
    )}`,
  );
}

function toPrice(text: string): Endpoint["prices"][number] {
  const [, model, input, output] = /^(.+)=([\d.]+)\/([\d.]+)$/u.exec(text) ?? [];
  const [inputUsdPerMillion, outputUsdPerMillion] = [Number(input), Number(output)];
  if (model === undefined || !Number.isFinite(inputUsdPerMillion) || !Number.isFinite(outputUsdPerMillion)) {
    throw new ConfigError(`--price: expected model=input/output in US dollars a million tokens, such as gpt-4.1-2025-04-14=2/8, got "${text}".`);
  }
  return { model, inputUsdPerMillion, outputUsdPerMillion };
}

function addList(judge: Command, runCommand: RunCommand): void {
  addCommand(judge, runCommand, {
    name: "list",
    summary: "list the endpoints",
    schema: z.object({}),
    examples: ["nashlab judge list"],
    run: async (context) =>
      await context.labs.use(context.folder, async ({ client }) => {
        const endpoints = await client.settings.endpoints();
        return done(
          { endpoints },
          endpoints.length === 0 ? "There is no endpoint yet. nashlab judge add NAME --url URL adds one." : endpointTable(endpoints),
        );
      }),
  });
}

function endpointTable(endpoints: readonly EndpointView[]): string {
  return table(
    [{ title: "endpoint" }, { title: "address" }, { title: "key" }, { title: "at most" }, { title: "prices, $ a million tokens" }],
    endpoints.map((endpoint) => [
      endpoint.name,
      endpoint.baseUrl,
      keyText(endpoint),
      [
        ...(endpoint.requestsPerMinute === null ? [] : [`${count(endpoint.requestsPerMinute)} requests/min`]),
        ...(endpoint.tokensPerMinute === null ? [] : [`${count(endpoint.tokensPerMinute)} tokens/min`]),
        `${endpoint.parallel} at a time`,
      ].join(", "),
      endpoint.prices.map((price) => `${price.model} ${price.inputUsdPerMillion}/${price.outputUsdPerMillion}`).join(", "),
    ]),
  );
}

function keyText(endpoint: EndpointView): string {
  switch (endpoint.keyPlace) {
    case null:
      return endpoint.isLocal ? "none" : `none; nashlab judge key ${endpoint.name}`;
    case "environment":
      return `from ${endpoint.keyVariable}`;
    case "keychain":
      return "in the keychain";
    case "memory":
      return "until the lab ends";
    default:
      return endpoint.keyPlace satisfies never;
  }
}

function addRemove(judge: Command, runCommand: RunCommand): void {
  addCommand(judge, runCommand, {
    name: "remove",
    summary: "forget an endpoint; its key stays in the keychain, where other experiments may use it",
    args: [{ name: "<name>", description: "the endpoint" }],
    schema: z.object({}),
    examples: ["nashlab judge remove openai"],
    run: async (context, _options, args) =>
      await context.labs.use(context.folder, async ({ client }) => {
        const name = onlyArgument(args);
        const { wasThere } = await client.settings.removeEndpoint({ name });
        return done({ wasThere }, wasThere ? `Removed the endpoint ${name}.` : `There was no endpoint ${name}.`);
      }),
  });
}

function addKey(judge: Command, runCommand: RunCommand): void {
  addCommand(judge, runCommand, {
    name: "key",
    summary: "keep an endpoint's key, without showing it",
    description:
      "Asks for the key without showing it (or reads the first line of standard input) and keeps it in the system's keychain. It belongs to the endpoint's host. It is never shown again, and never written to the experiment, to logs or to exports.",
    args: [{ name: "<endpoint>", description: "the endpoint" }],
    options: [new Option("--remove", "remove the key instead")],
    schema: z.object({ remove: z.boolean().default(false) }),
    examples: ["nashlab judge key openai", "pass show openai | nashlab judge key openai", "nashlab judge key openai --remove"],
    run: async (context, { remove }, args) =>
      await context.labs.use(context.folder, async ({ client, isOwner }) => {
        const name = onlyArgument(args);
        if (remove) {
          const endpoint = await client.settings.removeKey({ name });
          return done({ endpoint }, `Removed the key for ${endpoint.host}.`);
        }
        const known = (await client.settings.endpoints()).find((endpoint) => endpoint.name === name);
        const key = await context.readSecret(`Key for ${known?.host ?? name}`);
        if (key === "") throw new ConfigError("judge key: expected a key, got nothing.");
        const endpoint = await client.settings.setKey({ name, key });
        // This process ends now, and with it what it remembers.
        const isLost = endpoint.keyPlace === "memory" && isOwner;
        return {
          exitCode: isLost ? EXIT.failed : EXIT.ok,
          result: { endpoint },
          text: isLost
            ? `No keychain answers here, so the key cannot be kept. Set ${endpoint.keyVariable} in the environment instead.`
            : `The key for ${endpoint.host} is ${keyText(endpoint)}.`,
        };
      }),
  });
}

function addCap(judge: Command, runCommand: RunCommand): void {
  const dollars = (text: string): number | "none" => {
    const value = Number(text);
    if (text === "none") return text;
    if (text.trim() === "" || !(value >= 0)) throw new ConfigError(`judge cap: expected US dollars or "none", got "${text}".`);
    return value;
  };
  addCommand(judge, runCommand, {
    name: "cap",
    summary: "show or set the most that judges may cost",
    description:
      "Sets the most that judges may cost, in US dollars. A run pauses before the request that would go over; requests under way count at their most.",
    options: [
      new Option("--round <usd>", 'each round; "none" for no cap').argParser(dollars),
      new Option("--total <usd>", 'this experiment in all; "none" for no cap').argParser(dollars),
    ],
    schema: z.object({ round: z.union([z.number(), z.literal("none")]).optional(), total: z.union([z.number(), z.literal("none")]).optional() }),
    examples: ["nashlab judge cap", "nashlab judge cap --round 10 --total 60", "nashlab judge cap --round none"],
    run: async (context, { round, total }) =>
      await context.labs.use(context.folder, async ({ client }) => {
        const before = await client.settings.budget();
        const caps = { roundUsd: capOf(round, before.caps.roundUsd), totalUsd: capOf(total, before.caps.totalUsd) };
        const budget = round === undefined && total === undefined ? before : await client.settings.setCaps(caps);
        return done({ budget }, capText(budget.caps));
      }),
  });
}

function capOf(wanted: number | "none" | undefined, present: number | null): number | null {
  return wanted === undefined ? present : wanted === "none" ? null : wanted;
}

function capText(caps: Caps): string {
  const text = (cap: number | null): string => (cap === null ? "no cap" : usd(cap));
  return `Each round: ${text(caps.roundUsd)}. In all: ${text(caps.totalUsd)}.`;
}

function addSpent(judge: Command, runCommand: RunCommand): void {
  addCommand(judge, runCommand, {
    name: "spent",
    summary: "say what judges have cost",
    schema: z.object({}),
    examples: ["nashlab judge spent"],
    run: async (context) =>
      await context.labs.use(context.folder, async ({ client }) => {
        const budget = await client.settings.budget();
        return done({ budget }, spentText(budget));
      }),
  });
}

function spentText(budget: BudgetView): string {
  const row = (name: string, { paidUsd, openUsd, unsureUsd, calls, cached, possiblyPaidTwice }: BudgetView["total"]): string[] => [
    name,
    count(calls),
    count(cached),
    usd(paidUsd),
    usd(openUsd),
    possiblyPaidTwice === 0 ? "" : `${usd(unsureUsd)} (${plural(possiblyPaidTwice, "request")})`,
  ];
  const columns = ["requests", "from the cache", "paid", "open, at most", "possibly paid twice"];
  const lines = [
    table(
      [{ title: "" }, ...columns.map((title) => ({ title, align: "right" as const }))],
      [...budget.rounds.map(({ round, spending }) => row(`round ${round}`, spending)), row("in all", budget.total)],
    ),
    capText(budget.caps),
  ];
  if (budget.total.unpriced > 0) lines.push(`${plural(budget.total.unpriced, "request")} to models without a price are in no sum.`);
  if (budget.total.oddUsage > 0)
    lines.push(
      `${plural(budget.total.oddUsage, "reply", "replies")} had token figures that cannot be, or are more than was asked for: they count at the most, or as reported where that is more.`,
    );
  return lines.join("\n");
}

function addHosts(judge: Command, runCommand: RunCommand): void {
  for (const [name, summary] of [
    ["allow", "let prompts of this experiment go to a host; confirmed once"],
    ["forbid", "let no more prompts go to a host"],
  ] as const) {
    addCommand(judge, runCommand, {
      name,
      summary,
      args: [{ name: "<host>", description: "the host, such as api.openai.com" }],
      schema: z.object({}),
      examples: [`nashlab judge ${name} api.openai.com`],
      run: async (context, _options, args) =>
        await context.labs.use(context.folder, async ({ client }) => {
          const host = onlyArgument(args);
          const network = await (name === "allow" ? client.settings.allowHost({ host }) : client.settings.forbidHost({ host }));
          const hosts = network.allowedHosts.map((allowed) => allowed.host);
          return done({ network }, hosts.length === 0 ? "Prompts go to no other host." : `Prompts of this experiment may go to ${hosts.join(", ")}.`);
        }),
    });
  }
}

function addOffline(judge: Command, runCommand: RunCommand): void {
  addCommand(judge, runCommand, {
    name: "offline",
    summary: "show or set the switch that blocks every outgoing connection",
    args: [{ name: "[state]", description: "on or off" }],
    schema: z.object({}),
    examples: ["nashlab judge offline on"],
    run: async (context, _options, [state]) => {
      if (state !== undefined && state !== "on" && state !== "off") throw new ConfigError(`judge offline: expected on or off, got "${state}".`);
      return await context.labs.use(context.folder, async ({ client }) => {
        const network = state === undefined ? await client.settings.network() : await client.settings.setOffline({ isOffline: state === "on" });
        const reason = network.isForced ? " because NASHLAB_OFFLINE is set" : "";
        return done({ network }, network.isOffline ? `The lab is offline${reason}: only this machine can be reached.` : "The lab is online.");
      });
    },
  });
}
