/** The commands, from an empty folder to an exported policy, and what they say when something is wrong. */
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LOSS_KINDS, lossUses } from "#app/domain/loss.ts";
import type { FakeUnit } from "#tests/support/fake-engine.ts";
import { startHub } from "#tests/support/hub-server.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { createBench, createReadyBench, SETTINGS } from "./support.ts";

describe("a policy from the hub", () => {
  it("is fetched when its size is confirmed, and not before", async () => {
    const files = { "config.json": Buffer.from("{}"), "model.safetensors": Buffer.alloc(2_000_000, 7) };
    const server = await startHub({ name: "someone/tiny", files });
    const home = tempFolder();
    const bench = createBench({ hubEnv: { HF_ENDPOINT: server.url, HF_HOME: home } });
    const dir = ["-C", bench.folder];
    await bench.run("init", bench.folder, ...SETTINGS);
    const asked = await bench.run("policy", "add", "hf:someone/tiny", ...dir);
    expect(asked.code).toBe(2);
    expect(asked.err).toMatch(/someone\/tiny at 0123456789ab: 2\.0 MB to fetch from 127\.0\.0\.1:\d+, no licence named; add --yes to go on\./iu);
    const added = await bench.run("policy", "add", "hf:someone/tiny", "--yes", "--name", "base", ...dir);
    expect(added.code).toBe(0);
    expect(added.out).toMatch(/^Added the policy base: fake, .* from .*models--someone--tiny/u);
    expect(added.err).toMatch(/2\.0 MB to fetch from/u);
    expect((await bench.run("policy", "add", "hf:oops", ...dir)).err).toMatch(/expected hf:owner\/name/iu);
  });
});

describe("settings", () => {
  it("change without anything being started, and it is said which", async () => {
    const bench = await createReadyBench();
    const dir = ["-C", bench.folder];
    const changed = await bench.run("configure", "--set", "evaluation.split=test", "--set", "pairs.minMargin=0.4", ...dir);
    expect(changed.code).toBe(0);
    expect(changed.out).toMatch(/^Changed 2 settings\.\npairs\.minMargin: .* -> 0\.4\nevaluation\.split: validation -> test\n$/u);
    expect((await bench.run("configure", "--set", "evaluation.split=test", ...dir)).out).toBe("Nothing changed.\n");
    expect(await bench.json("status", ...dir)).toMatchObject({ experiment: { config: { evaluation: { split: "test" } } }, rounds: [] });
    expect((await bench.run("configure", ...dir)).err).toMatch(/expected --set or --config, got neither/u);
    const refused = await bench.run("configure", "--set", "evaluation.split=none", ...dir);
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/evaluation\.split/u);
  });
});

describe("policies out", () => {
  it("exports an adapter or merged weights, and merges", async () => {
    const bench = await createReadyBench();
    const dir = ["-C", bench.folder];
    expect((await bench.run("round", ...dir)).code).toBe(0);
    const whole = await bench.run("policy", "export", "r1", "--as", "hf", "--out", "whole", ...dir);
    expect(whole.out).toBe(`Wrote 1 file to ${join(bench.cwd, "whole")}.\n`);
    expect((await bench.run("policy", "export", "r1", "--as", "peft", "--out", "adapter", ...dir)).out).toMatch(/^Wrote 2 files to /u);
    expect((await bench.run("policy", "export", "r0", "--as", "peft", "--out", "none", ...dir)).out).toMatch(
      /^Nothing was written: the policy r0 has no adapter, and its checkpoint is /u,
    );
    expect((await bench.run("policy", "merge", "r1", "--name", "one", ...dir)).out).toMatch(/^Added the policy one: fake, /u);
    const refused = await bench.run("policy", "export", "r1", "--as", "hf", "--out", "whole", ...dir);
    expect(refused.code).not.toBe(0);
    expect(refused.err).toMatch(/Expected a folder that is empty or not there yet/iu);
    expect((await bench.run("policy", "export", "r1", "--out", "x", ...dir)).err).toMatch(/--as/u);
  });
});

