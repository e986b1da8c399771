/** Shows what the lab says while a round runs. */
import type { LabClient } from "#app/contract/contract.ts";
import { DEVICE_NAMES } from "#app/domain/device.ts";
import type { LabEvent } from "#app/contract/rounds.ts";
import { asSentence } from "./failure.ts";
import { percent } from "./format.ts";
import { comparisonLine, progressLine } from "./round-text.ts";
import type { Terminal } from "./terminal.ts";

export type Follower = {
  stop(): Promise<void>;
};

/** Listens from now on until stopped. */
export async function followRound(client: LabClient, terminal: Terminal): Promise<Follower> {
  const controller = new AbortController();
  const events = await client.rounds.watch(undefined, { signal: controller.signal });
  const ended = (async () => {
    try {
      for await (const event of events) {
        if (event.type === "comparison.progressed") await showComparison(client, terminal);
        else show(event, terminal);
      }
    } catch (thrown) {
      // Stopped from here, or the connection is gone, which the calls of the command itself tell.
      if (!controller.signal.aborted && !(thrown instanceof Error)) throw thrown;
    }
  })();
  return {
    stop: async () => {
      controller.abort();
      await ended;
    },
  };
}

/** The event says only that it went on. */
async function showComparison(client: LabClient, terminal: Terminal): Promise<void> {
  const comparison = await client.results.comparison();
  if (comparison !== null) terminal.progress(comparisonLine(comparison), false);
}

function show(event: Exclude<LabEvent, { readonly type: "comparison.progressed" }>, terminal: Terminal): void {
  switch (event.type) {
    case "stage.progressed":
      terminal.progress(progressLine(event.round, event.stage), false);
      return;
    case "stage.changed":
      terminal.progress(progressLine(event.round, event.stage), true);
      return;
    case "policy.progressed":
      terminal.progress(`${event.message}: ${percent(event.share)} %`, event.share >= 1);
      return;
    case "engine.fellBack":
      terminal.note(`${DEVICE_NAMES[event.device]} failed; the run goes on on the CPU: ${event.message}`);
      return;
    case "judge.wentSilent":
      terminal.note(asSentence(event.message));
      return;
    case "engine.died":
      terminal.note(`The engine process died (${event.deaths} in a row): ${event.message}`);
      return;
    case "checkpoints.notRemoved":
      terminal.note(`Training checkpoints that could not be removed: ${event.count}; nashlab gc tries again. ${event.message}`);
      return;
    case "training.stepped":
    case "training.changed":
    case "queue.changed":
    case "experiment.changed":
    case "results.changed":
    case "settings.changed":
      return;
    default:
      event satisfies never;
  }
}
