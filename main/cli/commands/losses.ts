/** Command: the losses that training may descend, each with when to use it and its settings. */
import type { Command } from "commander";
import * as z from "zod";
import { ConfigError } from "#app/base/errors.ts";
import { LOSS_KINDS, type LossKind, lossSettingsSchema, lossUses } from "#app/domain/loss.ts";
import { addCommand, done, type RunCommand } from "../command.ts";
import { table } from "../format.ts";

type LossEntry = { readonly kind: LossKind; readonly use: string; readonly defaults: Readonly<Record<string, number>> };

export function addLossesCommand(program: Command, runCommand: RunCommand): void {
  addCommand(program, runCommand, {
    name: "losses",
    summary: "list the losses, with when to use each and its settings",
    description: "Lists the losses that training may descend: when to use each, and its settings with their defaults. Changes nothing.",
    args: [{ name: "[loss]", description: "only this one, with the words that choose it" }],
    schema: z.object({}),
    examples: ["nashlab losses", "nashlab losses simpo", "nashlab init haiku --set training.loss.kind=simpo --set training.loss.beta=2"],
    run: async (_context, _options, [asked]) => {
      const entries = LOSS_KINDS.map(entryOf);
      if (asked === undefined)
        return done({ losses: entries }, table([{ title: "loss" }, { title: "settings" }, { title: "when to use it" }], entries.map(rowOf)));
      const found = entries.find(({ kind }) => kind === asked);
      if (found === undefined) throw new ConfigError(`losses: expected one of ${LOSS_KINDS.join(", ")}, got ${JSON.stringify(asked)}.`);
      return done({ losses: [found] }, `${found.kind}: ${found.use}\n${assignments(found)}`);
    },
  });
}

function entryOf(kind: LossKind): LossEntry {
  const { kind: _kind, ...defaults } = lossSettingsSchema.parse({ kind });
  return { kind, use: lossUses[kind], defaults };
}

function rowOf({ kind, use, defaults }: LossEntry): string[] {
  return [
    kind,
    Object.entries(defaults)
      .map(([name, value]) => `${name} ${shortNumber(value)}`)
      .join(", "),
    use,
  ];
}

/** As one would type them; another kind begins its settings anew. */
function assignments({ kind, defaults }: LossEntry): string {
  const settings = Object.entries(defaults).map(([name, value]) => `--set training.loss.${name}=${shortNumber(value)}`);
  return [`--set training.loss.kind=${kind}`, ...settings].join(" ");
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}
