/** Keys on a Node host: in the system's keychain where one answers, else in the environment or in memory. */
import { ConfigError } from "#app/base/errors.ts";
import { hostOf } from "#app/domain/endpoint.ts";
import type { SecretPlace, SecretStore } from "#app/rounds/ports.ts";
import { hostWords } from "#app/text/host.ts";

/** The keychain as it is used here; each call may fail. */
export type Keychain = {
  /** Whether something is kept, be it readable or not. */
  has(account: string): Promise<boolean>;
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
  const findHere = (origin: string): { readonly place: SecretPlace; readonly value: string } | undefined => {
    const fromEnv = env[variableOf(origin)];
    if (fromEnv !== undefined && fromEnv.trim() !== "") return { place: "environment", value: fromEnv.trim() };
    const inMemory = memory.get(origin);
    return inMemory === undefined ? undefined : { place: "memory", value: inMemory };
  };
  const fromKeychain = async (origin: string): Promise<string | undefined> => {
    try {
      return (await (await keychain())?.get(origin)) ?? undefined;
    } catch (cause) {
      // Sealed for another account or system: only giving it again mends it.
      throw new ConfigError(hostWords.keyUnreadable(hostOf(origin)), { host: hostOf(origin) }, { cause });
    }
  };
  return {
    variableOf,
    get: async (origin) => findHere(origin)?.value ?? (await fromKeychain(origin)),
    // Does not read it: one key that cannot be read must not hide the others, nor the way to give it again.
    placeOf: async (origin) => findHere(origin)?.place ?? ((await (await keychain())?.has(origin)) === true ? "keychain" : undefined),
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
    // The library has no question of its own for it, and gives nothing where nothing is kept: what fails is there.
    has: async (account) =>
      await entryOf(account)
        .getPassword(patience())
        .then(
          (found) => found != null,
          () => true,
        ),
    get: async (account) => await entryOf(account).getPassword(patience()),
    set: async (account, value) => {
      await entryOf(account).setPassword(value, patience());
    },
    delete: async (account) => {
      await entryOf(account).deletePassword(patience());
    },
  };
}
