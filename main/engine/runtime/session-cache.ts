/** Keeps the runtime sessions used last: each costs time to make and memory to hold. */
import type { Graph } from "#app/graph/types.ts";
import { createRuntimeSession, type RuntimeSession, type SessionOptions } from "./runtime-session.ts";

export type SessionCache = {
  /** The session of a key, made from `graph` if it is not there; the one used longest ago may go for it. */
  get(key: string, graph: () => Graph): Promise<RuntimeSession>;
  release(): Promise<void>;
};

export function createSessionCache(capacity: number, options: SessionOptions): SessionCache {
  // A Map keeps the order of insertion: the first key is the one used longest ago.
  const sessions = new Map<string, RuntimeSession>();
  return {
    get: async (key, graph) => {
      const known = sessions.get(key);
      if (known !== undefined) {
        sessions.delete(key);
        sessions.set(key, known);
        return known;
      }
      const [oldest] = sessions;
      if (oldest !== undefined && sessions.size >= capacity) {
        sessions.delete(oldest[0]);
        await oldest[1].release();
      }
      const session = await createRuntimeSession(graph(), options);
      sessions.set(key, session);
      return session;
    },
    release: async () => {
      const open = [...sessions.values()];
      sessions.clear();
      for (const session of open) await session.release();
    },
  };
}
