/** `round --dry-run`, `round stop` and `training` in a terminal. */
import { describe, expect, it } from "vitest";
import { createReadyBench } from "./support.ts";

describe("round --dry-run", () => {
  it("says what the round would take and starts nothing; after a round it knows more", async () => {
    const bench = await createReadyBench();
    const dir = ["-C", bench.folder];
    const before = await bench.run("round", "--dry-run", ...dir);
    expect(before.code).toBe(0);
    expect(before.out).toMatch(/^Round 1, from r0: what it would take; nothing is started$/mu);
    expect(before.out).toMatch(/^responses\s+58\s/mu);
    expect(before.out).toMatch(/^time\s+not known\s+not measured yet/mu);
    expect((await bench.json("status", ...dir))["rounds"]).toEqual([]);
    const measured = await bench.run("round", "--dry-run", "--measure", ...dir);
    expect(measured.out).toMatch(/^memory\s+~ 2\.0 GB\s+at the peak of training/mu);
    const alone = await bench.run("round", "--measure", ...dir);
    expect([alone.code, alone.err]).toEqual([2, expect.stringContaining("expected --dry-run beside it")]);
    await bench.run("round", ...dir);
    const after = await bench.run("round", "--dry-run", ...dir);
    expect(after.out).toMatch(/^time\s+(?:~|at most) \d+ s/mu);
    expect(after.out).toMatch(/^Starts from\s+r1\s+r0\s+the policy that the round before made$/mu);
    const refused = await bench.run("round", "--dry-run", "--set", "training.epochs=2", ...dir);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("a dry run changes nothing")]);
  });

  it("says why a round cannot be started, with exit code 1", async () => {
    const bench = await createReadyBench();
    const dir = ["-C", bench.folder];
    await bench.run("round", "judge", "--set", "evaluation.split=test", ...dir);
    const refused = await bench.run("round", "--dry-run", ...dir);
    expect(refused.code).toBe(1);
    expect(refused.out).toMatch(/^It cannot be started yet: a whole round ends with an evaluation on test prompts/mu);
  });
});

describe("options before the name of a subcommand", () => {
  it("are refused where they mean nothing to it, and nothing is started", async () => {
    const bench = await createReadyBench();
    const dir = ["-C", bench.folder];
    for (const [line, flag] of [
      [["round", "--dry-run", "judge"], "--dry-run"],
      [["round", "--rounds", "3", "resume"], "--rounds"],
      [["round", "--set", "seed=1", "pause"], "--set"],
    ] as const) {
      const { code, err } = await bench.run(...line, ...dir);
      expect([code, err]).toEqual([
        2,
        expect.stringContaining(`${flag} is an option of "round", not of "round ${line.at(-1) ?? ""}"; nothing was done.`),
      ]);
    }
    expect((await bench.run("-C", bench.folder, "status", "-C", bench.cwd)).err).toMatch(
      /^nashlab: --dir of "status": expected one value, got two/mu,
    );
    expect((await bench.run("-C", bench.cwd, "round", ...dir, "pause")).err).toMatch(/^nashlab: --dir of "round pause": expected one value/mu);
    expect((await bench.json("status", ...dir))["rounds"]).toEqual([]);
  });

  it("are heard where it has them, those that may be given several times beside its own", async () => {
    const bench = await createReadyBench();
    const dir = ["-C", bench.folder];
    const settings = ["round", "--set", "training.epochs=2", "sample", "--set", "sampling.responsesPerPrompt=4", ...dir];
    expect((await bench.run(...settings)).code).toBe(0);
    expect((await bench.json("status", ...dir))["experiment"]).toMatchObject({
      config: { training: { epochs: 2 }, sampling: { responsesPerPrompt: 4 } },
    });
    expect((await bench.run("training", "--round", "7", "stop", ...dir)).err).toMatch(/round 7/u);
    expect((await bench.run("training", "--round", "7", "stop", "--round", "8", ...dir)).err).toMatch(
      /--round of "training stop": expected one value, got two/u,
    );
  });
});

describe("training", () => {
  it("says what the curves mean, which checkpoint is best, and refuses to stop what is done", async () => {
    const bench = await createReadyBench();
    const dir = ["-C", bench.folder];
    expect((await bench.run("training", ...dir)).err).toMatch(/there is no round yet/iu);
    await bench.run("round", "--set", "training.checkpointEverySteps=1", "--set", "training.epochs=3", ...dir);
    const said = await bench.run("training", ...dir);
    expect(said.out).toMatch(/^Round 1: done, step \d+$/mu);
    expect(said.out).toMatch(/^step \d+\s+0\.\d{4}\s+best so far$/mu);
    expect(said.out).toMatch(/^Loss: the mean loss of the last 10 steps/mu);
    const stop = await bench.run("training", "stop", ...dir);
    expect([stop.code, stop.err]).toEqual([2, expect.stringContaining("The training of round 1 is done already")]);
    expect((await bench.run("round", "stop", ...dir)).out).toBe("Nothing is running.\n");
  });
});
