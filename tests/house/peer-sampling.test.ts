/** The record of sampling beside others: which peer is the best of a precision, by how much ours is ahead, and what is said of each. */
import { expect, test } from "vitest";
import { type NamedReport, OURS, peerSamplingDraft } from "#tools/bench/peer-sampling-draft.ts";
import type { PeerSamplingJob } from "#tools/bench/peer-sampling.ts";

const job: PeerSamplingJob = {
  model: "model.gguf",
  precision: "float32",
  scratch: "",
  prompts: ["a", "b"],
  promptIds: [
    [1, 2, 3],
    [4, 5],
  ],
  rows: [2, 1],
  newTokens: [64, 8],
  repeats: 3,
  threads: 2,
  temperature: 0.8,
  topK: 50,
  topP: 0.95,
};

/** With a start of 1 s; of three runs one met a busy machine. */
function report(name: string, precision: string, secondsAStep: number, versions: Readonly<Record<string, string>> = {}): NamedReport {
  const runs = job.rows.flatMap((rows) =>
    job.newTokens.flatMap((newTokens) =>
      [1, 1, 9].map((slowness) => {
        const seconds = slowness * (1 + newTokens * secondsAStep);
        return { rows, newTokens, seconds, cpuSeconds: 2 * seconds };
      }),
    ),
  );
  return { name, precision, report: { versions, flags: `flags of ${name}`, runs } };
}

test("ours stands beside the fastest peer of the same precision, at each number of rows", () => {
  const reports = [
    report(OURS, "float32", 0.25),
    report("slow peer", "float32", 2, { slow: "1.0" }),
    report("fast peer", "float32", 0.5, { fast: "2.0" }),
    report(OURS, "8bit", 0.125),
    report("fast peer, q8", "8bit", 0.125),
  ];
  const { tables = [], notes = [], summary } = peerSamplingDraft(reports, job);
  expect(tables[0]?.rows).toEqual([
    [2, "float32", "fast peer", "", "1.94 times", "2.00 times", "1.94 times"],
    [2, "8bit", "fast peer, q8", "", "1.00 times", "1.00 times", "1.00 times"],
    [1, "float32", "fast peer", "1 time", "1.94 times", "2.00 times", "1.94 times"],
    [1, "8bit", "fast peer, q8", "1 time", "1.00 times", "1.00 times", "1.00 times"],
  ]);
  expect(summary).toContain("2 prompts of 2 to 3 tokens");
  expect(summary).toContain("1.94 times at 2 in float32, 1.00 times at 2 in 8bit");
  expect(notes[0]).toContain("Versions: slow 1.0, fast 2.0.");
  expect(notes[0]).toContain("fast peer, q8 in 8bit: flags of fast peer, q8");
});

test("each sampler has its rates: tokens a second from prompts to texts, of decoding alone, and of processor time", () => {
  const { tables = [] } = peerSamplingDraft([report(OURS, "float32", 0.25), report("peer", "float32", 0.5)], job);
  expect(tables[1]?.rows).toEqual([
    [2, "float32", OURS, "7.5", "8.0", "3.8"],
    [2, "float32", "peer", "3.9", "4.0", "1.9"],
    [1, "float32", OURS, "3.8", "4.0", "1.9"],
    [1, "float32", "peer", "1.9", "2.0", "1.0"],
  ]);
});

test("ours says where its time went, in the run of the median", () => {
  const parted = report(OURS, "float32", 0.25);
  const runs = parted.report.runs.map((run) => ({ ...run, parts: { prompts: run.seconds / 4, decoding: run.seconds / 2 } }));
  const { tables = [] } = peerSamplingDraft([{ ...parted, report: { ...parted.report, runs } }, report("peer", "float32", 0.5)], job);
  expect(tables[2]?.rows).toEqual([
    [OURS, 2, "float32", "17.00", "prompts 25 %, decoding 50 %, drawing, texts and the rest 25 %"],
    [OURS, 1, "float32", "17.00", "prompts 25 %, decoding 50 %, drawing, texts and the rest 25 %"],
  ]);
});
