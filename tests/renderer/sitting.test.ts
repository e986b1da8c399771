/** A sitting over a line that breaks where it hurts: nothing is lost, doubled or overtaken. */
import { ORPCError } from "@orpc/client";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ShownVerdict } from "#app/contract/queue.ts";
import { toLabError } from "#app/base/errors.ts";
import { ConnectionLostError } from "#renderer/lab-client/lab-failure.ts";
import { Outbox } from "#renderer/annotate/outbox.ts";
import { Sitting, type SittingOptions } from "#renderer/annotate/sitting.ts";
import { shortComparisons } from "#tests/support/comparisons.ts";
import { createFakeQueue, type FakeQueue } from "#tests/support/fake-queue.ts";
import { memoryStorage } from "./memory-storage.ts";

const LEFT: ShownVerdict = { kind: "prefers", side: "left", strength: "slight" };
const TIE: ShownVerdict = { kind: "tie" };

describe("a sitting", () => {
  it("shows the next comparison at the press and sends one verdict after another", async () => {
    const { sitting, queue, settled } = sit();
    await settled();
    for (const verdict of [LEFT, TIE, LEFT, LEFT, TIE]) sitting.judge(verdict, 100);
    expect(sitting.state().unsent).toHaveLength(5);
    expect(sitting.state().upcoming[0]?.askId).toBe("ask-006");
    await settled();
    expect(queue.taken.map((kept) => [kept.askId, kept.verdict.kind])).toEqual([
      ["ask-001", "prefers"],
      ["ask-002", "tie"],
      ["ask-003", "prefers"],
      ["ask-004", "prefers"],
      ["ask-005", "tie"],
    ]);
    expect(sitting.state()).toMatchObject({ last: TIE, verdictCount: 5, unsent: [] });
    // Fetched ahead again.
    expect(sitting.state().upcoming.length).toBeGreaterThanOrEqual(4);
  });

  it("sends again, under the same id, a verdict whose acknowledgement was lost", async () => {
    const { sitting, queue, line, settled, breaks } = sit();
    await settled();
    breaks.afterJudge = true;
    sitting.judge(LEFT, 100);
    await settled();
    expect(queue.taken).toHaveLength(1);
    expect(sitting.state().unsent).toHaveLength(1);
    breaks.afterJudge = false;
    line.open();
    await settled();
    expect(queue.taken).toHaveLength(1);
    expect(sitting.state().unsent).toEqual([]);
  });

  it("finds what an earlier page left unsent", async () => {
    const storage = memoryStorage();
    const first = sit({ storage });
    await first.settled();
    first.line.close();
    first.sitting.judge(LEFT, 100);
    first.sitting.judge(TIE, 100);
    first.sitting.close();
    const second = sit({ storage, queue: first.queue });
    await second.settled();
    expect(first.queue.taken.map((kept) => kept.askId)).toEqual(["ask-001", "ask-002"]);
    expect(storage.length).toBe(0);
    expect(second.sitting.state().upcoming[0]?.askId).toBe("ask-003");
  });

  it("judges also where the browser keeps nothing", async () => {
    const { sitting, queue, settled } = sit({ storage: memoryStorage({ isFull: true }) });
    await settled();
    sitting.judge(LEFT, 100);
    await settled();
    expect(queue.taken).toHaveLength(1);
  });

  it("takes a step back only after what was pressed before it, and lets verdicts wait meanwhile", async () => {
    const { sitting, queue, settled } = sit();
    await settled();
    sitting.judge(LEFT, 100);
    sitting.judge(TIE, 100);
    sitting.step("undo");
    sitting.judge(LEFT, 100);
    expect(sitting.state().unsent).toHaveLength(2);
    await settled();
    expect(queue.taken).toHaveLength(2);
    expect(queue.verdicts().size).toBe(1);
    expect(sitting.state()).toMatchObject({ takenBack: TIE, last: LEFT, verdictCount: 1, step: null });
    expect(sitting.state().upcoming[0]?.askId).toBe("ask-002");
    sitting.step("redo");
    await settled();
    expect(queue.verdicts().size).toBe(2);
    expect(sitting.state()).toMatchObject({ takenBack: null, last: TIE, verdictCount: 2 });
    expect(sitting.state().upcoming[0]?.askId).toBe("ask-003");
  });

  it("does not step while the lab is away, nor repeat a step whose answer was lost", async () => {
    const { sitting, line, settled, breaks, queue } = sit();
    await settled();
    sitting.judge(LEFT, 100);
    sitting.judge(TIE, 100);
    await settled();
    line.close();
    sitting.step("undo");
    expect(sitting.state()).toMatchObject({ step: null, notice: "The lab is not answering; undo has to wait until it does." });
    line.open();
    breaks.afterStep = true;
    sitting.step("undo");
    await settled();
    expect(sitting.state().step).toBeNull();
    expect(sitting.state().notice).toContain("broke off during the undo");
    breaks.afterStep = false;
    line.open();
    await settled();
    expect(queue.verdicts().size).toBe(1);
    // What was taken back waits among the next.
    expect(sitting.state().upcoming.map((one) => one.askId)).toContain("ask-002");
  });

  it("lets a verdict go that the lab will never take, and says so", async () => {
    const { sitting, queue, settled } = sit();
    await settled();
    queue.judge({ requestId: crypto.randomUUID(), author: "Ben", askId: "ask-001", verdict: TIE });
    sitting.judge(LEFT, 100);
    sitting.judge(TIE, 100);
    await settled();
    expect(sitting.state().notice).toBe("A verdict was not taken. The ask ask-001 has been answered by someone else.");
    expect(sitting.state().unsent).toEqual([]);
    expect(queue.taken.map((kept) => kept.author)).toEqual(["Ben", "Ada"]);
  });

  it("keeps a verdict that the lab cannot store now, and tries again", async () => {
    const { sitting, queue, settled, breaks } = sit();
    await settled();
    breaks.stores = 2;
    const said = new Set<string | null>();
    sitting.subscribe(() => said.add(sitting.state().notice));
    sitting.judge(LEFT, 100);
    await settled();
    expect(breaks.stores).toBe(0);
    // It is said for as long as it is true.
    expect([...said]).toEqual([null, expect.stringMatching(/the disk is full\. It is tried again\.$/u)]);
    expect(sitting.state().notice).toBeNull();
    expect(queue.taken).toHaveLength(1);
    expect(sitting.state().unsent).toEqual([]);
  });

  it("does not change what is on the screen when the queue does", async () => {
    const { sitting, queue, settled } = sit();
    await settled();
    queue.judge({ requestId: crypto.randomUUID(), author: "Ben", askId: "ask-001", verdict: TIE });
    queue.judge({ requestId: crypto.randomUUID(), author: "Ben", askId: "ask-002", verdict: TIE });
    sitting.refresh();
    await settled();
    expect(
      sitting
        .state()
        .upcoming.slice(0, 2)
        .map((one) => one.askId),
    ).toEqual(["ask-001", "ask-003"]);
  });

  it("says that there is no more, and finds what comes later", async () => {
    const { sitting, settled } = sit({ count: 1 });
    await settled();
    sitting.judge(LEFT, 100);
    await settled();
    expect(sitting.state()).toMatchObject({ upcoming: [], isExhausted: true });
    sitting.step("undo");
    await settled();
    expect(sitting.state().upcoming[0]?.askId).toBe("ask-001");
    sitting.step("undo");
    await settled();
    expect(sitting.state().notice).toBe("There is nothing to undo.");
  });
});

