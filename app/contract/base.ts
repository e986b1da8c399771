/** What every contract method shares: the role that may call it, and the one form in which errors cross. */
import { oc } from "@orpc/contract";
import * as z from "zod";

export const roleSchema = z.enum(["owner", "annotator", "reader"]);
export type Role = z.infer<typeof roleSchema>;

export type MethodMeta = {
  /** The least role that may call the method: an owner may call all, an annotator judges and reads what is shown to it. */
  readonly role: Role;
};

/** The lab's errors as they cross: LabError's code and details; the message is the error's own. */
export const labErrorData = z.object({
  code: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

const method = oc.errors({ LAB: { status: 422, data: labErrorData } });

/** Starts, stops and changes things. */
export const ownerMethod = method.$meta<MethodMeta>({ role: "owner" });
/** Judges comparisons. */
export const annotatorMethod = method.$meta<MethodMeta>({ role: "annotator" });
/** Only looks. */
export const readerMethod = method.$meta<MethodMeta>({ role: "reader" });

/** True if a caller of this role may call a method that names `needed`. */
export function roleReaches(role: Role, needed: Role): boolean {
  if (role === "owner") return true;
  return role === needed;
}

/** The longest text or file that a page hands over with one call (prompts that were pasted or dropped), in bytes. */
export const MAX_TEXT_BYTES = 30_000_000;

/** The longest request that a transport takes: such a text as JSON, each of its characters escaped, and the rest of a call; a file in base64 is shorter. */
export const MAX_REQUEST_BYTES = 2 * MAX_TEXT_BYTES + 4 * 1024 * 1024;

export const idSchema = z.string().min(1);
export const nameSchema = z.string().trim().min(1).max(200);
