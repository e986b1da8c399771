/** The tokens that an endpoint reports of a reply, and what they are counted to cost. */
import { costUsd, type Price } from "#app/domain/endpoint.ts";

type Reported = { readonly promptTokens: number | null; readonly replyTokens: number | null };

export type Usage = Reported & {
  /** A figure is missing, cannot be, or is more than was to be expected. */
  readonly isOdd: boolean;
  /** Null where nobody has said what a token costs. */
  readonly costUsd: number | null;
};

/** No question takes so many anywhere: a figure beyond is a mistake of the endpoint's. */
const MOST_BELIEVED = 1e6;

/**
 * A figure that cannot be counts at the most that was expected. One above that is taken at its word, as thinking may
 * come on top of the reply; and odd figures never count less than `reservedUsd`, which was set aside for the request.
 */
export function readUsage(
  reported: Reported,
  most: { readonly prompt: number; readonly reply: number },
  price: Price | undefined,
  reservedUsd: number,
): Usage {
  const [promptTokens, replyTokens] = [believed(reported.promptTokens), believed(reported.replyTokens)];
  const isOdd = !isExpected(promptTokens, most.prompt) || !isExpected(replyTokens, most.reply);
  const counted = price === undefined ? null : costUsd(price, promptTokens ?? most.prompt, replyTokens ?? most.reply);
  return { promptTokens, replyTokens, isOdd, costUsd: counted !== null && isOdd ? Math.max(reservedUsd, counted) : counted };
}

function believed(tokens: number | null): number | null {
  return tokens !== null && Number.isSafeInteger(tokens) && tokens > 0 && tokens <= MOST_BELIEVED ? tokens : null;
}

/** Tokenizers and chat formats differ, so twice the bound passes. */
function isExpected(tokens: number | null, most: number): boolean {
  return tokens !== null && tokens <= 2 * most;
}
