/** What a schema found wrong, as sentences: where, what was expected, what came. */

/** A finding as zod makes it; over the wire only its plain fields arrive. */
export type Issue = {
  readonly code?: string | undefined;
  readonly path?: readonly PropertyKey[] | undefined;
  readonly message: string;
  readonly [field: string]: unknown;
};

/** One sentence for the first issue, and how many more there are. `root` names what was read when the path is empty. */
export function describeIssues(issues: readonly Issue[], input: unknown, root: string, known?: unknown): string {
  const [first] = issues;
  if (first === undefined) return `${root} cannot be used.`;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
  return `${describeIssue(first, input, root, known)}${more}.`;
}

/** `known` is a complete value of the same schema, from which the names of settings are taken. */
export function describeIssue(issue: Issue, input: unknown, root: string, known?: unknown): string {
  const path = issue.path ?? [];
  const place = path.length === 0 ? root : pathText(path);
  if (issue.code === "unrecognized_keys") return unknownKeys(issue, place, path.length === 0, valueAt(known, path));
  const came = received(valueAt(input, path));
  // A rule of our own says itself what was expected.
  if (issue.code === "custom") return `${place}: ${issue.message}, got ${came}`;
  return `${place}: expected ${expectation(issue)}, got ${came}`;
}

/** `a.b[0].c`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? String(step) : `${text}.${String(step)}`;
  }, "");
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return typeWord(String(issue["expected"]));
    case "too_big":
      return bound(issue, "maximum", "at most", "less than");
    case "too_small":
      return bound(issue, "minimum", "at least", "more than");
    case "invalid_value":
      return oneOf(issue["values"]);
    case "invalid_union":
      return Array.isArray(issue["options"]) ? oneOf(issue["options"]) : "another form";
    default:
      return `something else (${issue.message})`;
  }
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  int: "a whole number",
  number: "a number",
  string: "a text",
  boolean: "true or false",
  array: "a list",
  object: "an object",
};

function typeWord(type: string): string {
  return TYPE_WORDS[type] ?? type;
}

function bound(issue: Issue, field: "maximum" | "minimum", inclusive: string, exclusive: string): string {
  const limit = String(issue[field]);
  const words = `${issue["inclusive"] === true ? inclusive : exclusive} ${limit}`;
  switch (issue["origin"]) {
    case "string":
      return `${words} character${limit === "1" ? "" : "s"}`;
    case "array":
      return `${words} ${limit === "1" ? "entry" : "entries"}`;
    default:
      return `a number of ${words}`;
  }
}

function oneOf(values: unknown): string {
  const texts = Array.isArray(values) ? values.map(String) : [];
  const last = texts.at(-1) ?? "another value";
  return texts.length < 2 ? last : `${texts.slice(0, -1).join(", ")} or ${last}`;
}

function unknownKeys(issue: Issue, place: string, isRoot: boolean, known: unknown): string {
  const keys = Array.isArray(issue["keys"]) ? issue["keys"].map(String) : [];
  const names = keys.map((key) => `"${key}"`).join(", ");
  const where = isRoot ? place : `"${place}"`;
  const sentence = `there is no setting ${names} in ${where}`;
  if (!isRecord(known)) return sentence;
  const candidates = Object.keys(known);
  const nearest = nearestName(keys[0] ?? "", candidates);
  return nearest === undefined ? `${sentence}; expected one of ${candidates.join(", ")}` : `${sentence}; "${nearest}" is near`;
}

/** What stands at the path, short enough for a sentence. */
function received(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (Array.isArray(inner) && typeof step === "number") return inner[step];
    return isRecord(inner) ? inner[String(step)] : undefined;
  }, value);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The candidate within a few typing errors, if there is one. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= Math.max(2, Math.floor(best.candidate.length / 3)) ? best.candidate : undefined;
}

/** Levenshtein's distance: insertions, deletions and replacements that turn one text into the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
