/** Labs for tests: a folder with an experiment, prompts and a policy, on the fake engine. */
import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { LabClient } from "#app/contract/contract.ts";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import type { Stage } from "#app/domain/round.ts";
import type { Lab } from "#main/lab/lab.ts";
import { type Drivers, openLabWith } from "#main/lab/open-lab.ts";
import { type Connection, openDatabase, type Row } from "#main/store/database.ts";
import { findViolations } from "#main/store/invariants.ts";
import { DATABASE_NAME } from "#main/store/store.ts";
import { fakeDrivers, type FakeEngineOptions } from "#tests/support/fake-engine.ts";
import { memorySecrets } from "#tests/support/memory-secrets.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

export type TestLab = { readonly lab: Lab; readonly client: LabClient; readonly folder: string; readonly db: Connection };

/** The lab of a folder on the stand-in for the engine; whoever opens it closes it. */
export async function openLabOnFakes(folder: string, engine: FakeEngineOptions = {}, others: Partial<Drivers> = {}): Promise<Lab> {
  return await openLabWith(
    {
      folder,
      processHost: {
        start: () => {
          throw new Error("the fake engine starts no process");
        },
      },
      host: "cli",
      cacheDir: join(folder, "cache"),
      takenOverFrom: null,
      secrets: memorySecrets(),
    },
    { ...fakeDrivers(engine), ...others },
  );
}

/** Opens the lab of a folder; closed when the test ends, unless it is `abandoned` as by a kill. */
export async function openTestLab(folder: string, engine: FakeEngineOptions = {}, isAbandoned = false): Promise<TestLab> {
  const lab = await openLabOnFakes(folder, engine);
  const db = openDatabase(join(folder, DATABASE_NAME), { readOnly: true });
  onTestFinished(async () => {
    db.close();
    if (!isAbandoned) await lab.close();
  });
  return { lab, client: lab.client("owner"), folder, db };
}

export type Setup = {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly training?: number;
  readonly validation?: number;
  readonly test?: number;
};

/** Short responses are preferred; K = 3; a training checkpoint every second step. */
export const SCRIPTED = {
  seed: 7,
  oracle: { kind: "targetLength", target: 10, unit: "characters" },
  sampling: { responsesPerPrompt: 3, maxNewTokens: 64 },
  training: { batchSize: 4, checkpointEverySteps: 2 },
} as const;

/** Makes the experiment of a lab's folder, with a policy r0 and prompts. */
export async function setUp({ client, folder }: Pick<TestLab, "client" | "folder">, setup: Setup = {}): Promise<void> {
  const { config = SCRIPTED, training = 8, validation = 24, test = 0 } = setup;
  await client.experiments.create({ name: "Test", config: experimentConfigSchema.parse(config) });
  await client.policies.add({ path: makeCheckpoint(folder, "base") });
  const rows = [
    ...Array.from({ length: training }, (_, i) => ({ prompt: `Training prompt ${i}`, split: "training" })),
    ...Array.from({ length: validation }, (_, i) => ({ prompt: `Validation prompt ${i}`, split: "validation" })),
    ...Array.from({ length: test }, (_, i) => ({ prompt: `Test prompt ${i}`, split: "test" })),
  ];
  await client.experiments.importPrompts({ path: writeLines(folder, "prompts.jsonl", rows), skipRejected: false });
}

export async function openReadyLab(setup: Setup = {}, engine: FakeEngineOptions = {}): Promise<TestLab> {
  const lab = await openTestLab(tempFolder(), engine);
  await setUp(lab, setup);
  return lab;
}

export function makeCheckpoint(folder: string, content: string): string {
  const path = join(folder, `checkpoint-${content}`);
  mkdirSync(path);
  writeFileSync(join(path, "model.safetensors"), content);
  return path;
}

export function writeLines(folder: string, name: string, rows: readonly unknown[]): string {
  const path = join(folder, name);
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return path;
}

/** Starts a round and waits until nothing runs. */
export async function runRound(client: LabClient, until?: Stage): Promise<Awaited<ReturnType<LabClient["rounds"]["settle"]>>> {
  await client.rounds.start(until === undefined ? {} : { until });
  return await client.rounds.settle();
}

