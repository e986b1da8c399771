/** Chat templates in Jinja, without a clock that goes: a prompt's tokens must not depend on the day they are made. */
import { compileJinja } from "./hugging-face.ts";

/** Renders a template with these variables. Throws what the template raises. */
export type ChatTemplate = (variables: Readonly<Record<string, unknown>>) => string;

/** Longer ranges are a template gone wrong. */
const MAX_RANGE = 1_000_000;

/** A template that asks whether there is a clock names a date of its own where there is none. */
const ASKS_FOR_CLOCK = /\bstrftime_now\s+is\s+(?:not\s+)?defined\b/;

/** Friday, 26 July 2024, midnight, by Python's directives: the date that Llama 3's template names itself. */
const FIXED_DATE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ a: "Fri", A: "Friday", b: "Jul", B: "July", d: "26", e: "26", "-d": "26", m: "07", "-m": "7", y: "24", Y: "2024", j: "208" },
    ...{ H: "00", "-H": "0", I: "12", "-I": "12", M: "00", S: "00", p: "AM", F: "2024-07-26", T: "00:00:00", "%": "%" },
  }),
);

/** Throws where the text is no Jinja. `strftime_now` is undefined for templates which test for it; for others it is always the same day. */
export function parseChatTemplate(source: string): ChatTemplate {
  const render = compileJinja(source);
  const clock = ASKS_FOR_CLOCK.test(source) ? {} : { strftime_now: onFixedDate };
  return (variables) => render({ ...globals(), ...clock, ...variables });
}

/** Python's strftime. */
function onFixedDate(format: unknown): string {
  return String(format).replaceAll(/%(-?[A-Za-z%])/gu, (directive, name: string) => {
    const text = FIXED_DATE.get(name);
    if (text === undefined) throw new Error(`expected a directive of strftime that is known here, got ${directive}`);
    return text;
  });
}

function globals(): Readonly<Record<string, unknown>> {
  return {
    true: true,
    True: true,
    false: false,
    False: false,
    none: null,
    None: null,
    range,
    raise_exception: (message: unknown) => {
      throw new Error(String(message));
    },
  };
}

/** Python's range, with one, two or three numbers. */
function range(first: number, second?: number | null, step: number | null = 1): readonly number[] {
  const [start, stop] = typeof second === "number" ? [first, second] : [0, first];
  const stride = step ?? 1;
  const count = Math.max(0, Math.ceil((stop - start) / stride));
  if (!Number.isFinite(count) || count > MAX_RANGE) throw new Error(`expected a range of at most ${MAX_RANGE} numbers`);
  return Array.from({ length: count }, (_, i) => start + i * stride);
}
