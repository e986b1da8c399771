/** Drafts of reasons: kept at every stroke here, by the lab when the hand rests, and the newer one is read. */
import { describe, expect, it } from "vitest";
import { DraftShelf } from "#renderer/annotate/drafts.ts";
import { memoryStorage } from "./memory-storage.ts";

const reason = (text: string) => ({ text, tags: ["Clear"], criteria: {} });

function shelf(storage = memoryStorage(), save: (askId: string) => Promise<number> = async () => 1) {
  let nowMs = 100;
  const saved: string[] = [];
  const drafts = new DraftShelf({
    storage,
    prefix: "draft.",
    nowMs: () => nowMs++,
    save: async (askId, { text }) => {
      saved.push(`${askId}: ${text}`);
      return await save(askId);
    },
    restMs: 10_000,
  });
  return { drafts, saved, storage };
}

describe("drafts", () => {
  it("are here at once, and with the lab once", async () => {
    const { drafts, saved } = shelf();
    for (const text of ["h", "ha", "half"]) drafts.keep("k", reason(text));
    expect(drafts.read("k", null)?.text).toBe("half");
    expect(saved).toEqual([]);
    await drafts.flush();
    await drafts.flush();
    expect(saved).toEqual(["k: half"]);
  });

  it("survive a page that is gone and a lab that is away", async () => {
    const { drafts, storage } = shelf(memoryStorage(), () => Promise.reject(new Error("away")));
    drafts.keep("k", reason("half"));
    await drafts.flush();
    expect(shelf(storage).drafts.read("k", null)?.text).toBe("half");
  });

  it("give way to a newer one of the lab's, and are gone with the verdict", async () => {
    const { drafts, saved } = shelf();
    drafts.keep("k", reason("here"));
    expect(drafts.read("k", { ...reason("there"), savedAtMs: 5 })?.text).toBe("here");
    expect(drafts.read("k", { ...reason("there"), savedAtMs: 5000 })?.text).toBe("there");
    drafts.drop("k");
    await drafts.flush();
    expect([drafts.read("k", null), saved]).toEqual([null, []]);
  });

  it("that nobody can have written are none", () => {
    const storage = memoryStorage();
    for (const text of ["[", "3", '{"text":3,"savedAtMs":1}', '{"text":"a","tags":[],"criteria":{}}']) {
      storage.setItem("draft.k", text);
      expect(shelf(storage).drafts.read("k", null)).toBeNull();
    }
  });
});