describe("from an empty folder to a trained policy", () => {
  it("takes init, policy add, prompts import, round, results and export", async () => {
    const bench = await createReadyBench();
    const dir = ["-C", bench.folder];
    const round = await bench.run("round", ...dir);
    expect(round.code).toBe(0);
    expect(round.out).toMatch(/^Round 1: done, from r0, made r1$/mu);
    expect(round.out).toMatch(/^r1 wins \d+\.\d % against r0 \(95 % interval .*, n 20\).*mean length/mu);
    expect(round.out).toMatch(/^The round is done\.$/mu);
    expect(round.err).toMatch(/^Round 1: sample: 18 of 18 responses.*done$/mu);

    const status = await bench.run("status", ...dir);
    expect(status.out).toMatch(/^Bench \(.*\)\nPrompts: 6 training, 20 validation, 0 test\nPolicies: r0, r1\nOracle: targetLength$/mu);
    expect((await bench.run("results", ...dir)).out).toMatch(/^Win rate by round, validation prompts, %/mu);
    expect((await bench.run("policy", "list", ...dir)).out).toMatch(/^r1\s+r0\s+fake, 135\.0 million parameters\s+[0-9a-f]{12}/mu);

    const pairs = join(bench.cwd, "pairs.jsonl");
    expect((await bench.run("export", "pairs", "--out", "pairs.jsonl", ...dir)).out).toMatch(/^Wrote \d+ pairs to .*pairs\.jsonl\.$/mu);
    expect(Object.keys(JSON.parse(readFileSync(pairs, "utf8").split("\n")[0] ?? "") as object)).toEqual(["prompt", "chosen", "rejected"]);
    expect((await bench.run("export", "responses", "--policy", "r1", "--split", "validation", "--out", "r1.json", ...dir)).code).toBe(0);
    expect(JSON.parse(readFileSync(join(bench.cwd, "r1.json"), "utf8"))).toHaveLength(20);
    expect((await bench.run("export", "policy", "r1", "--out", "r1", ...dir)).out).toMatch(/^Wrote 2 files to .*r1\.$/mu);
    expect(readdirSync(join(bench.cwd, "r1")).sort()).toEqual(["adapter_config.json", "adapter_model.safetensors"]);

    const doctor = await bench.run("doctor", ...dir);
    expect([doctor.code, doctor.out.includes("NOT WELL")]).toEqual([0, false]);
  });

  it("goes stage by stage, pauses nothing and redoes", async () => {
    const bench = await createReadyBench();
    const dir = ["-C", bench.folder];
    const states = async (): Promise<unknown> => {
      const { rounds } = await bench.json("status", ...dir);
      return (rounds as { stages: { state: string; attemptNumber: number | null }[] }[])[0]?.stages.map(
        (stage) => `${stage.state} ${stage.attemptNumber ?? "-"}`,
      );
    };
    expect((await bench.run("round", "judge", ...dir)).out).toMatch(/^Done up to here\. nashlab round goes on\.$/mu);
    expect(await states()).toEqual(["done 1", "done 1", "waiting -", "waiting -", "waiting -"]);
    expect((await bench.run("round", "pause", ...dir)).out).toBe("Nothing is running.\n");
    expect((await bench.run("round", ...dir)).code).toBe(0);
    expect((await bench.run("round", "redo", "train", "--set", "training.epochs=2", ...dir)).code).toBe(0);
    expect(await states()).toEqual(["done 1", "done 1", "done 1", "done 2", "done 2"]);
    const resumed = await bench.run("round", "resume", ...dir);
    expect([resumed.code, resumed.err]).toEqual([2, expect.stringMatching(/Round 1 is done; there is nothing to resume\.$/mu)]);
  });

  it("says that a stage which is gone on with keeps its settings, and how it would take the present ones", async () => {
    let isBroken = true;
    const beforeUnit = ({ kind }: FakeUnit): void => {
      if (isBroken && kind === "step") throw new Error("the disk is full");
    };
    const bench = await createReadyBench({ beforeUnit });
    const dir = ["-C", bench.folder];
    expect((await bench.run("round", ...dir)).code).not.toBe(0);
    isBroken = false;
    const { code, err } = await bench.run("round", "train", "--set", "training.learningRate=1e-5", ...dir);
    expect(code).toBe(0);
    expect(err).toMatch(
      /^.*The stage train of round 1 keeps the settings that it began with: training\.learningRate .*, now 0\.00001\. nashlab round redo train uses the present ones\.$/mu,
    );
  });
});

