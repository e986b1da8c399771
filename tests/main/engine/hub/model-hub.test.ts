/** Models from a hub that behaves and one that does not, into a cache that Python would find. */
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConflictError } from "#app/base/errors.ts";
import { type HubSource, parseHubSource } from "#app/domain/hub-source.ts";
import type { HubProgress, ModelHub } from "#app/rounds/ports.ts";
import { createModelHub } from "#main/engine/hub/model-hub.ts";
import { gitHash, type HubRepo, type HubServer, sha256, startHub } from "#tests/support/hub-server.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

const never = new AbortController().signal;
const WEIGHTS = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7919) >> 3);
const CONFIG = Buffer.from('{"model_type":"llama"}');
const FILES = {
  "config.json": CONFIG,
  "tokenizer.json": Buffer.from("{}"),
  "model.safetensors": WEIGHTS,
  "README.md": Buffer.from("hello"),
  "pytorch_model.bin": Buffer.from("pickle"),
};
const REPO: HubRepo = { name: "someone/tiny", files: FILES, small: ["config.json", "tokenizer.json", "README.md"] };

type Bench = { readonly hub: ModelHub; readonly server: HubServer; readonly cache: string; readonly waits: number[]; readonly home: string };

async function bench(repo: HubRepo = REPO, env: Readonly<Record<string, string>> = {}, fetchOut: typeof fetch = fetch): Promise<Bench> {
  const server = await startHub(repo);
  const home = tempFolder();
  const waits: number[] = [];
  const hub = createModelHub({
    fetch: fetchOut,
    env: { HF_HOME: home, HF_ENDPOINT: server.url, ...env },
    wait: (milliseconds) => {
      waits.push(milliseconds);
      return Promise.resolve();
    },
  });
  return { hub, server, home, waits, cache: join(home, "hub", "models--someone--tiny") };
}

function source(text = "hf:someone/tiny"): HubSource {
  const parsed = parseHubSource(text);
  if (parsed === undefined) throw new Error(`${text} is no name on the hub`);
  return parsed;
}

const get = ({ hub }: Bench, text?: string): Promise<string> => hub.fetch(source(text), undefined, () => undefined, never);
const ranges = ({ server }: Bench): readonly (string | undefined)[] =>
  server.requests.filter(({ path }) => path.endsWith("model.safetensors")).map(({ range }) => range);

describe("names on the hub", () => {
  it("may have a revision or a GGUF file, and nothing that climbs out", () => {
    expect(source("hf:a/b")).toEqual({ repo: "a/b", revision: "main", file: null });
    expect(source("hf:a/b@refs/pr/1")).toEqual({ repo: "a/b", revision: "refs/pr/1", file: null });
    expect(source("hf:a/b/x.Q4_K.gguf@v1")).toEqual({ repo: "a/b", revision: "v1", file: "x.Q4_K.gguf" });
    expect(parseHubSource("models/b")).toBeUndefined();
    for (const bad of ["hf:", "hf:alone", "hf:a/../b", "hf:a/b/c", "hf:a/b@../x", "hf:a b/c"])
      expect(() => parseHubSource(bad), bad).toThrow("expected hf:owner/name");
  });
});

