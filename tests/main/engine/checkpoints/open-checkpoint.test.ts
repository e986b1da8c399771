/** Opening checkpoints: in place, converted once, never half; what cannot be opened is refused with the reason. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { CancelledError, DataError } from "#app/base/errors.ts";
import { convertedPath } from "#main/engine/checkpoints/convert-weights.ts";
import { checkUnchanged, openCheckpoint, type OpenCheckpoint, type OpenProgress } from "#main/engine/checkpoints/open-checkpoint.ts";
import { readSafetensors } from "#main/engine/checkpoints/safetensors.ts";
import { goldenFolder } from "#tests/support/golden-llama.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { numbersAt, type StoredKind, writeStored } from "./stored-weights.ts";

let home: string;
let cacheDir: string;
let folder: string;
beforeEach(() => {
  home = tempFolder();
  cacheDir = join(home, "cache");
  folder = join(home, "model");
  cpSync(goldenFolder("tied"), folder, { recursive: true });
});

const open = (path = folder, changes: Partial<Parameters<typeof openCheckpoint>[1]> = {}): Promise<OpenCheckpoint> =>
  openCheckpoint(path, { cacheDir, ...changes });

async function openListening(path = folder): Promise<{ readonly checkpoint: OpenCheckpoint; readonly said: readonly OpenProgress[] }> {
  const said: OpenProgress[] = [];
  const checkpoint = await open(path, { onProgress: (progress) => said.push(progress) });
  return { checkpoint, said };
}

async function goldenWeights(): Promise<ReadonlyMap<string, Float32Array>> {
  return new Map([...(await readSafetensors(join(goldenFolder("tied"), "model.safetensors")))].map(([name, { data }]) => [name, data]));
}

/** The folder with its weights stored in another format, in one file or in shards. */
async function store(kind: StoredKind, shardCount: number): Promise<ReadonlyMap<string, Float32Array>> {
  rmSync(join(folder, "model.safetensors"));
  return writeStored(folder, await readSafetensors(join(goldenFolder("tied"), "model.safetensors")), kind, shardCount);
}

describe("a Hugging Face folder in float32", () => {
  it("is used where it lies, and nothing is written", async () => {
    const { checkpoint, said } = await openListening();
    const weights = await goldenWeights();
    for (const [name, location] of checkpoint.tensors) {
      expect(location.path).toBe(join(folder, "model.safetensors"));
      expect(location.offset % 8).toBe(0);
      expect(numbersAt(location), name).toEqual(weights.get(name));
    }
    expect(checkpoint.tensors.size).toBe(weights.size);
    expect(existsSync(cacheDir)).toBe(false);
    expect(said.every(({ kind }) => kind === "hashing")).toBe(true);
    expect(said.at(-1)).toMatchObject({ doneBytes: checkpoint.record.sizeBytes, totalBytes: checkpoint.record.sizeBytes });
  });

  it("is found behind symbolic links, and named as the user named it", async () => {
    const linked = join(home, "linked");
    mkdirSync(linked);
    for (const name of ["config.json", "model.safetensors"]) symlinkSync(join(folder, name), join(linked, name));
    const { record, tensors } = await open(linked);
    expect(record.path).toBe(linked);
    expect([...tensors.values()].every(({ path }) => path === join(folder, "model.safetensors"))).toBe(true);
    expect(record.hash).toBe((await open()).record.hash);
  });

  it("has another hash with another weight, configuration or chat template", async () => {
    const hashes = [(await open()).record.hash];
    writeFileSync(join(folder, "chat_template.jinja"), "{{ messages }}");
    hashes.push((await open()).record.hash);
    const config = join(folder, "config.json");
    writeFileSync(config, readFileSync(config, "utf8").replace('"rms_norm_eps": 1e-05', '"rms_norm_eps": 1e-06'));
    hashes.push((await open()).record.hash);
    flipLastByte(join(folder, "model.safetensors"));
    hashes.push((await open()).record.hash);
    expect(new Set(hashes).size).toBe(4);
  });

  it("takes the chat template from its own file, else the one for chats in tokenizer_config.json", async () => {
    const templates = [
      { name: "tools", template: "t" },
      { name: "default", template: "d" },
    ];
    writeFileSync(join(folder, "tokenizer_config.json"), JSON.stringify({ chat_template: templates }));
    expect((await open()).tokenizerFiles.chatTemplate).toBe("d");
    writeFileSync(join(folder, "chat_template.jinja"), "j");
    expect((await open()).tokenizerFiles.chatTemplate).toBe("j");
  });
});

