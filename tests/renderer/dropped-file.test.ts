/** Dropped files reach the lab byte for byte, whatever they hold. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { readDropped } from "#renderer/set-up/dropped-file.ts";

/** What a browser does, which Node has no class for. */
class NodeFileReader {
  result: string | null = null;
  error: Error | null = null;
  onload: () => void = () => undefined;
  onerror: () => void = () => undefined;

  readAsDataURL(file: Blob): void {
    file.arrayBuffer().then(
      (bytes) => {
        this.result = `data:application/octet-stream;base64,${Buffer.from(bytes).toString("base64")}`;
        this.onload();
      },
      (thrown: unknown) => {
        this.error = thrown instanceof Error ? thrown : new Error(String(thrown));
        this.onerror();
      },
    );
  }
}

beforeEach(() => {
  vi.stubGlobal("FileReader", NodeFileReader);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

it.each([
  ["text in UTF-8", "a.csv", new TextEncoder().encode("prompt\nCafé?\n")],
  ["text in another encoding", "b.csv", Uint8Array.from([0x43, 0x61, 0x66, 0xe9])],
  ["no text", "c.parquet", Uint8Array.from([0x50, 0x41, 0x52, 0x31, 0x00, 0xff])],
  ["nothing", "d.txt", new Uint8Array()],
])("%s", async (_what, name, bytes) => {
  const { path, base64 } = await readDropped(new File([bytes], name));
  expect(path).toBe(name);
  expect(new Uint8Array(Buffer.from(base64, "base64"))).toEqual(bytes);
});

it("a file that cannot be read is told", async () => {
  const file = new File(["x"], "gone.csv");
  vi.spyOn(file, "arrayBuffer").mockRejectedValue(new Error("it was moved"));
  await expect(readDropped(file)).rejects.toThrow("it was moved");
});