type Breaks = { afterJudge: boolean; afterStep: boolean; stores: number };

type Line = SittingOptions["line"] & { open(): void; close(): void };

function createLine(): Line {
  const listeners = new Set<() => void>();
  let isOpen = true;
  const set = (value: boolean): void => {
    isOpen = value;
    for (const listener of listeners) listener();
  };
  return {
    isOpen: () => isOpen,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    open: () => {
      set(true);
    },
    close: () => {
      set(false);
    },
  };
}

function sit(options: { readonly storage?: Storage; readonly queue?: FakeQueue; readonly count?: number } = {}) {
  const queue = options.queue ?? createFakeQueue(shortComparisons(options.count ?? 30), "", () => undefined);
  const line = createLine();
  const breaks: Breaks = { afterJudge: false, afterStep: false, stores: 0 };
  let calls = 0;
  /** A call over a wire: it takes a turn of the event loop, fails as the lab's calls do, and its answer may be lost. */
  const call = async <T>(work: () => T, isAnswerLost: () => boolean): Promise<T> => {
    calls += 1;
    await new Promise((resolve) => setImmediate(resolve));
    if (!line.isOpen()) throw new ConnectionLostError();
    try {
      const answer = work();
      if (!isAnswerLost()) return answer;
    } catch (thrown) {
      const { message, code, details } = toLabError(thrown);
      throw new ORPCError("LAB", { defined: true, status: 422, message, data: { code, details } });
    }
    line.close();
    throw new ConnectionLostError();
  };
  const sitting = new Sitting({
    author: "Ada",
    line,
    outbox: new Outbox(options.storage ?? memoryStorage(), "experiment"),
    nowMs: () => performance.now(),
    newRequestId: () => crypto.randomUUID(),
    tryAgainMs: 0,
    queue: {
      next: async ({ author, count = 3 }) =>
        await call(
          () => queue.next(author, count),
          () => false,
        ),
      judge: async (input) =>
        await call(
          () => {
            if (breaks.stores > 0) {
              breaks.stores -= 1;
              throw new Error("the disk is full");
            }
            return { counts: queue.judge(input), practice: null };
          },
          () => breaks.afterJudge,
        ),
      flag: async ({ isFlagged }) =>
        await call(
          () => ({ isFlagged }),
          () => false,
        ),
      undo: async ({ author }) =>
        await call(
          () => queue.undo(author),
          () => breaks.afterStep,
        ),
      redo: async ({ author }) =>
        await call(
          () => queue.redo(author),
          () => breaks.afterStep,
        ),
    },
  });
  onTestFinished(() => {
    sitting.close();
  });
  /** Resolves when the sitting has nothing to do: no call in a few turns of the event loop. */
  const settled = async (): Promise<void> => {
    let quiet = 0;
    while (quiet < 20) {
      const before = calls;
      await new Promise((resolve) => setTimeout(resolve, 0));
      quiet = calls === before ? quiet + 1 : 0;
    }
  };
  return { sitting, queue, line, breaks, settled };
}
