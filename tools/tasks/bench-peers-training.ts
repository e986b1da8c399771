/** `node tools/run.cjs bench-peers-training VENV`: training beside TRL on PyTorch, the same pairs and threads; VENV is what tools/peers/training/setup.sh made. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { CHILD_ENVIRONMENT } from "#main/host/child-environment.ts";
import { userFolders } from "#main/host/user-folders.ts";
import type { BenchJob } from "../bench/training-run.ts";
import { profileTable } from "../bench/training-profile.ts";
import { FLOOR_SHAPE, pairOf, type RunReport, runReportSchema } from "../bench/training-shapes.ts";
import { ROOT } from "../checks/root.ts";
import { makePages } from "../docs/pages.ts";
import { writeRecord } from "../results/record.ts";

const THREADS = 2;
const PAIRS = 16;
const RATE_STEPS = 2;
const RATE_WINDOW_MS = 400;
const SETTINGS = ["defaults", "best", "bf16"] as const;
/** In pairs a second, over TRL. */
const GOALS: { readonly [Setting in (typeof SETTINGS)[number]]: string } = { defaults: "3 times", best: "1.5 times", bf16: "" };

const peerSchema = z.object({
  seconds: z.number(),
  cpuSeconds: z.number(),
  peakBytes: z.number(),
  versions: z.record(z.string(), z.string()),
  flags: z.record(z.string(), z.union([z.number(), z.boolean(), z.null()])),
});

const [venv] = process.argv.slice(2);
if (venv === undefined) {
  process.stderr.write("bench-peers-training: expected the folder of a Python environment; tools/peers/training/setup.sh FOLDER makes one.\n");
  process.exit(2);
}
const model = execFileSync(process.execPath, [join(ROOT, "tools", "run.cjs"), "fetch-smollm2"], { encoding: "utf8" }).trim();
const scratch = mkdtempSync(join(tmpdir(), "nashlab-peers-"));
const stdio: ["ignore", "pipe", "inherit"] = ["ignore", "pipe", "inherit"];

function runOurs(steps: number, windowMs: number): RunReport {
  const cacheDir = join(userFolders(process.env).cache, "tests");
  const job: BenchJob = { shape: FLOOR_SHAPE, model, cacheDir, threads: THREADS, steps, windowMs, isPackingOnly: false };
  const env = { ...process.env, ...CHILD_ENVIRONMENT };
  const output = execFileSync(process.execPath, [join(ROOT, "tools", "bench", "training-run.ts"), JSON.stringify(job)], {
    encoding: "utf8",
    env,
    stdio,
  });
  return runReportSchema.parse(JSON.parse(output));
}

function runPeer(job: Readonly<Record<string, unknown>>): string {
  const script = join(ROOT, "tools", "peers", "training", "trl_pairs.py");
  const env = { ...process.env, OMP_NUM_THREADS: String(THREADS), HF_HUB_OFFLINE: "1", PYTHONWARNINGS: "ignore" };
  const folder = join(scratch, "model");
  const text = JSON.stringify({ ...job, model: folder, scratch, threads: THREADS });
  return execFileSync(join(venv ?? "", "bin", "python"), [script, text], { encoding: "utf8", env, stdio });
}

function measurePeer(setting: (typeof SETTINGS)[number]) {
  const pairs = Array.from({ length: PAIRS }, (_, i) => {
    const { promptIds, chosenIds, rejectedIds } = pairOf(FLOOR_SHAPE, 3 * i);
    return { prompt_ids: promptIds, chosen_ids: chosenIds, rejected_ids: rejectedIds };
  });
  return peerSchema.parse(JSON.parse(runPeer({ setting, pairs }).trim().split("\n").at(-1) ?? ""));
}

try {
  runPeer({ setting: "prepare", gguf: model });
  const report = runOurs(PAIRS, 0);
  const ours = { seconds: report.totalMs / 1000, cpuSeconds: report.totalCpuMs / 1000, peakBytes: report.peakBytes };
  // The machine's own rate, between steps of a run whose times count for nothing.
  const machineRate = Math.max(...runOurs(RATE_STEPS, RATE_WINDOW_MS).gemmRates);
  const peers = SETTINGS.map((setting) => {
    process.stderr.write(`bench-peers-training: TRL, ${setting} ...\n`);
    return { setting, ...measurePeer(setting) };
  });
  const rows = [
    { name: "Nash Lab", flags: "references once, packed pairs", goal: "", ...ours },
    ...peers.map((peer) => ({ ...peer, ...namesOf(peer) })),
  ];
  writeRecord("training-peers", {
    section: "Peers",
    title: "Training beside TRL on PyTorch",
    summary: `${PAIRS} pairs of SmolLM2-135M, prompt 256 and responses 128 tokens, LoRA of rank 16 on all seven linear maps, one epoch with its reference log-probabilities, ${THREADS} threads on either side.`,
    commands: ["tools/peers/training/setup.sh VENV", "node tools/run.cjs bench-peers-training VENV"],
    sources: ["main/engine/training", "app/training", "app/autodiff", "app/graph", "tools/peers/training", "tools/bench"],
    tables: [
      {
        columns: ["what", "settings", "pairs a second", "goal", "ours over it", "by processor time", "peak memory"],
        rows: rows.map((row) => [
          row.name,
          row.flags,
          (PAIRS / row.seconds).toFixed(3),
          row.goal,
          `${(row.seconds / ours.seconds).toFixed(2)} times`,
          `${(row.cpuSeconds / ours.cpuSeconds).toFixed(2)} times`,
          `${(row.peakBytes / 1e9).toFixed(2)} GB`,
        ]),
      },
      profileTable(report, machineRate),
    ],
    notes: [
      `Versions: ${Object.entries(peers[0]?.versions ?? {})
        .map(([name, version]) => `${name} ${version}`)
        .join(", ")}.`,
      "Goals: 3 times TRL's defaults and 1.5 times its best float32 setting in pairs a second, at no more memory.",
      "Both train on the same token ids. Times are of the references and all steps, and on our side of making the graphs; not of opening the model. One after the other in one run; on a busy machine compare processor times.",
    ],
  });
  makePages();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function namesOf({ setting, flags }: { readonly setting: (typeof SETTINGS)[number]; readonly flags: Readonly<Record<string, unknown>> }): {
  name: string;
  flags: string;
  goal: string;
} {
  return {
    name: `TRL, ${setting}`,
    flags: Object.entries(flags)
      .map(([flag, value]) => `${flag} ${String(value)}`)
      .join(", "),
    goal: GOALS[setting],
  };
}
