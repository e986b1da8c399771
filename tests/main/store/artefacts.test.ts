/** Artefacts: known by content, kept once, refused when they are not what they were. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ContentHash } from "#app/base/ids.ts";
import type { ArtefactStore } from "#app/rounds/ports.ts";
import { openArtefacts } from "#main/store/artefacts.ts";
import { fc } from "#tests/support/properties.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { openEmpty } from "./support.ts";

type Opened = { readonly store: ArtefactStore; readonly folder: string; reopen(): Promise<ArtefactStore> };

async function open(): Promise<Opened> {
  const folder = tempFolder();
  const db = openEmpty();
  const reopen = async (): Promise<ArtefactStore> => await openArtefacts(folder, db, () => Date.now() + 1000);
  return { store: await reopen(), folder, reopen };
}

async function putFile(store: ArtefactStore, content: string): Promise<ContentHash> {
  const path = join(await store.scratch(), "file.bin");
  writeFileSync(path, content);
  return await store.put("export", path);
}

async function putFolder(store: ArtefactStore, files: Readonly<Record<string, string>>): Promise<ContentHash> {
  const path = await store.scratch();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(path, name, ".."), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return await store.put("adapter", path);
}

describe("an artefact", () => {
  it("of a file is named by the SHA-256 of its bytes and moved into the store", async () => {
    const { store } = await open();
    const path = join(await store.scratch(), "file.bin");
    writeFileSync(path, "abc");
    const hash = await store.put("export", path);
    // FIPS 180-2, appendix B.1.
    expect(hash).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(existsSync(path)).toBe(false);
    expect(readFileSync(await store.pathOf(hash), "utf8")).toBe("abc");
    expect(await store.has(hash)).toBe(true);
  });

  it("of a folder keeps its files; order of writing does not matter, names and contents do", async () => {
    const { store } = await open();
    const hash = await putFolder(store, { "a.json": "1", "deep/b.json": "2" });
    const place = await store.pathOf(hash);
    expect(readFileSync(join(place, "deep", "b.json"), "utf8")).toBe("2");
    expect(await putFolder(store, { "deep/b.json": "2", "a.json": "1" })).toBe(hash);
    expect(await putFolder(store, { "a.json": "2", "deep/b.json": "1" })).not.toBe(hash);
    expect(await putFolder(store, { "c.json": "1", "deep/b.json": "2" })).not.toBe(hash);
  });

  it("put twice is one, and the second source is gone", async () => {
    const { store, folder } = await open();
    const first = await putFile(store, "abc");
    expect(await putFile(store, "abc")).toBe(first);
    expect(readdirSync(join(folder, "artefacts", first.slice(0, 2)))).toEqual([first]);
    const scratches = readdirSync(join(folder, "artefacts", "scratch"));
    expect(scratches.flatMap((name) => readdirSync(join(folder, "artefacts", "scratch", name)))).toEqual([]);
  });

  it("is found again after the store was opened anew", async () => {
    const { store, reopen } = await open();
    const hash = await putFile(store, "abc");
    expect(readFileSync(await (await reopen()).pathOf(hash), "utf8")).toBe("abc");
  });

  it("of other bytes has another name", async () => {
    const { store } = await open();
    const bytes = fc.string({ unit: "binary", maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(bytes, bytes, async (a, b) => {
        const isSame = Buffer.from(a).equals(Buffer.from(b));
        expect((await putFile(store, a)) === (await putFile(store, b))).toBe(isSame);
      }),
      { numRuns: 30 },
    );
  });

  it("that nobody put is said to be missing", async () => {
    const { store } = await open();
    const unknown = "0".repeat(64) as ContentHash;
    expect(await store.has(unknown)).toBe(false);
    await expect(store.pathOf(unknown)).rejects.toMatchObject({ code: "notFound" });
  });
});

describe("an altered artefact", () => {
  /** The clock of `open` runs a second ahead, so that only what is written later counts as written since. */
  function later(path: string, content: string): void {
    writeFileSync(path, content);
    const soon = new Date(Date.now() + 60_000);
    utimesSync(path, soon, soon);
  }

  it("of another size is refused", async () => {
    const { store } = await open();
    const hash = await putFile(store, "abc");
    writeFileSync(await store.pathOf(hash), "abcd");
    await expect(store.pathOf(hash)).rejects.toMatchObject({ code: "data", message: expect.stringContaining("expected 3 bytes") as string });
  });

  it("of the same size is refused", async () => {
    const { store } = await open();
    const hash = await putFolder(store, { "a.json": "123" });
    later(join(await store.pathOf(hash), "a.json"), "124");
    await expect(store.pathOf(hash)).rejects.toMatchObject({ code: "data", message: expect.stringContaining("another content") as string });
  });

  it("that was only touched is as good as before", async () => {
    const { store } = await open();
    const hash = await putFile(store, "abc");
    later(await store.pathOf(hash), "abc");
    expect(readFileSync(await store.pathOf(hash), "utf8")).toBe("abc");
  });

  it("that is gone is refused", async () => {
    const { store } = await open();
    const hash = await putFile(store, "abc");
    rmSync(await store.pathOf(hash));
    await expect(store.pathOf(hash)).rejects.toMatchObject({ code: "data", message: expect.stringContaining("found nothing") as string });
  });

  it("is mended when its content is put again", async () => {
    const { store } = await open();
    const hash = await putFile(store, "abc");
    later(await store.pathOf(hash), "abd");
    expect(await putFile(store, "abc")).toBe(hash);
    expect(readFileSync(await store.pathOf(hash), "utf8")).toBe("abc");
  });
});

describe("scratch", () => {
  it("gives a fresh folder each time, and what is left there goes when the store is opened again", async () => {
    const { store, reopen } = await open();
    const [first, second] = [await store.scratch(), await store.scratch()];
    expect(first).not.toBe(second);
    writeFileSync(join(first, "half.bin"), "half");
    await reopen();
    expect(existsSync(first)).toBe(false);
  });
});
