/** Addresses of judges: what counts as this machine, as a local network, as safe for a key; and what things cost. */
import { describe, expect, it } from "vitest";
import { costUsd, endpointSchema, hostOf, isLoopback, isPrivate, originOf, priceOf } from "#app/domain/endpoint.ts";

const endpoint = (baseUrl: string, more: object = {}) => endpointSchema.parse({ name: "e", baseUrl, ...more });

describe("an endpoint's address", () => {
  it("is compared without case, port and path kept, slashes at the end dropped", () => {
    expect(endpoint(" HTTPS://API.OpenAI.com/v1// ").baseUrl).toBe("https://api.openai.com/v1");
    expect(hostOf("http://127.0.0.1:8000/v1")).toBe("127.0.0.1:8000");
    expect(originOf("https://api.openai.com/v1")).toBe("https://api.openai.com");
  });

  it.each(["ftp://example.org", "https://user:secret@example.org/v1", "https://example.org/v1?key=1", "https://example.org/#x", "example.org", ""])(
    "is refused as %j",
    (url) => expect(endpointSchema.safeParse({ name: "e", baseUrl: url }).success).toBe(false),
  );

  it("may be without encryption only where nobody on the internet can read along", () => {
    expect(endpointSchema.safeParse({ name: "e", baseUrl: "http://api.example.org/v1" }).success).toBe(false);
    for (const url of ["http://localhost:1/v1", "http://192.168.1.20:8000/v1", "http://10.0.0.3", "http://172.31.9.9", "http://box.local/v1"]) {
      expect(endpoint(url).baseUrl, url).toBe(url);
    }
  });

  it.each([
    ["localhost:8000", true, true],
    ["127.0.0.1", true, true],
    ["[::1]:80", true, true],
    ["127.0.0.1.example.org", false, false],
    ["10.example.org", false, false],
    ["172.32.0.1", false, false],
    ["192.168.0.1", false, true],
    ["[fd00::1]", false, true],
    ["api.openai.com", false, false],
  ])("%s: this machine %s, a local network %s", (host, loopback, local) => {
    expect([isLoopback(host), isPrivate(host)]).toEqual([loopback, local]);
  });
});

it("a time-out is no longer than a reply is waited for", () => {
  expect(endpoint("https://a.org", { timeoutMs: 300_000 }).timeoutMs).toBe(300_000);
  const { error } = endpointSchema.safeParse({ name: "e", baseUrl: "https://a.org", timeoutMs: 300_001 });
  expect(error?.issues[0]?.message).toBe("expected at most 300 s, as a reply that has not begun by then is given up, whatever is asked for");
});

describe("a price", () => {
  it("is the model's own, and nothing on this machine unless one is stated", () => {
    const price = { model: "m", inputUsdPerMillion: 2, outputUsdPerMillion: 8 };
    expect(priceOf(endpoint("https://a.org", { prices: [price] }), "m")).toEqual(price);
    expect(priceOf(endpoint("https://a.org", { prices: [price] }), "other")).toBeUndefined();
    expect(priceOf(endpoint("http://127.0.0.1:9/v1"), "m")).toMatchObject({ inputUsdPerMillion: 0, outputUsdPerMillion: 0 });
    expect(priceOf(endpoint("http://127.0.0.1:9/v1", { prices: [price] }), "m")).toEqual(price);
  });

  it("makes dollars of tokens", () => {
    // 1,000,000 at $2 and 500,000 at $8 a million.
    expect(costUsd({ model: "m", inputUsdPerMillion: 2, outputUsdPerMillion: 8 }, 1_000_000, 500_000)).toBe(6);
  });
});
