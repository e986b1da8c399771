/** The test projects: quick ones for the pure rooms, the drivers and the page; then those that start a whole lab or a browser. */
import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const SECOND_MS = 1000;

function project(name: string, folders: readonly string[], timeoutMs: number, groupOrder: number) {
  return {
    extends: true as const,
    test: {
      name,
      include: folders.map((folder) => `tests/${folder}/**/*.test.{ts,tsx}`),
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
      sequence: { groupOrder },
    },
  };
}

export default defineConfig({
  // The real module downloads Electron when it is imported outside of it.
  resolve: { alias: { electron: resolve(import.meta.dirname, "tests/support/electron/fake-electron.ts") } },
  test: {
    // Native parts (SQLite, ONNX Runtime) want a process of their own.
    pool: "forks",
    projects: [
      project("app", ["app"], 60 * SECOND_MS, 0),
      project("main", ["main"], 120 * SECOND_MS, 0),
      project("renderer", ["renderer"], 60 * SECOND_MS, 0),
      project("house", ["house"], 120 * SECOND_MS, 0),
      project("electron", ["electron"], 300 * SECOND_MS, 1),
      project("e2e", ["e2e"], 600 * SECOND_MS, 1),
    ],
  },
});