describe("--json", () => {
  it("prints one object on standard output and nothing else, whatever happens", async () => {
    const bench = await createReadyBench();
    const dir = ["-C", bench.folder];
    const started = await bench.run("round", "--json", ...dir);
    expect(started.out.trim().split("\n")).toHaveLength(1);
    expect(JSON.parse(started.out)).toMatchObject({ ok: true, exitCode: 0, state: "done", error: null, round: { number: 1, newPolicy: "r1" } });
    expect(started.err).toMatch(/^Round 1: evaluate: .*done$/mu);
    expect(await bench.json("status", ...dir)).toMatchObject({
      ok: true,
      experiment: { name: "Bench" },
      rounds: [{ number: 1 }],
      lab: { host: "cli" },
    });
    expect(await bench.json("results", ...dir)).toMatchObject({ ok: true, results: [{ round: 1, winRates: [{ policy: "r1", opponent: "r0" }] }] });
    const refused = await bench.run("export", "policy", "r9", "--out", "x", "--json", ...dir);
    expect(refused.out.trim().split("\n")).toHaveLength(1);
    expect(JSON.parse(refused.out)).toEqual({
      ok: false,
      exitCode: 2,
      error: { code: "notFound", message: 'There is no policy "r9"; this experiment has r0, r1.', details: {} },
    });
    expect(refused.code).toBe(2);
  });

  it("with --quiet leaves standard error empty", async () => {
    const bench = await createReadyBench();
    expect((await bench.run("round", "--json", "--quiet", "-C", bench.folder)).err).toBe("");
  });
});