describe("a hub that behaves", () => {
  it("says what would be fetched before anything is, and leaves out what is no part of a checkpoint", async () => {
    const { hub, cache, server } = await bench();
    const listing = await hub.look(source(), undefined, never);
    expect(listing).toMatchObject({ commit: server.commit, repo: "someone/tiny", host: new URL(server.url).host });
    expect(listing.files.map(({ name }) => name).sort()).toEqual(["config.json", "model.safetensors", "tokenizer.json"]);
    expect(listing.totalBytes).toBe(WEIGHTS.length + CONFIG.length + 2);
    expect(listing.missingBytes).toBe(listing.totalBytes);
    expect(() => lstatSync(cache)).toThrow();
  });

  it("fills the cache as Python lays it out, and fetches nothing twice", async () => {
    const one = await bench();
    const progress: HubProgress[] = [];
    const path = await one.hub.fetch(source(), undefined, (some) => progress.push(some), never);
    expect(path).toBe(join(one.cache, "snapshots", one.server.commit));
    expect(readFileSync(join(one.cache, "refs", "main"), "utf8")).toBe(one.server.commit);
    expect(readdirSync(join(one.cache, "blobs")).sort()).toEqual([gitHash(CONFIG), gitHash(FILES["tokenizer.json"]), sha256(WEIGHTS)].sort());
    expect(readlinkSync(join(path, "model.safetensors"))).toBe(join("..", "..", "blobs", sha256(WEIGHTS)));
    expect(readFileSync(join(path, "model.safetensors")).equals(WEIGHTS)).toBe(true);
    expect(progress.at(-1)).toMatchObject({ doneBytes: progress.at(-1)?.totalBytes });
    progress.slice(1).forEach(({ doneBytes }, i) => {
      expect(doneBytes).toBeGreaterThanOrEqual(progress[i]?.doneBytes ?? 0);
    });
    const count = ranges(one).length;
    expect(await get(one)).toBe(path);
    expect(ranges(one)).toHaveLength(count);
    expect((await one.hub.look(source(), undefined, never)).missingBytes).toBe(0);
  });

  it("takes what Python fetched before as it is", async () => {
    const one = await bench();
    mkdirSync(join(one.cache, "blobs"), { recursive: true });
    writeFileSync(join(one.cache, "blobs", sha256(WEIGHTS)), WEIGHTS);
    expect((await one.hub.look(source(), undefined, never)).missingBytes).toBe(CONFIG.length + 2);
    await get(one);
    expect(ranges(one)).toEqual([]);
  });

  it("fetches the one GGUF file that is named, or the only one there is", async () => {
    const gguf = { name: "someone/tiny", files: { "a.Q8_0.gguf": WEIGHTS, "b.gguf": CONFIG } };
    const one = await bench(gguf);
    await expect(one.hub.look(source(), undefined, never)).rejects.toThrow(
      /expected one checkpoint, found 2 GGUF files; name the one you mean, such as hf:someone\/tiny\/a\.Q8_0\.gguf/u,
    );
    const path = await get(one, "hf:someone/tiny/b.gguf@v1");
    expect(path).toBe(join(one.cache, "snapshots", one.server.commit, "b.gguf"));
    expect(readFileSync(join(one.cache, "refs", "v1"), "utf8")).toBe(one.server.commit);
    await expect(get(one, "hf:someone/tiny/c.gguf")).rejects.toThrow("expected a file c.gguf, found a.Q8_0.gguf, b.gguf");
    const pickled = await bench({ name: "someone/tiny", files: { "config.json": CONFIG, "pytorch_model.bin": WEIGHTS } });
    await expect(pickled.hub.look(source(), undefined, never)).rejects.toThrow("found pickled Python, which can run code");
  });

  it("takes shards where the index has them, and not the same weights a second time", async () => {
    const shards = {
      "model-00001-of-00002.safetensors": CONFIG,
      "model-00002-of-00002.safetensors": WEIGHTS,
      "model.safetensors.index.json": CONFIG,
    };
    const one = await bench({ name: "someone/tiny", files: { ...FILES, ...shards } });
    const { files } = await one.hub.look(source(), undefined, never);
    expect(
      files
        .map(({ name }) => name)
        .filter((name) => name.startsWith("model"))
        .sort(),
    ).toEqual(Object.keys(shards).sort());
  });
});

