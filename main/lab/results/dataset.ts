/** A dataset as a folder that the Hugging Face hub can take: pairs, their provenance, prompts, judgments, and a card. */
import { mkdir, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { ConfigError } from "#app/base/errors.ts";
import type { PairShape } from "#app/contract/results.ts";
import { type Split, splitSchema } from "#app/domain/prompt.ts";
import { datasetCard, type CardFacts } from "#app/preferences/dataset-card.ts";
import type { DataCell, DataTable } from "#app/rounds/data-ports.ts";
import { cardWords as words } from "#app/text/dataset-card.ts";
import { resultWords } from "#app/text/results.ts";
import { getExperiment, listPrompts } from "#main/store/queries/experiments.ts";
import { listImports } from "#main/store/queries/imports.ts";
import { askedOracles, judgmentsAfter, usedTemplates } from "#main/store/queries/judgment-export.ts";
import { checkpointByHash, listPolicies, policyById } from "#main/store/queries/policies.ts";
import { configOfAttempt, countsOf, listRounds, liveAttempts } from "#main/store/queries/rounds.ts";
import type { LabContext } from "../context.ts";
import { readVersion } from "../version.ts";
import { writeWhole } from "../write-file.ts";
import { pairsOfRounds } from "./exports.ts";
import { judgmentTable, pairTable, provenanceTable } from "./tables.ts";

export type DatasetExport = {
  readonly path: string;
  readonly round?: number | undefined;
  readonly shape: PairShape;
  readonly format: "parquet" | "jsonl";
  readonly replace: boolean;
};
export type WrittenDataset = { readonly path: string; readonly rows: number; readonly files: readonly string[] };

type File = { readonly name: string; readonly rows: number; readonly hash: string };

/** Throws NotFoundError without pairs, ConfigError for a folder that has something in it, unless `replace` is on. */
export async function exportDataset(lab: LabContext, order: DatasetExport): Promise<WrittenDataset> {
  const pairs = pairsOfRounds(lab, order.round);
  await makeEmpty(order);
  const files: File[] = [];
  const write = async (name: string, table: DataTable): Promise<void> => {
    const path = join(order.path, name);
    const rows = await lab.dataFiles.write(path, table);
    files.push({ name, rows, hash: await lab.dataFiles.hash(path) });
  };
  const ending = order.format;
  const bare = pairs.map(({ pair }) => pair);
  await write(`pairs/train.${ending}`, pairTable(lab, bare, order.shape));
  await write(`provenance/train.${ending}`, provenanceTable(lab, pairs));
  for (const split of splitSchema.options) {
    const table = promptTable(lab, split);
    if (table.rows.length > 0) await write(`prompts/${FIELD_SPLIT[split]}.${ending}`, table);
  }
  if (judgmentsAfter(lab.store.db, 0, 1).length > 0) await write(`judgments/train.${ending}`, judgmentTable(lab, { numbersPeople: true }));
  await writeWhole(join(order.path, "README.md"), datasetCard(factsOf(lab, order, pairs.length, files)));
  return { path: order.path, rows: pairs.length, files: ["README.md", ...files.map(({ name }) => name)] };
}

/** The splits by the names that the field gives them. */
const FIELD_SPLIT = { training: "train", validation: "validation", test: "test" } as const;

const SETS = ["pairs", "prompts", "judgments", "provenance"] as const;

async function makeEmpty({ path, replace }: DatasetExport): Promise<void> {
  const [present] = await readdir(path).catch(() => []);
  if (present !== undefined && !replace) {
    throw new ConfigError(resultWords.folderNotEmpty(path, present), { path });
  }
  try {
    for (const name of SETS) await mkdir(join(path, name), { recursive: true });
  } catch (cause) {
    throw new ConfigError(resultWords.cannotMake(path, cause instanceof Error ? cause.message : String(cause)), { path }, { cause });
  }
}

function promptTable(lab: LabContext, split: Split): DataTable & { readonly rows: readonly (readonly DataCell[])[] } {
  return {
    columns: [
      { name: "prompt", kind: "messages" },
      { name: "prompt_hash", kind: "text" },
      { name: "source", kind: "text" },
      { name: "shard", kind: "number" },
    ],
    rows: listPrompts(lab.store.db, split).map((prompt) => [prompt.messages, prompt.hash, prompt.source, prompt.shard]),
  };
}

function factsOf(lab: LabContext, order: DatasetExport, pairs: number, files: readonly File[]): CardFacts {
  const experiment = getExperiment(lab.store.db);
  const sets = SETS.flatMap((name) => {
    const splits = files
      .filter((file) => file.name.startsWith(`${name}/`))
      .map((file) => [basename(file.name).replace(/\.\w+$/u, ""), file.name] as const);
    return splits.length === 0 ? [] : [{ name, splits: Object.fromEntries(splits) }];
  });
  return {
    name: experiment?.name ?? "",
    version: readVersion(),
    madeAt: new Date(lab.clock.nowMs()).toISOString().slice(0, 10),
    seed: experiment?.config.seed ?? 0,
    pairs,
    shape: words.shapes[order.shape],
    sets,
    sections: [
      {
        title: words.files.title,
        sentence: words.files.sentence,
        table: { columns: words.files.columns, rows: files.map(({ name, rows, hash }) => [name, rows, hash]) },
      },
      roundSection(lab),
      settingSection(lab),
      policySection(lab),
      oracleSection(lab),
      importSection(lab),
    ],
  };
}

type Section = CardFacts["sections"][number];
type SectionWords = Pick<Section, "title" | "sentence"> & { readonly columns: readonly string[] };

function sectionOf({ title, sentence, columns }: SectionWords, rows: Section["table"]["rows"]): Section {
  return { title, sentence, table: { columns, rows } };
}

function roundSection(lab: LabContext): Section {
  const { db } = lab.store;
  const rows = listRounds(db).map((round) => {
    const live = liveAttempts(db, round.id);
    const units = (stage: "sample" | "judge" | "pair"): number | null => live.get(stage)?.unitsDone ?? null;
    const judge = live.get("judge");
    const flips = judge === undefined ? null : (countsOf(db, judge.id)["flips"] ?? null);
    const newPolicy = round.newPolicyId === null ? null : policyById(db, round.newPolicyId).name;
    const hash = live.get("pair")?.inputHash ?? null;
    return [round.number, policyById(db, round.policyId).name, units("sample"), units("judge"), flips, units("pair"), newPolicy, hash];
  });
  return sectionOf(words.rounds, rows);
}

/** As each round resolved them; not as they stand now. */
function settingSection(lab: LabContext): Section {
  const { db } = lab.store;
  const rows = listRounds(db).flatMap((round) => {
    const live = liveAttempts(db, round.id);
    const attempt = live.get("train") ?? live.get("pair") ?? live.get("judge") ?? live.get("sample");
    if (attempt === undefined) return [];
    const { seed, sampling, judging, pairs, training } = configOfAttempt(db, attempt.id);
    const { orders } = words.settings;
    const order = judging.mode === "listwise" ? orders.list : judging.bothOrders ? orders.both : orders.one;
    const { responsesPerPrompt, temperature, topP, maxNewTokens } = sampling;
    return [
      [
        round.number,
        seed,
        words.settings.sampling(responsesPerPrompt, temperature, topP, maxNewTokens),
        order,
        JSON.stringify(pairs),
        JSON.stringify(training.loss),
      ],
    ];
  });
  return sectionOf(words.settings, rows);
}

function policySection(lab: LabContext): Section {
  const { db } = lab.store;
  const policies = listPolicies(db);
  const rows = policies.map((policy) => {
    const checkpoint = checkpointByHash(db, policy.checkpointHash);
    const parent = policies.find(({ id }) => id === policy.parentId)?.name ?? null;
    return [policy.name, parent, checkpoint.family, checkpoint.parameterCount, policy.checkpointHash, policy.adapterHash];
  });
  return sectionOf(words.policies, rows);
}

function oracleSection(lab: LabContext): Section {
  const { db } = lab.store;
  const oracles = askedOracles(db).map(({ name, version, config, asks }) => [name, words.oracles.oracle, version, asks, config]);
  const templates = usedTemplates(db).map(({ name, version }) => [name, words.oracles.template, version, null, null]);
  return sectionOf(words.oracles, [...oracles, ...templates]);
}

function importSection(lab: LabContext): Section {
  const rows = listImports(lab.store.db).map((one) => [
    one.name,
    one.format,
    Object.keys(one.shapes).join(", "),
    one.prompts,
    one.teacherResponses,
    one.pairs,
    one.contentHash,
  ]);
  return sectionOf(words.imports, rows);
}
