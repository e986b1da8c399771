/** Verdicts kept by the browser until the lab has them. */
import { describe, expect, it } from "vitest";
import { type Answer, Outbox, subscribeToUnsent, unsentCount } from "#renderer/annotate/outbox.ts";
import { memoryStorage } from "./memory-storage.ts";

const answer = (requestId: string, pressedAtMs: number): Answer => ({
  requestId,
  author: "Ada",
  askId: `ask-${requestId}`,
  verdict: { kind: "prefers", side: "right", strength: "clear" },
  durationMs: 1200,
  pressedAtMs,
});

describe("the outbox", () => {
  it("gives back what was kept, in the order pressed, each experiment its own", () => {
    const storage = memoryStorage();
    const [one, another] = [new Outbox(storage, "one"), new Outbox(storage, "another")];
    one.keep(answer("b", 2));
    one.keep(answer("a", 1));
    another.keep(answer("c", 3));
    expect(one.all()).toEqual([answer("a", 1), answer("b", 2)]);
    expect(unsentCount(storage)).toBe(3);
    one.drop("a");
    expect(one.all()).toEqual([answer("b", 2)]);
    expect(another.all()).toHaveLength(1);
  });

  it("passes over entries that it cannot have written", () => {
    const storage = memoryStorage();
    storage.setItem("nashlab.unsent.one.x", "{");
    storage.setItem("nashlab.unsent.one.y", JSON.stringify({ ...answer("y", 1), verdict: { kind: "prefers", side: "up" } }));
    storage.setItem("nashlab.author", "Ada");
    expect(new Outbox(storage, "one").all()).toEqual([]);
  });

  it("says when the browser refuses, and tells who listens", () => {
    let heard = 0;
    const stop = subscribeToUnsent(() => (heard += 1));
    expect(new Outbox(memoryStorage({ isFull: true }), "one").keep(answer("a", 1))).toBe(false);
    expect(heard).toBe(0);
    expect(new Outbox(memoryStorage(), "one").keep(answer("a", 1))).toBe(true);
    stop();
    expect(heard).toBe(1);
  });
});