describe("weights in one file", () => {
  const weightsIn = async (files: HubRepo["files"]): Promise<readonly string[]> => {
    const one = await bench({ name: "someone/tiny", files });
    return (await one.hub.look(source(), undefined, never)).files.map(({ name }) => name).filter((name) => name.startsWith("model"));
  };

  it("are fetched also where an index stands beside them, which they do not need", async () => {
    expect(await weightsIn({ ...FILES, "model.safetensors.index.json": CONFIG })).toEqual(["model.safetensors"]);
  });

  it("are fetched rather than shards that no index explains", async () => {
    expect(await weightsIn({ ...FILES, "model-00001-of-00002.safetensors": WEIGHTS })).toEqual(["model.safetensors"]);
  });
});

describe("a hub that misbehaves", () => {
  it("is gone on with where it stopped, as often as it takes", async () => {
    const one = await bench();
    one.server.trouble("model.safetensors", ...[100_000, 50_000, 1].map((bytes) => ({ kind: "short" as const, bytes })));
    expect(readFileSync(join(await get(one), "model.safetensors")).equals(WEIGHTS)).toBe(true);
    expect(ranges(one)).toEqual([undefined, "bytes=100000-", "bytes=150000-", "bytes=150001-"]);
  });

  it("that cuts connections ends in a whole file all the same", async () => {
    const one = await bench();
    one.server.trouble("model.safetensors", ...[250_000, 0, 40_000].map((afterBytes) => ({ kind: "cut" as const, afterBytes })));
    expect(readFileSync(join(await get(one), "model.safetensors")).equals(WEIGHTS)).toBe(true);
    expect(ranges(one)).toHaveLength(4);
  });

  it("is given up after five tries that bring nothing, and what was fetched is kept for the next time", async () => {
    const one = await bench();
    const nothing = { kind: "cut" as const, afterBytes: 0 };
    one.server.trouble("model.safetensors", { kind: "short", bytes: 120_000 }, ...Array<typeof nothing>(20).fill(nothing));
    await expect(get(one)).rejects.toThrow(/^model\.safetensors: .*, 5 times in a row; what was fetched is kept for the next time$/u);
    one.server.trouble("model.safetensors");
    const before = ranges(one).length;
    await get(one);
    expect(ranges(one).slice(before)).toEqual(["bytes=120000-"]);
  });

  it("that ignores the range sends the file from its start, which is then whole", async () => {
    const one = await bench();
    one.server.trouble("model.safetensors", { kind: "short", bytes: 90_000 }, { kind: "ignoreRange" });
    expect(readFileSync(join(await get(one), "model.safetensors")).equals(WEIGHTS)).toBe(true);
  });

  it("that sends other bytes is asked once more, and then not believed", async () => {
    const one = await bench();
    one.server.trouble("model.safetensors", { kind: "otherBytes" });
    expect(readFileSync(join(await get(one), "model.safetensors")).equals(WEIGHTS)).toBe(true);
    const other = await bench();
    other.server.trouble("model.safetensors", { kind: "otherBytes" }, { kind: "otherBytes" });
    await expect(get(other)).rejects.toThrow(/^model\.safetensors: expected content with the hash [0-9a-f]{64}, got [0-9a-f]{64}, and before that/u);
    expect(readdirSync(join(other.cache, "blobs")).some((name) => name.startsWith(sha256(WEIGHTS)))).toBe(false);
    const small = await bench();
    small.server.trouble("config.json", { kind: "otherBytes" }, { kind: "otherBytes" });
    await expect(get(small)).rejects.toThrow(`expected content with the hash ${gitHash(CONFIG)}`);
  });

  it("is waited for as long as it says, then longer each time", async () => {
    const one = await bench();
    one.server.trouble("model.safetensors", { kind: "status", status: 429, headers: { "Retry-After": "7" } }, { kind: "status", status: 503 });
    one.server.trouble("/revision/main", { kind: "status", status: 429 }, { kind: "status", status: 500 });
    await get(one);
    expect(one.waits).toEqual([1000, 2000, 7000, 2000]);
    const busy = await bench();
    busy.server.trouble("/revision/main", ...Array<{ kind: "status"; status: number }>(5).fill({ kind: "status", status: 429 }));
    await expect(busy.hub.look(source(), undefined, never)).rejects.toThrow("hf:someone/tiny: expected the hub to answer, got status 429");
  });

  it.each([
    [401, {}, "the hub has no such model, or asks for a token that may read it (HF_TOKEN); it answered 401"],
    [403, {}, "the hub lets in only those who have accepted the model's terms"],
    [404, {}, "there is no such model, revision or file on the hub"],
  ] as const)("that answers %i says why, once", async (status, headers, message) => {
    const one = await bench();
    one.server.trouble("/revision/main", { kind: "status", status, headers });
    await expect(one.hub.look(source(), undefined, never)).rejects.toThrow(`hf:someone/tiny: ${message}`);
    one.server.trouble("model.safetensors", { kind: "status", status, headers });
    await expect(get(one)).rejects.toThrow(`model.safetensors: ${message}`);
    expect(one.waits).toEqual([]);
  });

  it("stops when cancelled, and keeps what was fetched", async () => {
    const one = await bench();
    const controller = new AbortController();
    const stopped = one.hub.fetch(
      source(),
      undefined,
      ({ name, doneBytes }) => {
        if (name === "model.safetensors" && doneBytes > 1000) controller.abort();
      },
      controller.signal,
    );
    await expect(stopped).rejects.toThrow("stopped on request");
  });
});

