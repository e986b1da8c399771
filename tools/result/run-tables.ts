/** Runs what a table of the result needs, measures it, and writes its record. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ResultDraft, writeRecord } from "../results/record.ts";
import { alpacaDraft, type ArmFacts, armsDraft, ownDraft } from "./drafts.ts";
import { overviewOf, roundsOf, testScores, testTexts } from "./measure.ts";
import { pairedDifferences } from "./paired.ts";
import { alpacaEvalPrompts, type ImportedRow, ownPrompts } from "./prompts.ts";
import { type AddedPolicy, copyOf, evaluateOnTest, runRounds, setUp, type Started } from "./run-experiment.ts";
import { armExperiments, ownExperiment, type PlannedExperiment, type ResultSettings, type Scale } from "./settings.ts";
import { readTuningLog } from "./tuning-log.ts";

export const TABLES = ["own", "alpaca-eval", "arms"] as const;

/** The newest policy where it was added by hand: r1, r2 and so on are names that rounds give. */
const TRAINED = "trained";

/** A comparison belongs to a round, so one is begun, on a training prompt that counts for nothing. */
const FILLER: ImportedRow = { prompt: "Say hello in one short sentence.", split: "training" };

/** `first`: the checkpoint that every experiment begins from, as r0. */
export type Request = { readonly settings: ResultSettings; readonly scale: Scale; readonly folder: string; readonly first: AddedPolicy };
export type TablesRequest = Request & {
  readonly tables: readonly (typeof TABLES)[number][];
  readonly alpacaEval: string | null;
  readonly notes: readonly string[];
};

/** Throws Error where a file is missing or a command failed; what was done is kept, and the same request goes on. */
export function runTables(request: TablesRequest): void {
  for (const table of request.tables) {
    switch (table) {
      case "own":
        write(request, "result", ownTable(request));
        break;
      case "alpaca-eval":
        write(request, "result-alpaca-eval", alpacaTable(request));
        break;
      case "arms":
        write(request, "result-arms", armsTable(request));
        break;
      default:
        table satisfies never;
    }
  }
}

/** A small run says nothing about the method: its record stays in its folder. */
function write({ scale, folder }: Request, name: string, draft: ResultDraft): void {
  const record = scale === "full" ? writeRecord(name, draft) : writeRecord(name, draft, join(folder, "records"));
  process.stdout.write(`${name}: ${record.summary}\n`);
}

/** Rounds and the look at the test prompts: each policy meets each other. */
function runWhole({ folder, first }: Request, planned: PlannedExperiment): Started {
  const started = setUp(join(folder, planned.name), planned, [first], ownPrompts(planned));
  runRounds(started, planned.rounds);
  evaluateOnTest(started, policiesOf(planned));
  return started;
}

function policiesOf({ rounds }: PlannedExperiment): string[] {
  return Array.from({ length: rounds + 1 }, (_, i) => `r${i}`);
}

function ownTable(request: TablesRequest): ResultDraft {
  const planned = ownExperiment(request.settings, request.scale);
  const started = runWhole(request, planned);
  return ownDraft({
    planned,
    overview: overviewOf(started, "test"),
    validation: overviewOf(started, "validation"),
    rounds: roundsOf(started),
    texts: new Map(policiesOf(planned).map((policy) => [policy, testTexts(started.folder, policy)])),
    tried: readTuningLog().filter(({ scale }) => scale === request.scale),
    notes: request.notes,
  });
}

/** The first table's newest policy and the first on AlpacaEval's prompts, in an experiment of their own. */
function alpacaTable(request: TablesRequest): ResultDraft {
  const { settings, scale, folder, first, alpacaEval, notes } = request;
  if (alpacaEval === null) throw new Error("the table alpaca-eval needs --alpaca-eval FILE: AlpacaEval's prompts are not in this repository");
  const planned = ownExperiment(settings, scale);
  const newest = `r${planned.rounds}`;
  const own = runWhole(request, planned);
  const adapter = join(folder, `${newest}-adapter`);
  const policies = ["r0", TRAINED];
  if (!existsSync(adapter)) own.nashlab("policy", "export", newest, "--as", "peft", "--out", adapter);
  const prompts = [FILLER, ...alpacaEvalPrompts(readFileSync(alpacaEval, "utf8"), settings.scales[scale].alpacaEvalPrompts)];
  const config = { ...planned.config, splits: { ...planned.config.splits, shards: 1 } };
  const started = setUp(join(folder, "alpaca-eval"), { name: "alpaca-eval", config }, [first, { name: TRAINED, path: adapter }], prompts);
  started.nashlab("round", "sample");
  evaluateOnTest(started, policies);
  const texts = new Map(policies.map((policy) => [policy, testTexts(started.folder, policy)]));
  return alpacaDraft({ trained: TRAINED, overview: overviewOf(started, "test"), texts, notes });
}

/**
 * An arm begins as a copy of an experiment in which the first policy's responses are sampled: with the same seed each arm
 * would sample the same ones.
 */
function runArm({ folder, first }: Request, planned: PlannedExperiment): Started {
  const { shards } = planned.config.splits;
  const target = join(folder, planned.name);
  const sampled = (): Started => {
    const started = setUp(join(folder, `arms-sampled-${shards}`), planned, [first], ownPrompts(planned));
    started.nashlab("round", "sample");
    return started;
  };
  const started = copyOf(sampled, target, planned);
  runRounds(started, planned.rounds);
  evaluateOnTest(started, ["r0", `r${planned.rounds}`]);
  return started;
}

function armsTable(request: TablesRequest): ResultDraft {
  const arms = armExperiments(request.settings, request.scale).map((planned) => {
    const started = runArm(request, planned);
    const newest = `r${planned.rounds}`;
    const stages = roundsOf(started).flatMap((round) => round.stages);
    const unitsOf = (name: string): number => stages.filter(({ stage }) => stage === name).reduce((sum, { unitsDone }) => sum + unitsDone, 0);
    return {
      planned,
      overview: overviewOf(started, "test"),
      texts: new Map([[newest, testTexts(started.folder, newest)]]),
      pairs: unitsOf("pair"),
      steps: unitsOf("train"),
      scores: testScores(started.folder, newest, "r0"),
    };
  });
  const [dno, ...others] = arms;
  if (dno === undefined) throw new Error("expected arms in the settings, found none");
  const { evaluation, seed } = dno.planned.config;
  const differences = pairedDifferences(
    dno.scores,
    others.map(({ scores }) => scores),
    { ...evaluation, seed },
  );
  const facts: ArmFacts[] = [{ ...dno, paired: null }, ...others.map((arm, i) => ({ ...arm, paired: differences[i] ?? null }))];
  return armsDraft(facts, request.notes);
}
