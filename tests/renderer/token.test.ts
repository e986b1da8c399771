/** How the page comes by its key. */
import { describe, expect, it } from "vitest";
import { type Address, takeToken } from "#renderer/lab-client/token.ts";
import { memoryStorage } from "./memory-storage.ts";

describe("the page's key", () => {
  it("is taken from the address, kept for the tab and removed from sight", () => {
    const replaced: string[] = [];
    const browser = address("#token=abc_-9", replaced);
    expect(takeToken(browser)).toBe("abc_-9");
    expect(replaced).toEqual(["#/rounds"]);
    expect(takeToken({ ...browser, location: { hash: "#/annotate" } })).toBe("abc_-9");
  });

  it("is missing where neither the address nor the tab has one", () => {
    expect(takeToken(address("#/rounds", []))).toBeUndefined();
    expect(takeToken(address("#token=<b>", []))).toBeUndefined();
  });
});

function address(hash: string, replaced: string[]): Address {
  return {
    location: { hash },
    history: { replaceState: (_data, _unused, url) => replaced.push(url) },
    sessionStorage: memoryStorage(),
  };
}
