/** An endpoint while it is typed: every number is a text, an empty one means no limit of ours. */
import type { EndpointView } from "#app/contract/endpoints.ts";
import type { Endpoint } from "#app/domain/endpoint.ts";

export type PriceDraft = { readonly model: string; readonly input: string; readonly output: string };

export type EndpointDraft = {
  readonly name: string;
  readonly baseUrl: string;
  readonly requestsPerMinute: string;
  readonly tokensPerMinute: string;
  readonly parallel: string;
  readonly prices: readonly PriceDraft[];
  readonly honoursIdempotency: boolean;
  /** What the form does not show stays as it is. */
  readonly rest: Partial<Pick<Endpoint, "timeoutMs" | "structuredOutput">>;
};

export function draftOf(endpoint: EndpointView | undefined): EndpointDraft {
  if (endpoint === undefined) {
    return { name: "", baseUrl: "", requestsPerMinute: "", tokensPerMinute: "", parallel: "8", prices: [], honoursIdempotency: false, rest: {} };
  }
  const { name, baseUrl, requestsPerMinute, tokensPerMinute, parallel, prices, honoursIdempotency, timeoutMs, structuredOutput } = endpoint;
  return {
    name,
    baseUrl,
    requestsPerMinute: requestsPerMinute === null ? "" : String(requestsPerMinute),
    tokensPerMinute: tokensPerMinute === null ? "" : String(tokensPerMinute),
    parallel: String(parallel),
    prices: prices.map((price) => ({ model: price.model, input: String(price.inputUsdPerMillion), output: String(price.outputUsdPerMillion) })),
    honoursIdempotency,
    rest: { timeoutMs, structuredOutput },
  };
}

/** As the schema checks it; what is no number becomes one that it refuses. */
export function endpointOf(draft: EndpointDraft): Readonly<Record<string, unknown>> {
  return {
    ...draft.rest,
    name: draft.name,
    baseUrl: draft.baseUrl,
    requestsPerMinute: numberOrNull(draft.requestsPerMinute),
    tokensPerMinute: numberOrNull(draft.tokensPerMinute),
    parallel: numberOrNull(draft.parallel),
    honoursIdempotency: draft.honoursIdempotency,
    prices: draft.prices
      .filter(({ model, input, output }) => `${model}${input}${output}`.trim() !== "")
      .map(({ model, input, output }) => ({ model, inputUsdPerMillion: numberOrNull(input), outputUsdPerMillion: numberOrNull(output) })),
  };
}

function numberOrNull(typed: string): number | null {
  return typed.trim() === "" ? null : Number(typed.trim().replace(",", "."));
}
