/** The GGUF of SmolLM2-135M-Instruct where it was fetched; tests that need it say aloud when they are passed over. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe } from "vitest";
import { userFolders } from "#main/host/user-folders.ts";

export const SMOLLM2_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf";

/** NASHLAB_SMOLLM2, or where tools/fetch-smollm2.ts puts it; undefined if the file is in neither place. */
export function smolLm2Path(): string | undefined {
  const candidates = [process.env["NASHLAB_SMOLLM2"], join(userFolders(process.env).cache, "models", SMOLLM2_FILE)];
  return candidates.find((path) => path !== undefined && existsSync(path));
}

/** Where tests convert it to float32 (538 MB), once for all runs. */
export function smolLm2CacheDir(): string {
  return join(userFolders(process.env).cache, "tests");
}

/** A describe block that gets the file's path, or is skipped under a name that says what is missing. */
export function describeWithSmolLm2(name: string, tests: (path: string) => void): void {
  const path = smolLm2Path();
  if (path === undefined) describe.skip(`${name} (passed over: SmolLM2 is not here; node tools/fetch-smollm2.ts fetches it)`, () => undefined);
  else
    describe(name, () => {
      tests(path);
    });
}
