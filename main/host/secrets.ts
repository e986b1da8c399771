/** Keys on a Node host: in the system's keychain where one answers, else in the environment or in memory. */
import type { SecretPlace, SecretStore } from "#app/rounds/ports.ts";

/** The keychain as it is used here; each call may fail. */
export type Keychain = {
  get(account: string): Promise<string | null>;
  set(account: string, value: string): Promise<void>;
  delete(account: string): Promise<void>;
};

const SERVICE = "nashlab";
/** A keychain that says nothing for so long is taken for none. */
const PATIENCE_MS = 5000;

/**
 * A variable of the environment is looked at first, as its user has just said so; it cannot be set from here. `open`
 * makes the keychain, or throws where there is none.
 */
export function createNodeSecrets(env: Readonly<Record<string, string | undefined>>, open: () => Promise<Keychain> = openKeyring): SecretStore {
  const memory = new Map<string, string>();
  let opening: Promise<Keychain | undefined> | undefined;
  // Asked once: a keychain that is not there does not come while the lab runs.
  const keychain = (): Promise<Keychain | undefined> => (opening ??= probed(open));
  const find = async (origin: string): Promise<{ readonly place: SecretPlace; readonly value: string } | undefined> => {
    const fromEnv = env[variableOf(origin)];
    if (fromEnv !== undefined && fromEnv.trim() !== "") return { place: "environment", value: fromEnv.trim() };
    const inMemory = memory.get(origin);
    if (inMemory !== undefined) return { place: "memory", value: inMemory };
    const stored = await (await keychain())?.get(origin);
    return stored == null ? undefined : { place: "keychain", value: stored };
  };
  return {
    variableOf,
    get: async (origin) => (await find(origin))?.value,
    placeOf: async (origin) => (await find(origin))?.place,
    set: async (origin, value) => {
      const chain = await keychain();
      if (chain === undefined) {
        memory.set(origin, value);
        return "memory";
      }
      await chain.set(origin, value);
      return "keychain";
    },
    delete: async (origin) => {
      memory.delete(origin);
      await (await keychain())?.delete(origin);
    },
  };
}

/**
 * `NASHLAB_KEY_API_OPENAI_COM` for https://api.openai.com. Different hosts have different names (a dash is two
 * underscores), so that a key given for one host is never found for another.
 */
export function variableOf(origin: string): string {
  const host = origin.replace(/^https?:\/\//u, "");
  const name = [...host].map(
    (char) => SPELLINGS[char] ?? (/[a-z0-9]/u.test(char) ? char.toUpperCase() : `_x${char.codePointAt(0)?.toString(16) ?? ""}_`),
  );
  return `NASHLAB_KEY_${name.join("")}`;
}

const SPELLINGS: Readonly<Record<string, string>> = { ".": "_", "-": "__", ":": "_PORT_" };

async function probed(open: () => Promise<Keychain>): Promise<Keychain | undefined> {
  try {
    const keychain = await open();
    await keychain.get("probe");
    return keychain;
  } catch {
    // No keychain here, or it is locked: the place of each key says so.
    return undefined;
  }
}

/** The system's keychain through its library. On Linux only the Secret Service counts: the kernel's keyring forgets. */
async function openKeyring(): Promise<Keychain> {
  const { AsyncEntry } = await import("@napi-rs/keyring");
  const entryOf = (account: string) => new AsyncEntry(SERVICE, account, { linux: { store: "secret-service" } });
  const patience = (): AbortSignal => AbortSignal.timeout(PATIENCE_MS);
  return {
    get: async (account) => await entryOf(account).getPassword(patience()),
    set: async (account, value) => {
      await entryOf(account).setPassword(value, patience());
    },
    delete: async (account) => {
      await entryOf(account).deletePassword(patience());
    },
  };
}
