/** How the page comes by its key. */
import { describe, expect, it } from "vitest";
import { type Address, takeKey } from "#renderer/lab-client/token.ts";
import { memoryStorage } from "./memory-storage.ts";

describe("the page's key", () => {
  it.each([
    ["#token=abc_-9", "lab"],
    ["#host=abc_-9", "host"],
    ["#once=n_-1", "host"],
  ] as const)("is taken from the address %s, kept for the tab and removed from sight", async (hash, opens) => {
    const replaced: string[] = [];
    const browser = address(hash, replaced);
    expect(await takeKey(browser)).toEqual({ opens, token: "abc_-9" });
    expect(replaced).toEqual(["#/rounds"]);
    expect(await takeKey({ ...browser, location: { hash: "#/annotate" } })).toEqual({ opens, token: "abc_-9" });
  });

  it("is missing where neither the address nor the tab has one", async () => {
    expect(await takeKey(address("#/rounds", []))).toEqual({ opens: "nothing", refusal: "noToken" });
    expect(await takeKey(address("#token=<b>", []))).toEqual({ opens: "nothing", refusal: "noToken" });
  });

  it("is missing where the server gives none for the address, or does not answer", async () => {
    expect(await takeKey(address("#once=spent", []))).toEqual({ opens: "nothing", refusal: "spentOnce" });
    const silent = { ...address("#once=n_-1", []), fetch: () => Promise.reject(new TypeError("Failed to fetch")) };
    expect(await takeKey(silent)).toEqual({ opens: "nothing", refusal: "spentOnce" });
  });
});

function address(hash: string, replaced: string[]): Address {
  return {
    location: { hash },
    history: { replaceState: (_data, _unused, url) => replaced.push(url) },
    sessionStorage: memoryStorage(),
    fetch: async (path, { body }) => {
      expect(path).toBe("/once");
      return await Promise.resolve(new Response("#host=abc_-9", { status: body === '{"once":"n_-1"}' ? 200 : 403 }));
    },
  };
}
