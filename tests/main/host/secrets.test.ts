/** Keys of endpoints on a Node host: where they are looked for, where they go, and whose they are. */
import { describe, expect, it } from "vitest";
import { ConfigError } from "#app/base/errors.ts";
import { createNodeSecrets, type Keychain, variableOf } from "#main/host/secrets.ts";
import { fc } from "#tests/support/properties.ts";

const ORIGIN = "https://api.openai.com";
/** As a key that was sealed for another account. */
const UNREADABLE = "unreadable";
const NO_KEYCHAIN = (): Promise<Keychain> => Promise.reject(new Error("no Secret Service"));

function keychain(): { readonly stored: Map<string, string>; readonly open: () => Promise<Keychain> } {
  const stored = new Map<string, string>();
  const chain: Keychain = {
    has: (account) => Promise.resolve(stored.has(account)),
    get: (account) =>
      stored.get(account) === UNREADABLE ? Promise.reject(new Error("cannot decrypt")) : Promise.resolve(stored.get(account) ?? null),
    set: (account, value) => Promise.resolve(void stored.set(account, value)),
    delete: (account) => Promise.resolve(void stored.delete(account)),
  };
  return { stored, open: () => Promise.resolve(chain) };
}

describe("keys", () => {
  it("go into the keychain and come out of it, also in a later process", async () => {
    const { open, stored } = keychain();
    const first = createNodeSecrets({}, open);
    expect(await first.placeOf(ORIGIN)).toBeUndefined();
    expect(await first.set(ORIGIN, "k1")).toBe("keychain");
    const second = createNodeSecrets({}, open);
    expect([await second.get(ORIGIN), await second.placeOf(ORIGIN)]).toEqual(["k1", "keychain"]);
    await second.delete(ORIGIN);
    expect([await second.get(ORIGIN), stored.size]).toEqual([undefined, 0]);
  });

  it("stay in memory, and say so, where no keychain answers", async () => {
    const secrets = createNodeSecrets({}, NO_KEYCHAIN);
    expect(await secrets.set(ORIGIN, "k1")).toBe("memory");
    expect([await secrets.get(ORIGIN), await secrets.placeOf(ORIGIN)]).toEqual(["k1", "memory"]);
    expect(await createNodeSecrets({}, NO_KEYCHAIN).get(ORIGIN)).toBeUndefined();
  });

  it("that the keychain cannot read are named as what they are, hide no other, and can be given again", async () => {
    const { open, stored } = keychain();
    const secrets = createNodeSecrets({}, open);
    stored.set(ORIGIN, UNREADABLE);
    expect([await secrets.placeOf(ORIGIN), await secrets.placeOf("https://other.example")]).toEqual(["keychain", undefined]);
    const reading = secrets.get(ORIGIN);
    await expect(reading).rejects.toBeInstanceOf(ConfigError);
    await expect(reading).rejects.toThrow("the key for api.openai.com cannot be read from the keychain; give it again.");
    expect(await secrets.set(ORIGIN, "k2")).toBe("keychain");
    expect(await secrets.get(ORIGIN)).toBe("k2");
  });

  it("are taken from the environment first", async () => {
    const { open } = keychain();
    await createNodeSecrets({}, open).set(ORIGIN, "stored");
    const secrets = createNodeSecrets({ NASHLAB_KEY_API_OPENAI_COM: " k2\n" }, open);
    expect([await secrets.get(ORIGIN), await secrets.placeOf(ORIGIN)]).toEqual(["k2", "environment"]);
    expect(await createNodeSecrets({ NASHLAB_KEY_API_OPENAI_COM: "" }, open).get(ORIGIN)).toBe("stored");
  });

  it("given for one host are found for no other", () => {
    const label = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,6}[a-z0-9])?$/u);
    const host = fc
      .tuple(fc.array(label, { minLength: 1, maxLength: 4 }), fc.option(fc.integer({ min: 1, max: 65_535 })))
      .map(([labels, port]) => `https://${labels.join(".")}${port === null ? "" : `:${port}`}`)
      // Two dashes in a row only begin names in another alphabet (xn--).
      .filter((origin) => !origin.includes("--"));
    fc.assert(
      fc.property(host, host, (a, b) => {
        expect(variableOf(a) === variableOf(b)).toBe(a === b);
        expect(variableOf(a)).toMatch(/^[A-Z_][A-Z0-9_]*$/u);
      }),
      { numRuns: 2000 },
    );
    expect([variableOf(ORIGIN), variableOf("https://api-openai.com")]).toEqual(["NASHLAB_KEY_API_OPENAI_COM", "NASHLAB_KEY_API__OPENAI_COM"]);
  });
});