describe("bad input", () => {
  const sentence = async (bench: ReturnType<typeof createBench>, ...args: readonly string[]): Promise<string> => {
    const { code, out, err } = await bench.run(...args);
    expect([code, out]).toEqual([2, ""]);
    return err.trim().split("\n").at(-1) ?? "";
  };

  it("gets one sentence with what was expected, what came and where, and exit code 2", async () => {
    const bench = await createReadyBench();
    const dir = ["-C", bench.folder];
    expect(await sentence(bench, "round", "--set", "sampling.temperature=9", ...dir)).toMatch(/^nashlab: .*sampling\.temperature.*9/u);
    expect(await sentence(bench, "round", "--set", "sampling.temprature=1", ...dir)).toMatch(/^nashlab: .*temprature/u);
    expect(await sentence(bench, "round", "--frobnicate", ...dir)).toMatch(/unknown option '--frobnicate'/iu);
    expect(await sentence(bench, "round", "redo", "tain", ...dir)).toMatch(/expected one of sample, judge, pair, train, evaluate, got "tain"/u);
    expect(await sentence(bench, "round", "redo", "judge", ...dir)).toMatch(/No round has been started yet/u);
    expect(await sentence(bench, "policy", "add", "nowhere", ...dir)).toMatch(/but there is nothing at .*nowhere/u);
    expect(await sentence(bench, "results", "--limit", "3", ...dir)).toMatch(/unknown option '--limit'/iu);
    writeFileSync(join(bench.cwd, "bad.jsonl"), '{"prompt": "ok"}\n{"prompt": 7}\n');
    expect(await sentence(bench, "prompts", "import", "bad.jsonl", ...dir)).toMatch(
      /bad\.jsonl, row 2: "prompt": expected a text or a list of messages, got a number; nothing was stored\.$/u,
    );
    expect(await bench.json("status", ...dir)).toMatchObject({ experiment: { prompts: { training: 6, validation: 20, test: 0 } }, rounds: [] });
  });

  it("shows the commands there are, and ends with 2, where a command is missing", async () => {
    const bench = createBench();
    for (const [args, listed] of [
      [[], "init [options] [dir]"],
      [["policy"], "add [options] <path>"],
      [["prompts"], "import [options] <file>"],
      [["export"], "pairs [options]"],
    ] as const) {
      const { code, out, err } = await bench.run(...args);
      expect([code, out]).toEqual([2, ""]);
      expect(err).toContain(`  ${listed}`);
      expect(err.trim().split("\n").at(-1)).toBe("nashlab: Expected a command, got none; --help lists them.");
    }
    const started = await bench.run("policy", "--json");
    expect(JSON.parse(started.out)).toMatchObject({ ok: false, exitCode: 2, error: { code: "usage" } });
    expect(started.err.trim().split("\n")).toHaveLength(1);
  });

  it("takes the common options before the command, between group and command, and after it", async () => {
    const bench = await createReadyBench();
    const dir = ["-C", bench.folder];
    const outputs = [await bench.run(...dir, "policy", "list"), await bench.run("policy", ...dir, "list"), await bench.run("policy", "list", ...dir)];
    expect(outputs.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(new Set(outputs.map(({ out }) => out)).size).toBe(1);
    expect(outputs[0]?.out).toContain("r0");
  });

  it("says what a rule of our own expected in its own words", async () => {
    const bench = createBench();
    const classes = 'oracle.classes=[{"name":"a","pattern":"a"},{"name":"b","pattern":""}]';
    const said = await sentence(
      bench,
      "init",
      "m",
      "--set",
      "oracle.kind=preferenceMatrix",
      "--set",
      classes,
      "--set",
      "oracle.matrix=[[0.5,1],[1,0.5]]",
    );
    expect(said).toMatch(/^nashlab: oracle\.matrix: the matrix must be square over the classes .*, got \[\[0\.5,1\],\[1,0\.5\]\], from --set/u);
  });

  it("leaves nothing half done when init fails", async () => {
    const bench = createBench();
    expect(await sentence(bench, "init", "new/folder", "--set", "oracle.kind=regex", "--set", "oracle.pattern=(")).toMatch(
      /oracle\.pattern: expected a regular expression/u,
    );
    expect(readdirSync(bench.cwd)).toEqual([]);
    expect(await sentence(bench, "init", "new", "--set", "oracle.kind=magic")).toMatch(/oracle/u);
    expect(readdirSync(bench.cwd)).toEqual([]);
  });

  it("does not write over a file unless --force says so", async () => {
    const bench = await createReadyBench();
    const dir = ["-C", bench.folder];
    await bench.run("round", "pair", ...dir);
    writeFileSync(join(bench.cwd, "p.jsonl"), "mine");
    expect(await sentence(bench, "export", "pairs", "--out", "p.jsonl", ...dir)).toMatch(/--force replaces what is there/u);
    expect(readFileSync(join(bench.cwd, "p.jsonl"), "utf8")).toBe("mine");
    expect((await bench.run("export", "pairs", "--out", "p.jsonl", "--force", ...dir)).code).toBe(0);
    expect(readFileSync(join(bench.cwd, "p.jsonl"), "utf8")).not.toBe("mine");
  });

  it("names a folder without an experiment with exit code 4, and makes none", async () => {
    const bench = createBench();
    for (const command of ["status", "round", "results"]) {
      const { code, err } = await bench.run(command);
      expect([code, err]).toEqual([4, `nashlab: There is no experiment in ${bench.cwd}; nashlab init makes one.\n`]);
    }
    expect((await bench.run("status", "-C", "none")).code).toBe(4);
    expect(readdirSync(bench.cwd)).toEqual([]);
    expect((await bench.run("init", "a", ...SETTINGS)).code).toBe(0);
    expect((await bench.run("init", "a")).code).toBe(4);
  });
});

describe("a run that does not end well", () => {
  it("ends with exit code 1 and says what is kept and how to go on", async () => {
    const bench = await createReadyBench({}, [
      "--set",
      "oracle.kind=regex",
      "--set",
      "oracle.pattern=nothing has this",
      "--set",
      "sampling.responsesPerPrompt=3",
    ]);
    const { code, out } = await bench.run("round", "-C", bench.folder);
    expect(code).toBe(1);
    expect(out).toMatch(/^The run failed: Round 1 made no preference pairs .* What was done is kept; nashlab round resume tries again\.$/mu);
    const { exitCode, state } = await bench.json("round", "-C", bench.folder);
    expect([exitCode, state]).toEqual([1, "failed"]);
  });

  it("ends with exit code 3 when it is people's turn", async () => {
    const bench = await createReadyBench({}, ["--set", "sampling.responsesPerPrompt=2"]);
    const { code, out } = await bench.run("round", "-C", bench.folder);
    expect(code).toBe(3);
    expect(out).toMatch(/^judge\s+waits for people\s+0 of 6 comparisons/mu);
    expect((await bench.run("round", "-C", bench.folder)).code).toBe(3);
  });

  it("ends with exit code 130 when it is interrupted, paused at its next unit, and goes on later", async () => {
    const bench = await createReadyBench({
      beforeUnit: ({ count }) => {
        if (count === 7) started.interrupt();
      },
    });
    const started = bench.start("round", "-C", bench.folder);
    const { code, out, err } = await started.ended;
    expect(code).toBe(130);
    expect(err).toMatch(/^Pausing after this unit of work\. Ctrl-C again stops at once\.$/mu);
    expect(out).toMatch(/^sample\s+paused\s+7 of 18 responses/mu);
    expect(out).toMatch(/^The round is paused\. nashlab round resume goes on\.$/mu);
    expect((await bench.run("round", "resume", "-C", bench.folder)).code).toBe(0);
  });
});

describe("several rounds in one command", () => {
  it("run one after the other, and all of them are told", async () => {
    const bench = await createReadyBench();
    const dir = ["-C", bench.folder];
    expect((await bench.run("round", "last", "3", ...dir)).err).toMatch(/No round has been started yet/u);
    const { code, out } = await bench.run("round", "--rounds", "2", ...dir);
    expect(code).toBe(0);
    expect(out).toMatch(/^Round 1: done, from r0, made r1$/mu);
    expect(out).toMatch(/^Round 2: done, from r1, made r2$/mu);
    expect((await bench.run("round", "last", "3", ...dir)).out).toBe("Round 3 is to be the last.\n");
    expect((await bench.run("status", ...dir)).out).toMatch(/^Rounds 3 to 3 are still to come; nashlab round resume goes on\.$/mu);
    expect(await bench.json("round", "resume", ...dir)).toMatchObject({ state: "done", round: { number: 3 }, series: null });
    expect((await bench.run("round", "last", "no", ...dir)).err).toMatch(/Round last: expected the number of a round, got "no"/u);
    expect((await bench.run("round", "--rounds", "0", ...dir)).code).not.toBe(0);
  });
});

describe("doctor", () => {
  it("looks at the machine alone where there is no experiment, and leaves nothing", async () => {
    const bench = createBench();
    const { code, out } = await bench.run("doctor");
    expect(code).toBe(0);
    expect(out).toMatch(/^experiment\s+well\s+none in .*; only the machine was looked at$/mu);
    expect(existsSync(join(bench.cwd, "experiment.db"))).toBe(false);
  });
});

describe("losses", () => {
  it("are listed with when to use each and the words that choose one", async () => {
    const bench = createBench();
    const { code, out } = await bench.run("losses");
    expect(code).toBe(0);
    expect(out.trim().split("\n")).toHaveLength(1 + LOSS_KINDS.length);
    for (const kind of LOSS_KINDS) expect(out).toContain(lossUses[kind]);
    const one = await bench.run("losses", "simpo");
    expect(one.out).toBe(
      `simpo: ${lossUses.simpo}\n--set training.loss.kind=simpo --set training.loss.beta=2.5 --set training.loss.gammaRatio=0.55\n`,
    );
    const typed = (one.out.split("\n")[1] ?? "").split(" ");
    expect((await bench.run("init", "made", ...typed)).code).toBe(0);
    expect((await bench.run("losses", "dop")).err).toMatch(/expected one of dno-prct, dno, .*, sft, got "dop"/u);
    expect(await bench.json("losses", "sft")).toMatchObject({ losses: [{ kind: "sft", defaults: {} }] });
  });

  it("names a policy whose checkpoint is gone, in plain words, and ends with exit code 1", async () => {
    const bench = await createReadyBench();
    rmSync(join(bench.cwd, "files", "checkpoint-base"), { recursive: true });
    const { code, out } = await bench.run("doctor", "-C", bench.folder);
    expect(code).toBe(1);
    expect(out).toMatch(/^policy r0\s+NOT WELL\s+its checkpoint is no longer at .*checkpoint-base$/mu);
  });
});

describe("help", () => {
  it("lists every command, and each command shows examples that it takes", async () => {
    const bench = createBench();
    const { code, out } = await bench.run("--help");
    expect(code).toBe(0);
    for (const command of ["init", "policy", "prompts", "round", "status", "results", "compare", "export", "doctor", "open"])
      expect(out).toMatch(new RegExp(`^ {2}${command}\\b`, "mu"));
    expect(out).toMatch(/^ {2}130 /mu);
    for (const command of [["round"], ["policy", "add"], ["prompts", "import"], ["export", "pairs"], ["open"]]) {
      const help = await bench.run(...command, "--help");
      expect([help.code, /Examples:\n {2}nashlab /u.test(help.out)]).toEqual([0, true]);
    }
    expect((await bench.run("--version")).out).toBe("0.0.0\n");
  });
});
