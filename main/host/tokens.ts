/** Tokens: secrets that open a connection, and the role that each stands for. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { type Role, roleSchema } from "#app/contract/base.ts";

export type TokenGrant = { readonly token: string; readonly role: Role };

/** 256 random bits that may stand in a URL, a header and a file name. */
export function makeToken(): string {
  return randomBytes(32).toString("base64url");
}

/** The role of a token; undefined for one that nobody gave. Takes the same time whatever is wrong with it. */
export function roleOfToken(grants: readonly TokenGrant[], token: string): Role | undefined {
  let role: Role | undefined;
  for (const grant of grants) {
    if (isSameToken(grant.token, token)) role = grant.role;
  }
  return role;
}

/** Takes the same time wherever the two differ. */
export function isSameToken(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other));
}

function digestOf(text: string): Buffer {
  return createHash("sha256").update(text, "utf8").digest();
}

/**
 * The token of a role, from the owner's: who holds the owner's can make the lesser ones, never the other way round. So
 * a process that forwards an annotator's page to the owner of a folder gives away no more than the page has.
 */
export function tokenForRole(ownerToken: string, role: Role): string {
  return role === "owner" ? ownerToken : createHmac("sha256", ownerToken).update(role).digest("base64url");
}

/** What the socket of a folder grants: the token of its lab file, and those made from it. */
export function grantsOfFolder(ownerToken: string): TokenGrant[] {
  return roleSchema.options.map((role) => ({ token: tokenForRole(ownerToken, role), role }));
}
