/** How the page comes by its key. */
import { describe, expect, it } from "vitest";
import { type Address, takeKey } from "#renderer/lab-client/token.ts";
import { memoryStorage } from "./memory-storage.ts";

describe("the page's key", () => {
  it.each([
    ["#token=abc_-9", "lab"],
    ["#host=abc_-9", "host"],
  ] as const)("is taken from the address %s, kept for the tab and removed from sight", (hash, opens) => {
    const replaced: string[] = [];
    const browser = address(hash, replaced);
    expect(takeKey(browser)).toEqual({ opens, token: "abc_-9" });
    expect(replaced).toEqual(["#/rounds"]);
    expect(takeKey({ ...browser, location: { hash: "#/annotate" } })).toEqual({ opens, token: "abc_-9" });
  });

  it("is missing where neither the address nor the tab has one", () => {
    expect(takeKey(address("#/rounds", []))).toBeUndefined();
    expect(takeKey(address("#token=<b>", []))).toBeUndefined();
  });
});

function address(hash: string, replaced: string[]): Address {
  return {
    location: { hash },
    history: { replaceState: (_data, _unused, url) => replaced.push(url) },
    sessionStorage: memoryStorage(),
  };
}
