/** Endpoints: addresses of OpenAI-compatible servers that judge, what they cost, and how fast they may be asked. Keys are never part of them. */
import * as z from "zod";
import { endpointWords } from "#app/text/endpoints.ts";

const BASE_URL = /^(https?):\/\/([^/?#@\s]+)((?:\/[^?#\s]*)?)$/iu;

/** The address as it is compared and stored: scheme and host in lower case, no slash at the end. */
function normalised(url: string): string {
  const [, scheme = "", authority = "", path = ""] = BASE_URL.exec(url.trim()) ?? [];
  return `${scheme.toLowerCase()}://${authority.toLowerCase()}${path.replace(/\/+$/u, "")}`;
}

/** "api.openai.com" or "192.168.1.20:8000": who is asked, as people confirm it. */
export function hostOf(baseUrl: string): string {
  return BASE_URL.exec(baseUrl)?.[2] ?? baseUrl;
}

/** Scheme and host: what a key belongs to, so that an experiment from elsewhere cannot send it to another host. */
export function originOf(baseUrl: string): string {
  const [, scheme = "", authority = ""] = BASE_URL.exec(baseUrl) ?? [];
  return `${scheme}://${authority}`;
}

function nameOf(host: string): string {
  return host.replace(/:\d+$/u, "").replace(/^\[|\]$/gu, "");
}

/** True for this machine itself: what is sent there does not leave it. */
export function isLoopback(host: string): boolean {
  const name = nameOf(host);
  return name === "localhost" || name === "::1" || /^127(?:\.\d{1,3}){3}$/u.test(name);
}

/** True for this machine and for addresses that only a local network has (RFC 1918, RFC 4193, link-local, .local). */
export function isPrivate(host: string): boolean {
  const name = nameOf(host);
  if (isLoopback(host) || name.endsWith(".local") || /^f[cd][0-9a-f]{2}:|^fe80:/u.test(name)) return true;
  return /^(?:10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|169\.254(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2})$/u.test(name);
}

const baseUrlSchema = z
  .string()
  .trim()
  .regex(BASE_URL, endpointWords.badAddress)
  .transform(normalised)
  .refine((url) => url.startsWith("https:") || isPrivate(hostOf(url)), {
    message: endpointWords.needsHttps,
  });

/** What a model costs, in US dollars a million tokens, as its provider's price list says. */
const priceSchema = z.strictObject({
  model: z.string().trim().min(1),
  inputUsdPerMillion: z.number().min(0).max(100_000),
  outputUsdPerMillion: z.number().min(0).max(100_000),
});
export type Price = Readonly<z.infer<typeof priceSchema>>;

/** Node's fetch gives up a reply that has not begun by then, whatever it is told; most begin when they are whole. */
export const LONGEST_TIMEOUT_MS = 300_000;

export const endpointSchema = z.strictObject({
  name: z
    .string()
    .trim()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,59}$/u, endpointWords.badName),
  /** Up to and without `/chat/completions`. */
  baseUrl: baseUrlSchema,
  /** Most requests and tokens a minute; null leaves it to the endpoint's own headers. */
  requestsPerMinute: z.int().min(1).nullable().default(null),
  tokensPerMinute: z.int().min(1).nullable().default(null),
  /** Requests under way at the same time. */
  parallel: z.int().min(1).max(256).default(8),
  /** A request without a reply for so long is given up and sent again. */
  timeoutMs: z.int().min(100).max(LONGEST_TIMEOUT_MS, endpointWords.longTimeout).default(120_000),
  /** `auto` asks for a JSON schema and does with less where the endpoint refuses it. */
  structuredOutput: z.enum(["auto", "jsonSchema", "jsonObject", "none"]).default("auto"),
  /** The endpoint answers a repeated Idempotency-Key with its first reply and charges once. */
  honoursIdempotency: z.boolean().default(false),
  prices: z.array(priceSchema).max(100).default([]),
});
export type Endpoint = Readonly<z.infer<typeof endpointSchema>>;

/** The price of a model; nothing costs nothing on this machine; undefined where nobody has said. */
export function priceOf(endpoint: Endpoint, model: string): Price | undefined {
  const stated = endpoint.prices.find((price) => price.model === model);
  if (stated !== undefined || !isLoopback(hostOf(endpoint.baseUrl))) return stated;
  return { model, inputUsdPerMillion: 0, outputUsdPerMillion: 0 };
}

/** US dollars for so many tokens. */
export function costUsd(price: Price, promptTokens: number, replyTokens: number): number {
  return (promptTokens * price.inputUsdPerMillion + replyTokens * price.outputUsdPerMillion) / 1e6;
}

/** The most that judges may cost, in US dollars; null: no cap. */
export const capsSchema = z.strictObject({
  roundUsd: z.number().min(0).nullable().default(10),
  totalUsd: z.number().min(0).nullable().default(50),
});
export type Caps = Readonly<z.infer<typeof capsSchema>>;
