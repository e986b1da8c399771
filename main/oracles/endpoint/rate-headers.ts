/** What an endpoint's headers say about when to ask again. */

export interface HeadersLike {
  get(name: string): string | null;
}

/**
 * How long to wait before the next try, in ms, as `retry-after-ms` or `Retry-After` (seconds, or a date; RFC 9110
 * section 10.2.3) says; undefined where neither says anything that can be understood.
 */
export function retryAfterMs(headers: HeadersLike, nowMs: number): number | undefined {
  const millis = positive(headers.get("retry-after-ms"));
  if (millis !== undefined) return millis;
  const text = headers.get("retry-after")?.trim() ?? "";
  const seconds = positive(text);
  if (seconds !== undefined) return 1000 * seconds;
  const at = /[a-z]/iu.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

/** How long nothing more may be sent, as OpenAI's `x-ratelimit-*` headers say; 0 where there is room left. */
export function exhaustedForMs(headers: HeadersLike): number {
  const waits = ["requests", "tokens"].map((what) => {
    const remaining = positive(headers.get(`x-ratelimit-remaining-${what}`));
    return remaining === 0 ? (spanMs(headers.get(`x-ratelimit-reset-${what}`)) ?? 0) : 0;
  });
  return Math.max(...waits);
}

/** "1s", "6m0s", "1h2m3.5s", "20ms" in ms; undefined for anything else. */
export function spanMs(text: string | null): number | undefined {
  if (text === null || !/^(?:\d+(?:\.\d+)?(?:ms|h|m|s))+$/u.test(text.trim())) return undefined;
  let sum = 0;
  for (const [, value, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/gu)) sum += Number(value) * (UNIT_MS[unit ?? ""] ?? 0);
  return sum;
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function positive(text: string | null): number | undefined {
  return text !== null && /^\d+(?:\.\d+)?$/u.test(text.trim()) ? Number(text) : undefined;
}
