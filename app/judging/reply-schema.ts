/** The form of a reply as a JSON schema, for endpoints that can hold a model to one. */

type Schema = Readonly<Record<string, unknown>>;

/** Every property required and no other allowed, as strict structured output wants it. */
export function replySchema(mode: "pairwise" | "listwise", shown: number): Schema {
  // The reason comes first, so that it is thought of before the verdict.
  if (mode === "pairwise") {
    return objectOf([
      ["reason", { type: "string" }],
      ["verdict", { type: "string", enum: ["A", "B", "tie", "both_bad"] }],
      ["strength", { type: "string", enum: ["slight", "clear"] }],
    ]);
  }
  return objectOf(
    Array.from({ length: shown }, (_, i) => i + 1).flatMap((id): [string, Schema][] => [
      [`id${id}_justification`, { type: "string" }],
      [`id${id}_score`, { type: "integer", enum: [0, 1, 2, 3, 4, 5, 6] }],
    ]),
  );
}

function objectOf(properties: readonly (readonly [string, Schema])[]): Schema {
  return { type: "object", properties: Object.fromEntries(properties), required: properties.map(([name]) => name), additionalProperties: false };
}
