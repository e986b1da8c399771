/** What an endpoint's model understands: found out by its refusals, remembered while the lab runs. */
import type { ChatCall } from "#app/rounds/ports.ts";

export type Dialect = {
  readonly format: "jsonSchema" | "jsonObject" | "none";
  readonly lengthParameter: "max_tokens" | "max_completion_tokens";
  readonly hasTemperature: boolean;
  /** How many likely first tokens to ask for; 0: none. */
  readonly topTokens: number;
};

export function firstDialect(setting: ChatCall["endpoint"]["structuredOutput"]): Dialect {
  return { format: setting === "auto" ? "jsonSchema" : setting, lengthParameter: "max_tokens", hasTemperature: true, topTokens: 20 };
}

/**
 * The next dialect to try after a refusal (which costs nothing) that names what it did not
 * understand; undefined if the refusal is about something else. A form that was asked for by name is not given up.
 */
export function easierDialect(dialect: Dialect, message: string, call: ChatCall): Dialect | undefined {
  const isFormNamed = /response_format|json_schema|json_object|guided|grammar/iu.test(message);
  if (isFormNamed && call.replySchema !== null && call.endpoint.structuredOutput === "auto" && dialect.format !== "none") {
    return { ...dialect, format: dialect.format === "jsonSchema" ? "jsonObject" : "none" };
  }
  if (/max_completion_tokens/u.test(message) && dialect.lengthParameter === "max_tokens")
    return { ...dialect, lengthParameter: "max_completion_tokens" };
  if (/logprobs/iu.test(message) && call.wantsFirstTokens && dialect.topTokens > 0) return { ...dialect, topTokens: dialect.topTokens > 5 ? 5 : 0 };
  if (/temperature/iu.test(message) && dialect.hasTemperature) return { ...dialect, hasTemperature: false };
  return undefined;
}
