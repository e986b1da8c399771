/** JSON with one spelling: keys sorted, so that equal values have equal texts and equal hashes. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The text of a value with object keys in code-unit order; undefined members are left out, as JSON.stringify does. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (member === null || typeof member !== "object" || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}
