/** Keys in the system's keychain, by Electron's safeStorage: encrypted files, never readable without the user's own account. */
import { access, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { safeStorage } from "electron";
import { ConfigError } from "#app/base/errors.ts";
import { shellWords } from "#app/text/shell.ts";
import type { Keychain } from "#main/host/secrets.ts";

/**
 * One file a secret under `folder`, named by a hash. Throws ConfigError where the system offers no keychain: a key that
 * anyone could read is not kept.
 */
export function createSafeStorageKeychain(folder: string): Keychain {
  const pathOf = (name: string): string => join(folder, createHash("sha256").update(name).digest("hex").slice(0, 32));
  const keep = async (name: string, value: string): Promise<void> => {
    await requireKeychain();
    const sealed = await safeStorage.encryptStringAsync(value);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(`${pathOf(name)}.new`, sealed, { mode: 0o600 });
    await rename(`${pathOf(name)}.new`, pathOf(name));
  };
  return {
    has: async (name) =>
      await access(pathOf(name)).then(
        () => true,
        () => false,
      ),
    get: async (name) => {
      await requireKeychain();
      const sealed = await readFile(pathOf(name)).catch(() => undefined);
      if (sealed === undefined) return null;
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(sealed);
      if (shouldReEncrypt) await keep(name, result);
      return result;
    },
    set: keep,
    delete: async (name) => {
      await rm(pathOf(name), { force: true });
    },
  };
}

async function requireKeychain(): Promise<void> {
  const isPlain = process.platform === "linux" && safeStorage.getSelectedStorageBackend() === "basic_text";
  if (!isPlain && (await safeStorage.isAsyncEncryptionAvailable())) return;
  throw new ConfigError(shellWords.noKeychain);
}
