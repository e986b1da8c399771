/** Keys for tests: as on a machine without a keychain, so that nobody's own is touched. */
import type { SecretStore } from "#app/rounds/ports.ts";
import { createNodeSecrets } from "#main/host/secrets.ts";

export function memorySecrets(env: Readonly<Record<string, string | undefined>> = {}): SecretStore {
  return createNodeSecrets(env, () => Promise.reject(new Error("no keychain in tests")));
}
