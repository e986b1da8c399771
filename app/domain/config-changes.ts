/** Which settings differ between two configurations, or between the same parts of two, by their dotted names. */

export type ConfigChange = { readonly path: string; readonly from: string | null; readonly to: string | null };

/** In the order of the second; a setting that one of them lacks is null there. */
export function configChanges(before: object, after: object): ConfigChange[] {
  const [old, now] = [flatten(before), flatten(after)];
  return [...new Set([...now.keys(), ...old.keys()])]
    .filter((path) => old.get(path) !== now.get(path))
    .map((path) => ({ path, from: old.get(path) ?? null, to: now.get(path) ?? null }));
}

/** Arrays are one setting: "q_proj, v_proj". */
function flatten(value: unknown, path = ""): Map<string, string> {
  if (typeof value !== "object" || value === null) return new Map([[path, String(value)]]);
  if (Array.isArray(value)) return new Map([[path, value.map((one) => (typeof one === "object" ? JSON.stringify(one) : String(one))).join(", ")]]);
  return new Map(Object.entries(value).flatMap(([name, inner]) => [...flatten(inner, path === "" ? name : `${path}.${name}`)]));
}
