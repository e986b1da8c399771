/**
 * Step 8: two rounds of the demo for each oracle and seed; goes on where it stopped, and writes the record after each run.
 * RUNS at most. PART OF PARTS: every so many-th seed alone, into a file of its own, for a process a core; the record is of all files.
 */
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { duelBetween } from "#app/contract/result-tables.ts";
import { createForkHost } from "#main/host/process-host.ts";
import { createNodeSecrets } from "#main/host/secrets.ts";
import { userFolders } from "#main/host/user-folders.ts";
import { openLab } from "#main/lab/compose.ts";
import { writeRecord } from "#tools/results/record.ts";
import { EVIDENCE_ORACLES, evidenceDraft, type EvidenceOracle, type EvidenceRun, HELD_OUT, SEEDS } from "./evidence.ts";
import { DEMO, readLines, SHIPPED, WORK } from "./files.ts";
import { somePrompts } from "./stories.ts";

const [most = Infinity, part = 1, parts = 1] = process.argv.slice(2).map(Number);
mkdirSync(WORK, { recursive: true });
const file = join(WORK, `evidence-${part}-of-${parts}.jsonl`);
const done = await allRuns();
const isDone = (oracle: EvidenceOracle, seed: number): boolean => done.some((run) => run.oracle === oracle && run.seed === seed);
const seeds = SEEDS.filter((seed) => seed % parts === part % parts);
const todo = seeds.flatMap((seed) => EVIDENCE_ORACLES.filter((oracle) => !isDone(oracle, seed)).map((oracle) => ({ oracle, seed })));

for (const { oracle, seed } of todo.slice(0, most)) {
  const run = await runDemo(oracle, seed);
  appendFileSync(file, `${JSON.stringify(run)}\n`);
  writeRecord("embedded-evidence", evidenceDraft(await allRuns()));
  process.stderr.write(
    `${oracle} ${seed}: ${run.winRate.toFixed(3)} (${run.low.toFixed(3)}-${run.high.toFixed(3)}), ${run.verdict}, ${run.seconds.toFixed(0)} s\n`,
  );
}

/** Of all parts, as other processes have written them so far. */
async function allRuns(): Promise<readonly EvidenceRun[]> {
  const files = readdirSync(WORK).filter((name) => /^evidence-\d+-of-\d+\.jsonl$/u.test(name));
  return (await Promise.all(files.map((name) => readLines<EvidenceRun>(join(WORK, name))))).flat();
}

async function runDemo(oracle: EvidenceOracle, seed: number): Promise<EvidenceRun> {
  const startedAt = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "nashlab-evidence-"));
  const lab = await openLab({
    folder,
    processHost: createForkHost(),
    host: "cli",
    cacheDir: userFolders(process.env).cache,
    takenOverFrom: null,
    secrets: createNodeSecrets({}, () => Promise.reject(new Error("no key is needed"))),
  });
  try {
    const client = lab.client("owner");
    const config = experimentConfigSchema.parse({ ...(JSON.parse(readFileSync(join(DEMO, `${oracle}.json`), "utf8")) as object), seed }); // the demo's settings
    await client.experiments.create({ name: `${oracle} ${seed}`, config });
    await client.policies.add({ path: SHIPPED, name: "r0" });
    const training = (await readLines<{ readonly prompt: string; readonly split: string }>(join(DEMO, "prompts.jsonl"))).filter(
      ({ split }) => split === "training",
    );
    const heldOut = [...somePrompts("validation", HELD_OUT), ...somePrompts("test", HELD_OUT)]
      .slice(0, HELD_OUT)
      .map((prompt) => ({ prompt, split: "validation" }));
    const text = [...training, ...heldOut].map((row) => `${JSON.stringify(row)}\n`).join("");
    await client.experiments.importPrompts({ path: "evidence.jsonl", text });
    for (const round of [1, 2]) {
      await client.rounds.start({});
      const { state, error } = await client.rounds.settle();
      if (state !== "done") throw new Error(`${oracle} ${seed}: round ${round} is ${state}: ${error ?? ""}`);
    }
    const overview = await client.results.overview({});
    const duel = overview === null ? undefined : duelBetween(overview, "r2", "r0");
    if (overview === null || duel === undefined) throw new Error(`${oracle} ${seed}: nothing was measured`);
    return {
      oracle,
      seed,
      winRate: duel.winRate,
      low: duel.low,
      high: duel.high,
      n: duel.n,
      meanLength: duel.meanLength,
      firstMeanLength: duel.opponentMeanLength,
      verdict: overview.choice?.verdict ?? "none",
      headline: overview.choice?.headline ?? "",
      clearCycles: overview.cycles.clear.length,
      circles: { verdict: overview.circles.verdict, circular: overview.circles.circular, drawnIn: overview.circles.drawnIn },
      seconds: (performance.now() - startedAt) / 1000,
    };
  } finally {
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
