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

  it("sends at rest what was pressed, flagged and stepped, and fetches nothing until somebody sits down", async () => {
    const { sitting, queue, line, settled, fetches } = sit();
    await settled();
    line.close();
    sitting.judge(LEFT, 100);
    sitting.flag();
    sitting.rest();
    const before = fetches();
    line.open();
    sitting.step("undo");
    sitting.refresh();
    await settled();
    expect(sitting.state()).toMatchObject({ unsent: [], step: null, takenBack: LEFT });
    expect(queue.taken).toHaveLength(1);
    expect(fetches()).toBe(before);
    sitting.sitDown();
    await settled();
    expect(fetches()).toBe(before + 1);
  });

  it("forgets nothing that is pressed while a fetch is under way", async () => {
    const { sitting, queue, settled } = sit();
    await settled();
    sitting.refresh();
    // The call is made in a few turns of the microtask queue, and answered only after it.
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    sitting.judge(LEFT, 100);
    await settled();
    expect(queue.taken.map(({ askId }) => askId)).toEqual(["ask-001"]);
    expect(sitting.state()).toMatchObject({ last: LEFT, verdictCount: 1 });
  });

  it("keeps nothing of what it has fetched once it has ended, and begins afresh", async () => {
    const { sitting, queue, settled, fetches } = sit();
    await settled();
    sitting.judge(LEFT, 100);
    sitting.rest();
    await sitting.whenSent();
    sitting.ended();
    await settled();
    expect(sitting.state()).toMatchObject({ upcoming: [], verdictCount: 0, counts: null });
    expect(fetches()).toBe(1);
    queue.judge({ requestId: crypto.randomUUID(), author: "Ben", askId: "ask-002", verdict: TIE });
    sitting.sitDown();
    await settled();
    expect(sitting.state().upcoming[0]?.askId).toBe("ask-003");
  });

  it("keeps the pair on the screen of who sat down again before the end came", async () => {
    const { sitting, settled } = sit();
    await settled();
    sitting.rest();
    sitting.sitDown();
    sitting.ended();
    expect(sitting.state().upcoming[0]?.askId).toBe("ask-001");
  });

  it("looks again for what others held and left, while not all is answered", async () => {
    const { sitting, queue, settled } = sit({ count: 2, lookAgainMs: 1 });
    const all = queue.next.bind(queue);
    // Somebody else holds them all.
    Object.assign(queue, { next: (author: string) => all(author, 0) });
    await expect.poll(() => sitting.state().isExhausted).toBe(true);
    Object.assign(queue, { next: all });
    await expect.poll(() => sitting.state().upcoming.length).toBe(2);
    await settled();
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

type Options = { readonly storage?: Storage; readonly queue?: FakeQueue; readonly count?: number; readonly lookAgainMs?: number };

/** Somebody sits before it. */
function sit(options: Options = {}) {
  const queue = options.queue ?? createFakeQueue(shortComparisons(options.count ?? 30), "", () => undefined);
  const line = createLine();
  const breaks: Breaks = { afterJudge: false, afterStep: false, stores: 0 };
  let calls = 0;
  let fetches = 0;
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
    ...(options.lookAgainMs === undefined ? {} : { lookAgainMs: options.lookAgainMs }),
    queue: {
      next: async ({ author, count = 3 }) =>
        await call(
          () => {
            fetches += 1;
            return queue.next(author, count);
          },
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
  sitting.sitDown();
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
  return { sitting, queue, line, breaks, settled, fetches: () => fetches };
}
