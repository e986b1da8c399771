/** The long tests, one file after the other: what is measured must not share its cores with another measurement. */
import { defineConfig } from "vitest/config";

const HOUR_MS = 3_600_000;

export default defineConfig({
  test: {
    pool: "forks",
    include: ["tests/long/**/*.test.{ts,tsx}"],
    fileParallelism: false,
    testTimeout: 4 * HOUR_MS,
    hookTimeout: 4 * HOUR_MS,
  },
});
