/** Chat templates in Jinja, without the clock: a prompt's tokens must not depend on the day they are made. */
import { compileJinja } from "./hugging-face.ts";

/** Renders a template with these variables. Throws what the template raises. */
export type ChatTemplate = (variables: Readonly<Record<string, unknown>>) => string;

/** Longer ranges are a template gone wrong. */
const MAX_RANGE = 1_000_000;

/**
 * Throws where the text is no Jinja. `strftime_now` is left undefined, so that templates which test for it take the date
 * that they name themselves.
 */
export function parseChatTemplate(source: string): ChatTemplate {
  const render = compileJinja(source);
  return (variables) => render({ ...globals(), ...variables });
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
