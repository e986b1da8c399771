/** What one call of an oracle cost. */
import { fixed } from "#app/text/language.ts";

/** "$0.00049": as many digits as a small price needs, two from a cent on. */
export function money(usd: number): string {
  return `$${fixed(usd, usd === 0 || usd >= 0.01 ? 2 : 5)}`;
}
