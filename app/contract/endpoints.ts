/** Contract, part of the settings: endpoints of judges, their keys, caps on money, and what may leave the machine. */
import * as z from "zod";
import { capsSchema, endpointSchema } from "#app/domain/endpoint.ts";
import { ownerMethod, readerMethod } from "./base.ts";

/** keychain: kept by the system; environment: a variable of the lab's process; memory: gone when the lab ends. */
const placeSchema = z.enum(["keychain", "environment", "memory"]);

const endpointViewSchema = endpointSchema.extend({
  host: z.string(),
  /** True for this machine: nothing leaves it, and nothing is paid unless a price is stated. */
  isLocal: z.boolean(),
  /** Where its key is; null if there is none. The key itself is never shown. */
  keyPlace: placeSchema.nullable(),
  keySetAtMs: z.number().nullable(),
  /** The environment variable in which the lab looks for the key. */
  keyVariable: z.string(),
});
export type EndpointView = Readonly<z.infer<typeof endpointViewSchema>>;

export const spendingSchema = z.object({
  /** US dollars: of closed requests, of open intents at their maximum, of lost replies that may have been charged for besides. */
  paidUsd: z.number(),
  openUsd: z.number(),
  unsureUsd: z.number(),
  calls: z.int(),
  /** Asks that an earlier reply answered for nothing. */
  cached: z.int(),
  possiblyPaidTwice: z.int(),
  openRequests: z.int(),
  /** Replies with token figures that cannot be, or above the maximum: counted at the maximum, or as reported where that is more. */
  oddUsage: z.int(),
  /** Requests to models of which nobody has said what they cost; in no sum. */
  unpriced: z.int(),
  promptTokens: z.number(),
  replyTokens: z.number(),
});
export type SpendingView = Readonly<z.infer<typeof spendingSchema>>;

const budgetSchema = z.object({
  caps: capsSchema,
  total: spendingSchema,
  rounds: z.array(z.object({ round: z.int(), spending: spendingSchema })),
});
export type BudgetView = Readonly<z.infer<typeof budgetSchema>>;

const networkSchema = z.object({
  isOffline: z.boolean(),
  /** True where NASHLAB_OFFLINE says so, whatever the setting. */
  isForced: z.boolean(),
  /** Hosts to which prompts of this experiment may go, with how many there were when that was confirmed. */
  allowedHosts: z.array(z.object({ host: z.string(), prompts: z.int(), allowedAtMs: z.number() })),
});

/** What a model calls itself in its replies. The first is pinned; a run stops at another until that is accepted. */
const snapshotSchema = z.object({
  endpoint: z.string(),
  model: z.string(),
  snapshot: z.string(),
  firstSeenAtMs: z.number(),
  isAccepted: z.boolean(),
});

const templateViewSchema = z.object({
  name: z.string(),
  mode: z.enum(["pairwise", "listwise"]),
  /** letter: A or B alone, with its probability where the endpoint gives one; what a policy as judge needs. */
  reply: z.enum(["json", "letter"]),
  version: z.string(),
  /** True for a file of the experiment's own folder judge-templates. */
  isOwn: z.boolean(),
});

const testSchema = z.object({
  ok: z.boolean(),
  /** What came of it in one sentence: the verdict, or what went wrong. */
  found: z.string(),
  snapshot: z.string().nullable(),
  durationMs: z.number(),
  costUsd: z.number().nullable(),
  /** Whether the endpoint gave log-probabilities, so that a template with a letter yields preference probabilities. */
  hasProbabilities: z.boolean(),
});
export type EndpointTest = Readonly<z.infer<typeof testSchema>>;

const endpointName = z.object({ name: z.string().min(1) });
const host = z.object({ host: z.string().trim().min(1) });

export const endpointMethods = {
  endpoints: ownerMethod.output(z.array(endpointViewSchema)),
  /** Adds an endpoint, or replaces the one of its name. */
  saveEndpoint: ownerMethod.input(endpointSchema).output(endpointViewSchema),
  removeEndpoint: ownerMethod.input(endpointName).output(z.object({ wasThere: z.boolean() })),
  /** Keeps a key for the endpoint's host; it can be replaced and removed, and never read back. */
  setKey: ownerMethod.input(endpointName.extend({ key: z.string().trim().min(1).max(4000) })).output(endpointViewSchema),
  removeKey: ownerMethod.input(endpointName).output(endpointViewSchema),
  /** Asks one comparison of two fixed texts, which costs about as much as any; nothing of the experiment is sent. */
  testEndpoint: ownerMethod
    .input(endpointName.extend({ model: z.string().min(1), template: z.string().min(1).default("pairwise") }))
    .output(testSchema),
  snapshots: ownerMethod.output(z.array(snapshotSchema)),
  acceptSnapshot: ownerMethod.input(snapshotSchema.pick({ endpoint: true, model: true, snapshot: true })).output(z.array(snapshotSchema)),
  /** Takes that back: the next reply from it stops the run again; judgments that it gave stay. Refused for the only one of a model. */
  withdrawSnapshot: ownerMethod.input(snapshotSchema.pick({ endpoint: true, model: true, snapshot: true })).output(z.array(snapshotSchema)),
  templates: readerMethod.output(z.array(templateViewSchema)),
  budget: readerMethod.output(budgetSchema),
  /** The run stops before the request that would go over. */
  setCaps: ownerMethod.input(capsSchema).output(budgetSchema),
  network: readerMethod.output(networkSchema),
  /** Blocks every outgoing connection of the lab but those to this machine. */
  setOffline: ownerMethod.input(z.object({ isOffline: z.boolean() })).output(networkSchema),
  /** Confirms, once for this experiment, that its prompts and responses may go to a host. */
  allowHost: ownerMethod.input(host).output(networkSchema),
  forbidHost: ownerMethod.input(host).output(networkSchema),
};
