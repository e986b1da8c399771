/** Ctrl-C at a command that runs something: the first pauses, also one that comes early; the second ends; one press is one. */
import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import type { CommandContext } from "#main/cli/command.ts";
import { listenForInterrupts } from "#main/cli/interrupts.ts";
import { runToEnd } from "#main/cli/run-to-end.ts";
import { openReadyLab } from "../lab/support.ts";

test("one press that arrives twice is one; the next one ends the process", () => {
  const exits: number[] = [];
  const source = Object.assign(new EventEmitter(), { exit: (code: number) => void exits.push(code) });
  let heard = 0;
  let nowMs = 1000;
  const stop = listenForInterrupts(
    source,
    () => (heard += 1),
    () => nowMs,
  );
  source.emit("SIGINT", "SIGINT");
  nowMs += 20;
  source.emit("SIGINT", "SIGINT");
  expect([heard, exits]).toEqual([1, []]);
  nowMs += 500;
  source.emit("SIGINT", "SIGINT");
  expect([heard, exits]).toEqual([1, [130]]);
  stop();
  expect(source.eventNames()).toEqual([]);
});

test("an interruption while a round is still being started pauses it", async () => {
  const { client } = await openReadyLab();
  let interrupt: () => void = () => undefined;
  const context = {
    terminal: { print: () => undefined, note: () => undefined, warn: () => undefined, progress: () => undefined },
    onInterrupt: (listener: () => void) => {
      interrupt = listener;
      return () => undefined;
    },
  } as unknown as CommandContext; // all that it needs
  const { settled, exitCode } = await runToEnd(context, client, async () => {
    interrupt();
    return await client.rounds.start({});
  });
  expect([settled.state, exitCode]).toEqual(["paused", 130]);
});