describe("a private model", () => {
  const secret: HubRepo = { ...REPO, token: "hf_secret" };

  it.each([
    ["given", "hf_secret", {}],
    ["from the environment", undefined, { HF_TOKEN: "hf_secret" }],
  ])("is fetched with a token %s", async (_, token, env) => {
    const one = await bench(secret, env);
    await one.hub.fetch(source(), token, () => undefined, never);
    expect(new Set(one.server.requests.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer hf_secret"]));
  });

  it("is fetched with the token that Python's login wrote, and refused without one", async () => {
    const one = await bench(secret);
    await expect(get(one)).rejects.toThrow("asks for a token that may read it");
    writeFileSync(join(one.home, "token"), "hf_secret\n");
    await get(one);
  });

  it("is fetched with the given token before any other, and errors do not show it", async () => {
    const one = await bench(secret, { HF_TOKEN: "hf_secret" });
    const refused = one.hub.fetch(source(), "hf_wrong", () => undefined, never);
    await expect(refused).rejects.toThrow("it answered 401");
    await expect(refused).rejects.not.toThrow("hf_wrong");
  });
});

describe("without the hub", () => {
  it("what is in the cache whole can be used, and what is not is asked for", async () => {
    let isOffline = false;
    const fetchOut: typeof fetch = async (input, init) => {
      if (isOffline) throw new ConflictError("the lab is offline");
      return await fetch(input, init);
    };
    const one = await bench(REPO, {}, fetchOut);
    const path = await get(one);
    isOffline = true;
    expect(await one.hub.look(source(), undefined, never)).toMatchObject({ path, missingBytes: 0, host: "", commit: one.server.commit });
    await expect(one.hub.look(source("hf:someone/other"), undefined, never)).rejects.toThrow("the lab is offline");
    expect([await one.hub.cached(source()), await one.hub.cached(source("hf:someone/other"))]).toEqual([path, undefined]);
    await expect(one.hub.look(source("hf:someone/tiny@v1"), undefined, never)).rejects.toThrow("the lab is offline");
  });

  it("a hub that does not answer is named", async () => {
    const home = tempFolder();
    const hub = createModelHub({
      fetch: () => Promise.reject(new TypeError("fetch failed")),
      env: { HF_HOME: home, HF_ENDPOINT: "http://127.0.0.1:9" },
    });
    await expect(hub.look(source(), undefined, never)).rejects.toThrow(
      "hf:someone/tiny: expected the hub at 127.0.0.1:9 to answer, it could not be reached (fetch failed)",
    );
  });
});
