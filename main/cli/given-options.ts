/** The options of a command line: those of the command, and those that stood before its name. */
import type { Command } from "commander";
import { ConfigError } from "#app/base/errors.ts";

/**
 * Commander gives each option to the command that it stands behind, so that `round --dry-run judge` leaves `--dry-run`
 * with `round`. Throws ConfigError where such an option means nothing to the command, or another thing was given to it:
 * what is given is heard or refused, never left aside.
 */
export function givenOptions(command: Command): Readonly<Record<string, unknown>> {
  const given: Record<string, unknown> = { ...command.opts() };
  const heard = new Set(Object.keys(given).filter((key) => isGiven(command, key)));
  for (let parent = command.parent; parent !== null; parent = parent.parent) {
    for (const option of parent.options) {
      const key = option.attributeName();
      if (!isGiven(parent, key)) continue;
      const flag = option.long ?? option.flags;
      if (!command.options.some((own) => own.attributeName() === key)) {
        throw new ConfigError(`${flag} is an option of "${pathOf(parent)}", not of "${pathOf(command)}"; nothing was done.`);
      }
      const value: unknown = parent.getOptionValue(key);
      given[key] = heard.has(key)
        ? both(value, given[key], () => `${flag} of "${pathOf(command)}": expected one value, got two; nothing was done.`)
        : value;
      heard.add(key);
    }
  }
  return given;
}

function isGiven(command: Command, key: string): boolean {
  return command.getOptionValueSource(key) === "cli";
}

/** Lists are joined in the order in which they were given. */
function both(before: unknown, after: unknown, refusal: () => string): unknown {
  if (Array.isArray(before) && Array.isArray(after)) return before.concat(after);
  if (before === after) return after;
  throw new ConfigError(refusal());
}

/** "round judge". */
function pathOf(command: Command): string {
  const names: string[] = [];
  for (let one = command; one.parent !== null; one = one.parent) names.unshift(one.name());
  return names.join(" ") || command.name();
}
