/** The methods of a contract, by their paths, with the schemas that their inputs must meet. */

type Schema = { readonly "~standard": { validate(value: unknown): unknown } };
export type Method = { readonly "~orpc": { readonly inputSchema?: Schema } };

export function methodsOf(part: object, path = ""): readonly (readonly [string, Method])[] {
  if ("~orpc" in part) return [[path, part as Method]]; // what oRPC makes of a method has this mark
  return Object.entries(part).flatMap(([name, inner]: [string, object]) => methodsOf(inner, path === "" ? name : `${path}.${name}`));
}

/** Whether the method's schema takes the input. Throws if it has none. */
export async function isTaken(method: Method, input: unknown): Promise<boolean> {
  const result = await method["~orpc"].inputSchema?.["~standard"].validate(input);
  if (typeof result !== "object" || result === null) throw new Error("expected a result of the schema, got none");
  return !("issues" in result) || result.issues === undefined;
}
