/** The last answer of people comes while a round or a comparison runs: what waited for it goes on after that. */
import { describe, expect, it } from "vitest";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { answerAll, makeCheckpoint, openReadyLab, runRound, SCRIPTED, type TestLab, violationsOf } from "./support.ts";

const PEOPLE = { ...SCRIPTED, oracle: { kind: "people" }, sampling: { responsesPerPrompt: 2 } } as const;
const script = experimentConfigSchema.parse({ ...PEOPLE, oracle: SCRIPTED.oracle });

type Held = { readonly isThere: Promise<void>; readonly goOn: () => void };

describe("a last answer that comes while something else runs", () => {
  /** A round that people judged, and a policy that has met no other; from `hold` on the engine stands before its next unit. */
  async function openMeasured(): Promise<{ readonly lab: TestLab; readonly hold: () => Held }> {
    let held: { readonly arrive: () => void; readonly released: Promise<void> } | undefined;
    const beforeUnit = async (): Promise<void> => {
      held?.arrive();
      await held?.released;
    };
    const lab = await openReadyLab({ config: PEOPLE, training: 4, validation: 3 }, { beforeUnit });
    await runRound(lab.client);
    for (const state of ["waitsForPeople", "done"]) {
      await answerAll(lab.client);
      expect((await lab.client.rounds.settle()).state).toBe(state);
    }
    await lab.client.policies.add({ path: makeCheckpoint(lab.folder, "added"), name: "added" });
    const hold = (): Held => {
      const [there, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      held = { arrive: there.resolve, released: released.promise };
      return { isThere: there.promise, goOn: released.resolve };
    };
    return { lab, hold };
  }

  it("lets the round go on when a comparison is done", async () => {
    const { lab, hold } = await openMeasured();
    const { client } = lab;
    expect((await runRound(client)).state).toBe("waitsForPeople");
    await client.experiments.configure({ config: script });
    const { isThere, goOn } = hold();
    await client.results.compare({});
    await isThere;
    await answerAll(client);
    goOn();
    expect(await client.rounds.settle()).toEqual({ state: "done", error: null });
    expect(await client.results.comparison()).toBeNull();
    expect(await client.rounds.settle()).toEqual({ state: "done", error: null });
    expect((await client.rounds.list()).map((round) => round.isDone)).toEqual([true, true]);
    expect(violationsOf(lab.db)).toEqual([]);
  });

  it("lets a comparison end when a round is done", async () => {
    const { lab, hold } = await openMeasured();
    const { client } = lab;
    await client.results.compare({});
    expect((await client.rounds.settle()).state).toBe("waitsForPeople");
    await client.experiments.configure({ config: script });
    const { isThere, goOn } = hold();
    await client.rounds.start({});
    await isThere;
    await answerAll(client);
    goOn();
    expect(await client.rounds.settle()).toEqual({ state: "done", error: null });
    expect(await client.rounds.settle()).toEqual({ state: "done", error: null });
    expect(await client.results.comparison()).toBeNull();
    expect(violationsOf(lab.db)).toEqual([]);
  });

  it("starts nothing after a pause: whoever asked for it goes on", async () => {
    const { lab, hold } = await openMeasured();
    const { client } = lab;
    await runRound(client);
    await client.experiments.configure({ config: script });
    const { isThere, goOn } = hold();
    await client.results.compare({});
    await isThere;
    await answerAll(client);
    const pausing = client.rounds.pause();
    goOn();
    await pausing;
    expect(await client.rounds.settle()).toEqual({ state: "paused", error: null });
    expect((await client.rounds.list()).at(-1)).toMatchObject({ isRunning: false, isDone: false });
    await client.rounds.resume();
    expect((await client.rounds.settle()).state).toBe("done");
    expect((await client.rounds.list()).at(-1)?.isDone).toBe(true);
  });
});