describe.each(["F16", "BF16", "misaligned F32"] as const)("weights in %s", (kind) => {
  it.each([1, 3])("are converted once from %i files, with the size said before", async (shardCount) => {
    const weights = await store(kind, shardCount);
    const { checkpoint, said } = await openListening();
    const target = convertedPath(cacheDir, checkpoint.record.hash);
    for (const [name, location] of checkpoint.tensors) {
      expect(location.path).toBe(target);
      expect(location.offset % 8).toBe(0);
      expect(numbersAt(location), name).toEqual(weights.get(name));
    }
    const kinds = said.map((progress) => progress.kind);
    expect(kinds.indexOf("conversion")).toBe(kinds.indexOf("converting") - 1);
    expect(said.find((progress) => progress.kind === "conversion")).toMatchObject({
      from: [kind.slice(-4).trim()],
      targetBytes: readFileSync(target).length,
      target,
    });
    expect(said.at(-1)).toMatchObject({ doneBytes: readFileSync(target).length, totalBytes: readFileSync(target).length });
    const again = await openListening();
    expect(again.said.map((progress) => progress.kind)).not.toContain("converting");
    expect(again.checkpoint).toEqual(checkpoint);
  });
});

describe("the cache of converted weights", () => {
  it.each([
    [
      "cut short",
      (target: string) => {
        truncateSync(target, 5000);
      },
    ],
    [
      "of another converter",
      (target: string) => {
        writeFileSync(target, readFileSync(target, "latin1").replace("nashlab-f32", "nashlab-f31"), "latin1");
      },
    ],
    [
      "empty",
      (target: string) => {
        truncateSync(target, 0);
      },
    ],
  ])("is made anew where its file is %s", async (_, spoil) => {
    const weights = await store("F16", 1);
    const { record } = await open();
    spoil(convertedPath(cacheDir, record.hash));
    const { checkpoint, said } = await openListening();
    expect(said.map(({ kind }) => kind)).toContain("converting");
    for (const [name, location] of checkpoint.tensors) expect(numbersAt(location), name).toEqual(weights.get(name));
  });

  it("has nothing of a conversion that was stopped", async () => {
    await store("F16", 1);
    const stop = new AbortController();
    const opening = open(folder, {
      signal: stop.signal,
      onProgress: ({ kind }) => {
        if (kind === "converting") stop.abort();
      },
    });
    await expect(opening).rejects.toThrow(CancelledError);
    const left = readdirSync(cacheDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(left).toEqual([]);
  });

  it("is cleared of what a dead process left, not of what a living one writes", async () => {
    await store("F16", 1);
    const { record } = await open();
    const target = convertedPath(cacheDir, record.hash);
    rmSync(target);
    const dead = spawnSync(process.execPath, ["--version"]).pid;
    const [abandoned, living] = [dead, process.ppid].map((pid) => `${target}.${pid}.0b6f8d0e-0000-4000-8000-000000000000.partial`) as [
      string,
      string,
    ];
    for (const path of [abandoned, living]) writeFileSync(path, "half");
    await open();
    expect(existsSync(abandoned)).toBe(false);
    expect(existsSync(living)).toBe(true);
    expect(readdirSync(dirname(target))).toHaveLength(2);
  });
});

describe("what is no checkpoint", () => {
  it.each([
    [
      "a path with nothing",
      () => {
        rmSync(folder, { recursive: true });
      },
      /expected a checkpoint folder or a GGUF file, found nothing/,
    ],
    [
      "an empty folder",
      () => {
        rmSync(folder, { recursive: true });
        mkdirSync(folder);
      },
      /config\.json.*found nothing/,
    ],
    [
      "a folder without weights",
      () => {
        rmSync(join(folder, "model.safetensors"));
      },
      /expected model\.safetensors/,
    ],
    [
      "pickled weights",
      () => {
        rmSync(join(folder, "model.safetensors"));
        writeFileSync(join(folder, "pytorch_model.bin"), "");
      },
      /pickled Python/,
    ],
    [
      "an adapter",
      () => {
        rmSync(join(folder, "model.safetensors"));
        writeFileSync(join(folder, "adapter_model.safetensors"), "");
      },
      /found an adapter/,
    ],
    [
      "a configuration that is no JSON",
      () => {
        writeFileSync(join(folder, "config.json"), "{");
      },
      /config\.json: expected JSON/,
    ],
    [
      "another architecture",
      () => {
        writeFileSync(
          join(folder, "config.json"),
          readFileSync(join(folder, "config.json"), "utf8").replace('"model_type": "llama"', '"model_type": "mamba"'),
        );
      },
      /expected a model of a family that the lab knows .*got mamba/,
    ],
    [
      "weights cut short",
      () => {
        truncateSync(join(folder, "model.safetensors"), 20_000);
      },
      /cut short/,
    ],
    [
      "a header cut short",
      () => {
        truncateSync(join(folder, "model.safetensors"), 100);
      },
      /expected a safetensors header of at most 92 bytes/,
    ],
    [
      "a few bytes",
      () => {
        truncateSync(join(folder, "model.safetensors"), 5);
      },
      /expected a safetensors file, got 5 bytes/,
    ],
    [
      "an unknown number format",
      () => {
        editHeader((json) => json.replace('"dtype":"F32"', '"dtype":"I32"'));
      },
      /expected weights as F32, F16, BF16, got I32/,
    ],
    [
      "a tensor of another shape",
      () => {
        editHeader((json) => json.replace("[48,24]", "[24,48]"));
      },
      /expected model\.embed_tokens\.weight as \[48, 24\], got \[24, 48\]/,
    ],
    [
      "a tensor missing",
      () => {
        editHeader((json) => json.replace("model.norm.weight", "model.nrom.weight"));
      },
      /expected a tensor model\.norm\.weight/,
    ],
  ] as const)("%s is refused", async (_, spoil, message) => {
    spoil();
    await expect(open()).rejects.toThrow(message);
    expect(existsSync(cacheDir)).toBe(false);
  });

  it("a weight file by itself is refused with what to name", async () => {
    await expect(open(join(folder, "model.safetensors"))).rejects.toThrow(/name its folder/);
  });

  it("a missing shard is named", async () => {
    await store("F16", 3);
    rmSync(join(folder, "model-00002-of-00003.safetensors"));
    await expect(open()).rejects.toThrow(/expected the weight file model-00002-of-00003\.safetensors, found none/);
  });

  it("an index that names a file outside of the folder is refused", async () => {
    await store("F16", 2);
    const index = join(folder, "model.safetensors.index.json");
    writeFileSync(index, readFileSync(index, "utf8").replaceAll("model-00002", "../model-00002"));
    await expect(open()).rejects.toThrow(/expected a file name/);
  });
});

describe("checkUnchanged", () => {
  it("accepts the same files, and files of another time with the same content", async () => {
    const { record } = await open();
    expect(await checkUnchanged(record)).toEqual(record);
    utimesSync(join(folder, "model.safetensors"), 1_700_000_000, 1_700_000_000);
    expect(await checkUnchanged(record)).toEqual({ ...record, modifiedAtMs: 1_700_000_000_000 });
  });

  it.each([
    [
      "another weight",
      () => {
        flipLastByte(join(folder, "model.safetensors"));
      },
    ],
    [
      "another configuration",
      () => {
        writeFileSync(join(folder, "config.json"), `${readFileSync(join(folder, "config.json"), "utf8")}\n`);
      },
    ],
    [
      "a tokenizer",
      () => {
        writeFileSync(join(folder, "tokenizer.json"), "{}");
      },
    ],
  ])("refuses %s, and so does opening what is known", async (_, change) => {
    const { record } = await open();
    change();
    await expect(checkUnchanged(record)).rejects.toThrow(/it was changed or replaced/);
    await expect(open(folder, { known: record })).rejects.toThrow(DataError);
  });

  it("refuses what is gone", async () => {
    const { record } = await open();
    rmSync(folder, { recursive: true });
    await expect(checkUnchanged(record)).rejects.toThrow(/found nothing/);
  });

  it("does not read known weights again", async () => {
    const { record } = await open();
    const said: OpenProgress[] = [];
    await open(folder, { known: record, onProgress: (progress) => said.push(progress) });
    expect(said).toEqual([]);
  });
});

function flipLastByte(path: string): void {
  const bytes = readFileSync(path);
  const last = bytes.length - 1;
  bytes.writeUInt8((bytes[last] ?? 0) ^ 1, last);
  writeFileSync(path, bytes);
  utimesSync(path, 1_700_000_001, 1_700_000_001);
}

/** Changes the weights' header by a text of the same length. */
function editHeader(edit: (json: string) => string): void {
  const path = join(folder, "model.safetensors");
  const bytes = readFileSync(path);
  const end = 8 + Number(bytes.readBigUInt64LE());
  const edited = Buffer.from(edit(bytes.toString("utf8", 8, end)));
  expect(edited.length).toBe(end - 8);
  edited.copy(bytes, 8);
  writeFileSync(path, bytes);
}
