/** Identifiers that cannot be mixed up, and UUIDv7 made from a given time and given random bytes. */
import { InternalError } from "./errors.ts";

export type Brand<Name extends string> = { readonly __brand: Name };

export type PromptId = string & Brand<"PromptId">;
export type ResponseId = string & Brand<"ResponseId">;
export type AskId = string & Brand<"AskId">;
export type JudgmentId = string & Brand<"JudgmentId">;
export type PairId = string & Brand<"PairId">;
export type PolicyId = string & Brand<"PolicyId">;
export type OracleId = string & Brand<"OracleId">;
export type AuthorId = string & Brand<"AuthorId">;
export type DeviceId = string & Brand<"DeviceId">;
export type RoundId = string & Brand<"RoundId">;
export type AttemptId = string & Brand<"AttemptId">;
export type ExperimentId = string & Brand<"ExperimentId">;
export type ImportId = string & Brand<"ImportId">;
export type EventId = string & Brand<"EventId">;
/** SHA-256, 64 lower-case hexadecimal digits. */
export type ContentHash = string & Brand<"ContentHash">;

/** Makes new identifiers; a port, as it needs time and randomness. */
export interface IdMaker {
  /** A fresh UUIDv7; within one maker the ids sort in the order in which they were made. */
  next(): string;
}

const HEX = "0123456789abcdef";

/**
 * UUIDv7 (RFC 9562 section 5.7) of a time in milliseconds since 1970 and ten random bytes; the first twelve random
 * bits may be a counter, so that ids of one millisecond sort.
 */
export function uuidV7(timeMs: number, random: Uint8Array): string {
  if (random.length < 10) throw new InternalError(`uuidV7 needs 10 random bytes, got ${random.length}`);
  const bytes = new Uint8Array(16);
  let rest = timeMs;
  for (let i = 5; i >= 0; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return formatUuid(bytes);
}

function formatUuid(bytes: Uint8Array): string {
  let text = "";
  bytes.forEach((byte, i) => {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += "-";
    text += HEX.charAt(byte >> 4) + HEX.charAt(byte & 15);
  });
  return text;
}
