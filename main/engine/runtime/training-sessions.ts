/** How the runtime sessions of training and scoring hold their memory, and how many of them that lets be kept. */
import type { Device } from "#app/domain/device.ts";
import { costOf } from "#app/graph/cost.ts";
import type { SessionOptions } from "./onnx-session.ts";
import type { KeepRule } from "./session-cache.ts";

/** What a session holds beside what it works in, measured on graphs of four thousand nodes. */
const BYTES_PER_NODE = 4096;
/** Held by sessions of many sizes beside what they all work in. */
const MOST_GRAPH_BYTES = 512e6;
/** Where each works in memory of its own: at least so much is kept, and as much as two of the heaviest. */
const LEAST_KEPT_BYTES = 512e6;
const HEAVIEST_TIMES = 2;

export type TrainingSessions = {
  readonly options: Pick<SessionOptions, "workingMemory">;
  readonly keep: KeepRule;
  /** What sessions of other sizes hold beside the heaviest, from what each of them works in. */
  bytesBeside(workingBytes: readonly number[]): number;
};

/**
 * Sessions that share their memory take no more of it than the largest alone: then all are kept, and none is made twice.
 * They can where malloc keeps what is freed at hand, which is measured on Linux and nowhere else; a device has its own way.
 */
export function trainingSessions(device: Device, platform: NodeJS.Platform = process.platform): TrainingSessions {
  return platform === "linux" && device === "cpu" ? SHARED : OWN;
}

const SHARED: TrainingSessions = {
  options: { workingMemory: "shared" },
  keep: { weigh: ({ nodes }) => nodes.length * BYTES_PER_NODE, limit: () => MOST_GRAPH_BYTES },
  bytesBeside: () => 0,
};

const OWN: TrainingSessions = {
  options: { workingMemory: "own" },
  keep: { weigh: (graph) => costOf(graph).peakBytes + graph.nodes.length * BYTES_PER_NODE, limit: keptBytes },
  bytesBeside: (workingBytes) => {
    const heaviest = Math.max(0, ...workingBytes);
    const all = workingBytes.reduce((sum, bytes) => sum + bytes, 0);
    return Math.min(all, keptBytes(heaviest)) - heaviest;
  },
};

function keptBytes(heaviest: number): number {
  return Math.max(LEAST_KEPT_BYTES, HEAVIEST_TIMES * heaviest);
}
