/** Reads and sets a configuration's value by its dotted name. */

const ALL = "all";

/** Undefined where the configuration has no such setting. */
export function readSetting(config: unknown, path: string): string | number | boolean | undefined {
  const value = path.split(".").reduce<unknown>((inner, name) => (isRecord(inner) ? inner[name] : undefined), config);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : undefined;
}

/** A copy with the value as it was typed: a number or a truth value where the setting has one, else text for the schema to judge. */
export function withSetting(config: unknown, path: string, typed: string): unknown {
  if (!isRecord(config)) return config;
  const [name = "", ...rest] = path.split(".");
  return { ...config, [name]: rest.length === 0 ? valueOf(config[name], typed.trim()) : withSetting(config[name], rest.join("."), typed) };
}

function valueOf(present: unknown, typed: string): unknown {
  // A setting that is a number or "all".
  if (typed === ALL) return typed;
  if (typeof present === "number" || present === ALL) return typed === "" ? typed : Number(typed);
  if (typeof present === "boolean") return typed === "true" ? true : typed === "false" ? false : typed;
  return typed;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
