/** How calls to the lab fail, and what of it a person is told. */
import { ORPCError } from "@orpc/client";
import { shellText } from "../text/shell.ts";
import type { ErrorCode } from "#app/base/errors.ts";

/** The call did not reach the lab, or its answer did not come back: it may or may not have been done. */
export class ConnectionLostError extends Error {
  constructor(options?: { readonly cause?: unknown }) {
    super(shellText.notAnswering, options);
    this.name = "ConnectionLostError";
  }
}

/** The sentence of a failed call, as the lab put it. */
export function sentenceOf(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const sentence = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?…]$/u.test(sentence) ? sentence : `${sentence}.`;
}

/** Errors that say: this will never do. */
const FINAL_CODES: readonly ErrorCode[] = ["config", "data", "notFound", "conflict", "forbidden"];

/** True if asking again would get the same answer; false if the lab may manage it later. */
export function isFinal(thrown: unknown): boolean {
  if (!(thrown instanceof ORPCError)) return false;
  if (thrown.code === "BAD_REQUEST") return true;
  const code: unknown = (thrown.data as { readonly code?: unknown } | undefined)?.code; // not yet known to be ours
  return FINAL_CODES.some((final) => final === code);
}
