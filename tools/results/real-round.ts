/** A round on a real model as a record: which prompts, what memory, what came out. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { openDatabase } from "#main/store/database.ts";
import { DATABASE_NAME } from "#main/store/store.ts";
import type { ResultDraft } from "./record.ts";

const TRAINING_PROMPTS = 60;
const VALIDATION_PROMPTS = 40;

export type PickedPrompt = { readonly prompt: string; readonly split: "training" | "validation" };

/** Of AlpacaEval's instructions, in the order of their SHA-256, the first 60 to train on and the next 40 to evaluate on. */
export function pickPrompts(jsonLines: string): PickedPrompt[] {
  const row = z.object({ instruction: z.string() });
  const keyed = jsonLines
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => row.parse(JSON.parse(line)).instruction)
    .map((prompt) => ({ prompt, key: createHash("sha256").update(prompt).digest("hex") }));
  const sorted = keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  return sorted
    .slice(0, TRAINING_PROMPTS + VALIDATION_PROMPTS)
    .map(({ prompt }, i) => ({ prompt, split: i < TRAINING_PROMPTS ? "training" : "validation" }));
}

/** Memory of a process and all that it started, in bytes, shared pages counted once; undefined where there is no /proc. */
export function memoryOfTree(pid: number): number | undefined {
  try {
    const parents = new Map(
      readdirSync("/proc")
        .filter((name) => /^\d+$/u.test(name))
        .map((name) => [Number(name), parentOf(name)]),
    );
    const isBelow = (one: number | undefined): boolean => one !== undefined && one > 1 && (one === pid || isBelow(parents.get(one)));
    return [...parents.keys()].filter(isBelow).reduce((sum, one) => sum + memoryOf(one), 0);
  } catch {
    return undefined;
  }
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)/mu.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

function memoryOf(pid: number): number {
  try {
    return 1024 * Number(/^Pss:\s+(\d+)/mu.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

const roundSchema = z.object({
  stages: z.array(
    z.object({ stage: z.string(), unit: z.string(), unitsDone: z.number(), activeMs: z.number(), counts: z.record(z.string(), z.number()) }),
  ),
  winRates: z.array(
    z.object({
      policy: z.string(),
      opponent: z.string(),
      n: z.number(),
      winRate: z.number(),
      standardError: z.number(),
      low: z.number(),
      high: z.number(),
      meanLength: z.number(),
      opponentMeanLength: z.number(),
    }),
  ),
  recommendation: z.object({ sentence: z.string() }),
});
/** What `nashlab status --json` says. */
export const statusSchema = z.object({ rounds: z.array(roundSchema).min(1) });
export type RealRoundStatus = z.infer<typeof statusSchema>;

export type RoundFacts = {
  readonly status: RealRoundStatus;
  readonly folder: string;
  readonly peakMemoryBytes: number | undefined;
  readonly settings: readonly string[];
  readonly notes: readonly string[];
};

const SOURCES = ["app/training", "app/models", "app/decoding", "app/preferences", "app/statistics", "main/engine", "tools/results/real-round.ts"];

export function realRoundDraft({ status, folder, peakMemoryBytes, settings, notes }: RoundFacts): ResultDraft {
  const round = status.rounds[0];
  if (round === undefined) throw new Error("expected a round, found none");
  const steps = metricsOf(folder);
  const [first, last] = [steps.at(0), steps.at(-1)];
  const minutes = round.stages.reduce((sum, stage) => sum + stage.activeMs, 0) / 60_000;
  const memory = peakMemoryBytes === undefined ? "not measured" : `${(peakMemoryBytes / 2 ** 30).toFixed(2)} GiB`;
  return {
    section: "Learning",
    title: "One round on SmolLM2-135M-Instruct, 60 prompts of AlpacaEval",
    summary: `${round.recommendation.sentence} The oracle is a script that prefers the response nearer to 200 characters. ${minutes.toFixed(0)} minutes in all; peak memory of lab and engine together ${memory}.`,
    commands: ["node tools/run.cjs fetch-smollm2", "node tools/run.cjs real-round PROMPTS.jsonl FOLDER"],
    sources: SOURCES,
    tables: [
      {
        columns: ["stage", "units", "minutes", "counts"],
        rows: round.stages.map((stage) => [
          stage.stage,
          `${stage.unitsDone} ${stage.unit}`,
          round1(stage.activeMs / 60_000),
          countsText(stage.counts),
        ]),
      },
      {
        columns: ["policy", "against", "n", "win rate", "standard error", "95 % interval", "mean length", "theirs"],
        rows: round.winRates.map((row) => [
          row.policy,
          row.opponent,
          row.n,
          percent(row.winRate),
          percent(row.standardError),
          `${percent(row.low)} to ${percent(row.high)}`,
          round1(row.meanLength),
          round1(row.opponentMeanLength),
        ]),
      },
      {
        columns: ["training", "first step", "last step"],
        rows: ["loss", "rewards/margins", "rewards/accuracies", "logps/chosen", "logps/rejected", "grad_norm"].map((name) => [
          name,
          numberText(first?.[name]),
          numberText(last?.[name]),
        ]),
      },
    ],
    notes: [
      "Prompts: AlpacaEval's 805 instructions in the order of the SHA-256 of their text; the first 60 to train on, the next 40 to evaluate on. The texts are CC BY-NC 4.0 and not in this repository.",
      `Settings beside the defaults: ${settings.map((setting) => `\`${setting}\``).join(", ")}.`,
      ...notes,
    ],
  };
}

function metricsOf(folder: string): Readonly<Record<string, number>>[] {
  const db = openDatabase(join(folder, DATABASE_NAME), { readOnly: true });
  try {
    const rows = db.all("SELECT metrics FROM current_metric ORDER BY step");
    return rows.map((row) => z.record(z.string(), z.number()).parse(JSON.parse(String(row["metrics"]))));
  } finally {
    db.close();
  }
}

function countsText(counts: Readonly<Record<string, number>>): string {
  const shown = Object.entries(counts).filter(([, value]) => value !== 0);
  return shown.map(([name, value]) => `${name} ${value}`).join(", ");
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}

function numberText(value: number | undefined): string {
  return value === undefined ? "" : String(Number(value.toPrecision(4)));
}
