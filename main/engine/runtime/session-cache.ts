/** Keeps the runtime sessions used last: each costs time to make and memory to hold. */
import type { Graph } from "#app/graph/types.ts";
import { type DeviceMemory, openDeviceMemory } from "./device-memory.ts";
import type { SessionOptions } from "./onnx-session.ts";
import { createRuntimeSession, type RuntimeSession } from "./runtime-session.ts";

export type SessionCache = {
  /** The session of a key, made from `graph` if it is not there; those used longest ago may go for it. */
  get(key: string, graph: () => Graph): Promise<RuntimeSession>;
  /** Memory of the sessions' device, which whoever opens it releases; undefined where the device keeps nothing between runs. */
  openMemory(): DeviceMemory | undefined;
  release(): Promise<void>;
};

/** How much is kept. */
export type KeepRule = {
  /** What the session of a graph counts for. */
  weigh(graph: Graph): number;
  /** What sessions may count for together, where the heaviest of them so far counts for `heaviest`. */
  limit(heaviest: number): number;
};

/** `keep`: a rule, or so many sessions. One session is kept however much it counts for. */
export function createSessionCache(keep: number | KeepRule, options: SessionOptions): SessionCache {
  const { weigh, limit } = typeof keep === "number" ? { weigh: () => 1, limit: () => keep } : keep;
  // A Map keeps the order of insertion: the first key is the one used longest ago.
  const sessions = new Map<string, { readonly session: RuntimeSession; readonly weight: number }>();
  let heaviest = 0;
  const releaseOldest = async (): Promise<void> => {
    for (const [key, { session }] of sessions) {
      sessions.delete(key);
      await session.release();
      return;
    }
  };
  const held = (): number => [...sessions.values()].reduce((sum, { weight }) => sum + weight, 0);
  return {
    get: async (key, build) => {
      const known = sessions.get(key);
      if (known !== undefined) {
        sessions.delete(key);
        sessions.set(key, known);
        return known.session;
      }
      const graph = build();
      const weight = weigh(graph);
      heaviest = Math.max(heaviest, weight);
      while (sessions.size > 0 && held() + weight > limit(heaviest)) await releaseOldest();
      const session = await createRuntimeSession(graph, options);
      sessions.set(key, { session, weight });
      return session;
    },
    openMemory: () => openDeviceMemory(options),
    release: async () => {
      heaviest = 0;
      while (sessions.size > 0) await releaseOldest();
    },
  };
}
