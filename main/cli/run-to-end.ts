/** Starts work in the lab and stays with it until nothing runs any more; Ctrl-C pauses it. */
import type { LabClient } from "#app/contract/contract.ts";
import type { CommandContext } from "./command.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { followRound } from "./follow.ts";

export type Settled = Awaited<ReturnType<LabClient["rounds"]["settle"]>>;

export type RunEnd<Started> = { readonly started: Started; readonly settled: Settled; readonly exitCode: ExitCode };

/** `start` begins the work, once what it says can be shown. Throws what `start` throws. */
export async function runToEnd<Started>(context: CommandContext, client: LabClient, start: () => Promise<Started>): Promise<RunEnd<Started>> {
  const follower = await followRound(client, context.terminal);
  const interruption = new AbortController();
  let pausing: Promise<unknown> = Promise.resolve();
  // The outcome is read from `settle`, whatever becomes of the request.
  const pause = (): void => {
    pausing = client.rounds.pause().catch(() => undefined);
  };
  const stopListening = context.onInterrupt(() => {
    interruption.abort();
    context.terminal.warn("Pausing after this unit of work. Ctrl-C again stops at once.");
    pause();
  });
  try {
    const started = await start();
    // Asked for while it was still being started, the pause found nothing that ran.
    if (interruption.signal.aborted) pause();
    const settled = await client.rounds.settle();
    await pausing;
    return { started, settled, exitCode: exitCodeOf(settled, interruption.signal.aborted) };
  } finally {
    stopListening();
    await follower.stop();
  }
}

function exitCodeOf(settled: Settled, isInterrupted: boolean): ExitCode {
  switch (settled.state) {
    case "idle":
    case "done":
      return EXIT.ok;
    case "failed":
      return EXIT.failed;
    case "waitsForPeople":
      return EXIT.waitsForPeople;
    case "paused":
      return isInterrupted ? EXIT.interrupted : EXIT.ok;
    default:
      return settled.state satisfies never;
  }
}
