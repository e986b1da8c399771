/** Endpoints of judges and the hosts that prompts may go to. */
import * as z from "zod";
import { NotFoundError } from "#app/base/errors.ts";
import { type Endpoint, endpointSchema, LONGEST_TIMEOUT_MS } from "#app/domain/endpoint.ts";
import { storeWords } from "#app/text/store.ts";
import { number, numberOrNull, type ReadableDb, type Row, text, type WritableDb } from "../database.ts";

export type StoredEndpoint = Endpoint & { readonly keySetAtMs: number | null };

/** Longer time-outs could be set once, and replies were hardly ever waited for so long. */
const storedSchema = endpointSchema.extend({ timeoutMs: z.number().transform((ms) => Math.min(ms, LONGEST_TIMEOUT_MS)) });

function toEndpoint(row: Row): StoredEndpoint {
  return { ...storedSchema.parse(JSON.parse(text(row, "config"))), keySetAtMs: numberOrNull(row, "key_set_at") };
}

export function listEndpoints(db: ReadableDb): StoredEndpoint[] {
  return db.all("SELECT * FROM endpoint ORDER BY name").map(toEndpoint);
}

export function endpointByName(db: ReadableDb, name: string): StoredEndpoint {
  const row = db.get("SELECT * FROM endpoint WHERE name = $name", { name });
  if (row !== undefined) return toEndpoint(row);
  const names = listEndpoints(db).map((endpoint) => endpoint.name);
  throw new NotFoundError(storeWords.noEndpoint(JSON.stringify(name), names));
}

/** Makes the endpoint, or replaces the one of its name. A changed address forgets that a key was set: keys belong to hosts. */
export function upsertEndpoint(db: WritableDb, endpoint: Endpoint): void {
  db.run(
    `INSERT INTO endpoint (name, config) VALUES ($name, $config)
     ON CONFLICT (name) DO UPDATE SET config = excluded.config,
       key_set_at = CASE WHEN endpoint.config ->> 'baseUrl' = excluded.config ->> 'baseUrl' THEN endpoint.key_set_at END`,
    { name: endpoint.name, config: JSON.stringify(endpoint) },
  );
}

export function deleteEndpoint(db: WritableDb, name: string): boolean {
  return db.run("DELETE FROM endpoint WHERE name = $name", { name }) === 1;
}

export function noteKey(db: WritableDb, name: string, setAtMs: number | null): void {
  db.run("UPDATE endpoint SET key_set_at = $set_at WHERE name = $name", { name, set_at: setAtMs });
}

export type AllowedHost = { readonly host: string; readonly prompts: number; readonly allowedAtMs: number };

export function listAllowedHosts(db: ReadableDb): AllowedHost[] {
  return db
    .all("SELECT * FROM allowed_host ORDER BY host")
    .map((row) => ({ host: text(row, "host"), prompts: number(row, "prompts"), allowedAtMs: number(row, "allowed_at") }));
}

export function isHostAllowed(db: ReadableDb, host: string): boolean {
  return db.get("SELECT 1 AS found FROM allowed_host WHERE host = $host", { host }) !== undefined;
}

export function allowHost(db: WritableDb, host: string, prompts: number, nowMs: number): void {
  db.run("INSERT INTO allowed_host (host, prompts, allowed_at) VALUES ($host, $prompts, $now) ON CONFLICT (host) DO NOTHING", {
    host,
    prompts,
    now: nowMs,
  });
}

export function forbidHost(db: WritableDb, host: string): boolean {
  return db.run("DELETE FROM allowed_host WHERE host = $host", { host }) === 1;
}
