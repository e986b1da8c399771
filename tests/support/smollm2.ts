/** The GGUF of SmolLM2-135M-Instruct where it was fetched; tests that need it say aloud when they are passed over. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "vitest";
import { userFolders } from "#main/host/user-folders.ts";

const SMOLLM2_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf";

/** NASHLAB_SMOLLM2, or where tools/tasks/fetch-smollm2.ts puts it; undefined if the file is in neither place. */
export function smolLm2Path(): string | undefined {
  const candidates = [process.env["NASHLAB_SMOLLM2"], join(userFolders(process.env).cache, "models", SMOLLM2_FILE)];
  return candidates.find((path) => path !== undefined && existsSync(path));
}

/** Where tests convert it to float32 (538 MB), once for all runs. */
export function smolLm2CacheDir(): string {
  return join(userFolders(process.env).cache, "tests");
}

/** A describe block that gets the file's path; without the file, one skipped test that says what is missing. */
export function describeWithSmolLm2(name: string, tests: (path: string) => void): void {
  const path = smolLm2Path();
  describe(name, () => {
    if (path === undefined)
      it("needs the real model", (context) => context.skip("SmolLM2 is not on this machine; `node tools/run.cjs fetch-smollm2` fetches it (98 MB)"));
    else tests(path);
  });
}
