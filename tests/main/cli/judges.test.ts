/** The commands around AI judges, on a whole lab and over real HTTP. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testJudgeServer } from "#tests/support/judge-server.ts";
import { createBench, createReadyBench } from "./support.ts";

const JUDGED = ["oracle.kind=judge", "oracle.endpoint=here", "oracle.model=judge", "sampling.responsesPerPrompt=3"].flatMap((setting) => [
  "--set",
  setting,
]);

describe("nashlab judge", () => {
  it("adds an endpoint, tests it, forecasts, judges, and says what was spent", async () => {
    const server = await testJudgeServer();
    const bench = await createReadyBench({}, JUDGED);
    const judge = async (...args: readonly string[]) => await bench.run("judge", ...args, "-C", bench.folder);
    const added = await judge("add", "here", "--url", server.url, "--price", "judge=10/100", "--parallel", "4", "--timeout", "5");
    expect(added).toMatchObject({ code: 0, out: expect.stringMatching(/^Added the endpoint here: http:\/\/127/u) as unknown });
    expect((await judge("list")).out).toMatch(/here .* none .* 4 at a time .* judge 10\/100/u);
    expect(await judge("test", "here", "--model", "judge")).toMatchObject({
      code: 0,
      out: expect.stringMatching(
        /^Well: it answered, and preferred the right answer \(judge-2026-01-01, .*\$0\.0030, without probabilities\)/u,
      ) as unknown,
    });
    expect((await judge("forecast")).out).toMatch(/judge +36 +36 .*a guess[\s\S]*evaluate +40 +40/u);
    expect((await judge("cap", "--round", "0.03", "--total", "none")).out).toBe("Each round: $0.030. In all: no cap.\n");
    const paused = await bench.run("round", "judge", "-C", bench.folder);
    expect(paused.out).toMatch(/The round is paused: the next request may cost up to .*; raise the cap to go on\. nashlab round resume goes on\./u);
    expect((await judge("cap", "--round", "5")).code).toBe(0);
    expect((await bench.run("round", "resume", "-C", bench.folder)).code).toBe(0);
    expect((await judge("spent")).out).toMatch(/round 1 +36 +0 +\$0\.11 +\$0\.00\n/u);
    expect((await judge("forecast")).out).toMatch(/evaluate .*by replies so far/u);
    expect((await judge("templates")).out).toMatch(/listwise-6-point +listwise +json/u);
  });

  it("says that the judge's server has gone away, what to do, and goes on once it is back", async () => {
    const server = await testJudgeServer();
    const bench = await createReadyBench({}, JUDGED);
    await bench.run("judge", "add", "here", "--url", server.url, "--parallel", "4", "-C", bench.folder);
    await server.close();
    const away = await bench.run("round", "judge", "-C", bench.folder);
    const reason = `nothing listens at ${new URL(server.url).host}; does its server run? (ECONNREFUSED)`;
    expect(away.code).toBe(1);
    expect(away.err.split("\n").filter((line) => line.startsWith("The endpoint"))).toEqual([
      `The endpoint here does not answer: ${reason}. It is asked again, after 3 of 8 tries.`,
    ]);
    expect(away.out).toContain(
      `The run failed: The endpoint here did not answer 8 times in a row; the last time: ${reason}. What was done is kept; nashlab round resume tries again.`,
    );
    await server.reopen();
    expect((await bench.run("round", "judge", "-C", bench.folder)).code).toBe(0);
    expect((await bench.run("judge", "spent", "-C", bench.folder)).out).not.toMatch(/\(\d+ requests?\)/u);
  });

  it("keeps keys where it can, and says where it cannot", async () => {
    const bench = await createReadyBench({}, JUDGED, "sk-typed");
    await bench.run("judge", "add", "openai", "--url", "https://api.openai.com/v1", "-C", bench.folder);
    const kept = await bench.run("judge", "key", "openai", "-C", bench.folder);
    // Without a keychain a key would be gone with this command.
    expect(kept).toMatchObject({
      code: 1,
      out: "No keychain answers here, so the key cannot be kept. Set NASHLAB_KEY_API_OPENAI_COM in the environment instead.\n",
    });
    expect(JSON.stringify(await bench.json("judge", "list", "-C", bench.folder))).not.toContain("sk-typed");
    expect(readFileSync(join(bench.folder, "experiment.db")).includes("sk-typed")).toBe(false);
  });

  it("asks for what would leave the machine, and forbids it all", async () => {
    const bench = await createReadyBench({}, JUDGED);
    await bench.run("judge", "add", "here", "--url", "https://judge.example/v1", "--price", "judge=1/1", "-C", bench.folder);
    const refused = await bench.run("round", "-C", bench.folder);
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/26 prompts and the responses to them would go to judge\.example.*nashlab judge allow judge\.example/u);
    expect((await bench.run("judge", "allow", "judge.example", "-C", bench.folder)).out).toBe(
      "Prompts of this experiment may go to judge.example.\n",
    );
    expect((await bench.run("judge", "offline", "on", "-C", bench.folder)).out).toBe("The lab is offline: only this machine can be reached.\n");
    expect((await bench.run("round", "-C", bench.folder)).err).toMatch(/the lab is offline, so judge\.example cannot be reached/iu);
    expect((await bench.run("judge", "offline", "off", "-C", bench.folder)).out).toBe("The lab is online.\n");
    expect((await bench.run("judge", "forbid", "judge.example", "-C", bench.folder)).out).toBe("Prompts go to no other host.\n");
    expect((await bench.run("judge", "remove", "here", "-C", bench.folder)).out).toBe("Removed the endpoint here.\n");
  });

  it.each([
    [["add", "x", "--url", "http://api.example.org/v1"], /expected https/u],
    [["add", "x", "--url", "nowhere"], /expected an address such as https:/u],
    [["add", "a b", "--url", "https://a.org"], /letters, digits, dots/u],
    [["add", "x", "--url", "https://a.org", "--price", "m=1"], /--price: expected model=input\/output.*got "m=1"/u],
    [["cap", "--round", "lots"], /expected US dollars or "none", got "lots"/u],
    [["offline", "perhaps"], /expected on or off, got "perhaps"/u],
    [["key", "nobody"], /expected a key, got nothing|there is no endpoint/u],
    [["accept", "x", "y", "--model", "m"], /there is no endpoint "x"/iu],
    [["withdraw", "x", "y", "--model", "m"], /there is no endpoint "x"/iu],
  ])("%j is refused with a sentence and exit code 2", async (args, sentence) => {
    const bench = await createReadyBench({}, JUDGED);
    const { code, err } = await bench.run("judge", ...args, "-C", bench.folder);
    expect(code).toBe(2);
    expect(err).toMatch(sentence);
  });

  it("begins from the paper's preset, with what is set by hand over it", async () => {
    const bench = createBench();
    await bench.run("init", bench.folder, "--preset", "paper", "--set", "pairs.minChosenScore=4");
    const { experiment } = await bench.json("status", "-C", bench.folder);
    expect(experiment).toMatchObject({
      config: {
        judging: { mode: "listwise" },
        pairs: { kind: "paper", minChosenScore: 4, minGapTeacher: 2, minGapPolicy: 1 },
        sampling: { responsesPerPrompt: 5 },
      },
    });
    const duels = createBench();
    await duels.run("init", duels.folder, "--preset", "duels");
    expect((await duels.json("status", "-C", duels.folder))["experiment"]).toMatchObject({
      config: { pairs: { kind: "winRateMargin" }, judging: { bothOrders: true } },
    });
  });
});
