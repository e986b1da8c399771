/** What watchers hear of a training run before its first step, which may be minutes away. */
import { expect, it } from "vitest";
import type { StageView } from "#app/contract/views.ts";
import { openReadyLab, runRound } from "./support.ts";

it("watchers hear how many references are scored before the first step", async () => {
  const heard = Promise.withResolvers<StageView>();
  const { client } = await openReadyLab(
    {},
    {
      beforeUnit: async ({ kind }) => {
        if (kind === "step") await heard.promise;
      },
    },
  );
  const stop = new AbortController();
  const events = await client.rounds.watch(undefined, { signal: stop.signal });
  const listening = (async () => {
    for await (const event of events) {
      if (event.type === "stage.progressed" && event.stage.counts["reference log-probabilities"] !== undefined) heard.resolve(event.stage);
    }
  })().catch(() => undefined);
  const running = runRound(client, "train");
  const { unitsDone, counts } = await heard.promise;
  expect(unitsDone).toBe(0);
  expect(counts["reference log-probabilities"]).toBe(counts["pairs"]);
  expect((await running).state).toBe("done");
  stop.abort();
  await listening;
});