/** What came of the live attempts, without ids and times: equal for two runs that did the same. */
export function outcomeOf(db: Connection): Readonly<Record<string, readonly Row[]>> {
  return {
    responses: db.all(
      `SELECT p.hash, y.name, r.sample_index, r.text, r.token_ids, r.logp FROM current_response r JOIN prompt p ON p.id = r.prompt_id
       LEFT JOIN policy y ON y.id = r.policy_id ORDER BY p.hash, y.name, r.sample_index`,
    ),
    judgments: db.all(
      `SELECT k.ordinal, k.purpose, a.text AS shown_first, b.text AS shown_second, j.strength,
         CASE WHEN j.verdict IN ('first', 'second') THEN (j.verdict = 'first') = (x.response_id = j.first_id) ELSE j.verdict END AS says
       FROM current_judgment j JOIN current_ask k ON k.id = j.ask_id
         JOIN ask_response x ON x.ask_id = k.id AND x.position = 0 JOIN response a ON a.id = x.response_id
         JOIN ask_response z ON z.ask_id = k.id AND z.position = 1 JOIN response b ON b.id = z.response_id
       ORDER BY k.purpose, k.ordinal`,
    ),
    pairs: db.all(
      `SELECT c.text AS chosen, r.text AS rejected, p.preference_margin FROM current_pair p
         JOIN response c ON c.id = p.chosen_id JOIN response r ON r.id = p.rejected_id ORDER BY p.id`,
    ),
    // How fast the machine was and what memory it held differ from run to run (MACHINE_METRICS).
    metrics: db.all("SELECT step, json_remove(metrics, '$.tokens_per_second', '$.memory_bytes') AS metrics FROM current_metric ORDER BY step"),
    policies: db.all("SELECT name, checkpoint_hash, adapter_hash FROM current_policy ORDER BY name"),
    winRates: db.all(
      "SELECT n, missing, win_rate, standard_error, low, high, mean_length, opponent_mean_length FROM current_win_rate ORDER BY opponent_id",
    ),
  };
}

/** The same without policies, whose adapters name the folder of their checkpoint. */
export function workOf(db: Connection): Readonly<Record<string, readonly Row[]>> {
  const { policies: _policies, ...work } = outcomeOf(db);
  return work;
}

let uninterrupted: ReturnType<typeof workOf> | undefined;

/** What a whole round of `SCRIPTED` gives when nothing interrupts it; made once a test file. */
export async function uninterruptedOutcome(): Promise<ReturnType<typeof workOf>> {
  if (uninterrupted !== undefined) return uninterrupted;
  const { client, db } = await openReadyLab();
  await runRound(client);
  uninterrupted = workOf(db);
  uninterruptedUnits = await unitsOf(client);
  return uninterrupted;
}

/** `stage done/total` of the last round's stages, as they are shown. */
export async function unitsOf(client: LabClient): Promise<string[]> {
  const round = (await client.rounds.list()).at(-1);
  return round?.stages.map((stage) => `${stage.stage} ${stage.unitsDone}/${stage.unitsTotal ?? "?"}`) ?? [];
}

let uninterruptedUnits: readonly string[] | undefined;

/** What `unitsOf` says after a round of `SCRIPTED` that nothing interrupted; known once `uninterruptedOutcome` is. */
export function expectedUnits(): readonly string[] {
  if (uninterruptedUnits === undefined) throw new Error("ask for the uninterrupted outcome first");
  return uninterruptedUnits;
}

/** The database's rules that do not hold; expected to be empty. */
export function violationsOf(db: Connection): readonly string[] {
  return findViolations(db).map((violation) => violation.name);
}

export function countOf(db: Connection, sql: string): number {
  return Number(db.get(sql)?.["n"]);
}

/** Ada prefers the shorter response of each comparison that waits. */
export async function answerAll(client: LabClient): Promise<void> {
  for (;;) {
    const { comparisons } = await client.queue.next({ author: "Ada", count: 20 });
    if (comparisons.length === 0) return;
    for (const { askId, left, right } of comparisons) {
      const side = left.text.length <= right.text.length ? "left" : "right";
      await client.queue.judge({
        author: "Ada",
        askId,
        verdict: { kind: "prefers", side, strength: "clear" },
        durationMs: 9,
        requestId: randomUUID(),
      });
    }
  }
}
