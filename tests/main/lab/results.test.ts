/** What came out of rounds: tables, the ledger, files for other tools, and a look at the lab itself. */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { countOf, openReadyLab, runRound, SCRIPTED, violationsOf, writeLines } from "./support.ts";

function readLines(path: string): unknown[] {
  return readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}

describe("exporting pairs", () => {
  it("writes TRL's explicit, conversational rows: all rounds or one", async () => {
    const { client, folder, db } = await openReadyLab();
    await runRound(client);
    await runRound(client, "pair");
    const [first, second] = (await client.rounds.list()).map((round) => round.pairCount ?? 0);
    const path = join(folder, "pairs.jsonl");
    expect(await client.results.exportPairs({ path })).toEqual({ path, rows: (first ?? 0) + (second ?? 0) });
    expect((await client.results.exportPairs({ path, round: 2 })).rows).toBe(second);
    const rows = readLines(path);
    expect(rows).toHaveLength(second ?? 0);
    const [pair] = db.all(
      `SELECT p.messages, c.text AS chosen, r.text AS rejected FROM current_pair x JOIN stage_attempt a ON a.id = x.attempt_id JOIN round d ON d.id = a.round_id
       JOIN prompt p ON p.id = x.prompt_id JOIN response c ON c.id = x.chosen_id JOIN response r ON r.id = x.rejected_id WHERE d.number = 2 ORDER BY x.id LIMIT 1`,
    );
    expect(rows[0]).toEqual({
      prompt: JSON.parse(String(pair?.["messages"])) as unknown,
      chosen: [{ role: "assistant", content: pair?.["chosen"] }],
      rejected: [{ role: "assistant", content: pair?.["rejected"] }],
    });
    // The oracle likes ten characters.
    for (const row of rows as { chosen: [{ content: string }]; rejected: [{ content: string }] }[]) {
      expect(Math.abs(row.chosen[0].content.length - 10)).toBeLessThan(Math.abs(row.rejected[0].content.length - 10));
    }
    expect(readdirSync(folder).filter((name) => name.endsWith(".new"))).toEqual([]);
  });

  it("says so when there are none, and when they cannot be written", async () => {
    const { client, folder } = await openReadyLab();
    await expect(client.results.exportPairs({ path: join(folder, "p.jsonl") })).rejects.toThrow(
      "there are no preference pairs in this experiment yet",
    );
    await expect(client.results.exportPairs({ path: join(folder, "p.jsonl"), round: 3 })).rejects.toThrow("there is no round 3 in this experiment");
    await runRound(client, "pair");
    await expect(client.results.exportPairs({ path: join(folder, "no", "p.jsonl") })).rejects.toThrow(/there is none at/u);
    await expect(client.results.exportPairs({ path: folder })).rejects.toThrow(/expected a file to write to, got the folder/u);
  });
});

describe("exporting responses", () => {
  it("writes AlpacaEval's form, one response a prompt", async () => {
    const { client, folder } = await openReadyLab({ validation: 5 });
    await runRound(client);
    const path = join(folder, "r1.json");
    expect(await client.results.exportResponses({ path, policy: "r1", split: "validation" })).toEqual({ path, rows: 5 });
    const rows = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>[];
    expect(new Set(rows.map((row) => row["instruction"]))).toEqual(new Set(Array.from({ length: 5 }, (_, i) => `Validation prompt ${i}`)));
    expect(rows.every((row) => row["generator"] === "r1" && row["dataset"] === "prompts.jsonl" && typeof row["output"] === "string")).toBe(true);
    expect((await client.results.exportResponses({ path, policy: "r0", split: "training" })).rows).toBe(8);
    await expect(client.results.exportResponses({ path, policy: "r1" })).rejects.toThrow(
      "the policy r1 has not answered any prompt of the split test yet",
    );
  });
});

describe("results", () => {
  it("count every look at the test split, of which the round gives figures and no advice", async () => {
    const { client, db } = await openReadyLab({ config: { ...SCRIPTED, evaluation: { split: "test" } }, validation: 0, test: 20 });
    await runRound(client);
    await client.rounds.redo({ stage: "evaluate" });
    await client.rounds.settle();
    expect(await client.results.table()).toMatchObject([{ round: 1, split: "test", testLooks: 2, winRates: [{ n: 20 }], recommendation: null }]);
    expect(await client.rounds.list()).toMatchObject([{ isDone: true, winRates: [{ n: 20 }], recommendation: null }]);
    expect(countOf(db, "SELECT count(*) AS n FROM recommendation")).toBe(0);
    expect(violationsOf(db)).toEqual([]);
  });

  it("count two identical texts as one half without asking anybody", async () => {
    // One word each, drawn greedily: every policy answers the same.
    const config = { ...SCRIPTED, sampling: { responsesPerPrompt: 4, maxNewTokens: 1 }, evaluation: { temperature: 0 } };
    const { client, db } = await openReadyLab({ config });
    await runRound(client);
    expect((await client.results.table())[0]?.winRates[0]).toMatchObject({ n: 24, missing: 0, winRate: 0.5, standardError: 0 });
    expect(countOf(db, "SELECT count(*) AS n FROM ask WHERE purpose = 'evaluation'")).toBe(0);
    expect(violationsOf(db)).toEqual([]);
  });

  it("choose in spite of a pair of old on few prompts, and a comparison fills what it lacks", async () => {
    const { client, db, folder } = await openReadyLab({ validation: 15 });
    expect(await runRound(client)).toEqual({ state: "done", error: null });
    const rows = Array.from({ length: 25 }, (_, i) => ({ prompt: `Late prompt ${i}`, split: "validation" }));
    await client.experiments.importPrompts({ path: writeLines(folder, "late.jsonl", rows), skipRejected: false });
    expect(await runRound(client)).toEqual({ state: "done", error: null });
    // The pair of old counts as not met; the newest step is measured.
    const before = await client.results.overview({});
    expect(before?.duels.find(({ first, second }) => first === "r1" && second === "r0")?.n).toBe(15);
    expect(before?.choice).toMatchObject({ verdict: "improved", recommended: "r2" });

    const plan = await client.results.comparisonPlan({});
    expect(plan).toMatchObject({ pairs: [{ first: "r1", second: "r0", prompts: 25 }], asks: 50, samples: 0 });
    await client.results.compare({});
    expect(await client.rounds.settle()).toEqual({ state: "done", error: null });
    expect((await client.results.overview({}))?.duels.map(({ n }) => n)).toEqual([40, 40, 40]);
    expect((await client.results.comparisonPlan({})).pairs).toEqual([]);
    expect(violationsOf(db)).toEqual([]);
  });

  it("take at most so many held-out prompts, in the order of their hashes", async () => {
    const { client, db } = await openReadyLab({ config: { ...SCRIPTED, evaluation: { maxPrompts: 7 } } });
    await runRound(client);
    const wanted = db.all("SELECT id FROM prompt WHERE split = 'validation' ORDER BY hash LIMIT 7").map((row) => row["id"]);
    const used = db
      .all("SELECT DISTINCT prompt_id FROM response r JOIN stage_attempt a ON a.id = r.attempt_id WHERE a.stage = 'evaluate'")
      .map((row) => row["prompt_id"]);
    expect(new Set(used)).toEqual(new Set(wanted));
    expect((await client.results.table())[0]?.recommendation?.verdict).toBe("tooFew");
  });
});

describe("the ledger of judgments", () => {
  it("is read newest first, page by page", async () => {
    const { client } = await openReadyLab();
    await runRound(client, "judge");
    const { total } = await client.judgments.list({});
    const ids: string[] = [];
    for (let before: string | undefined; ; before = ids.at(-1)) {
      const { rows } = await client.judgments.list({ limit: 7, ...(before === undefined ? {} : { before }) });
      ids.push(...rows.map((row) => row.id));
      if (rows.length < 7) break;
    }
    expect(ids).toHaveLength(total);
    expect(ids).toEqual([...ids].sort().reverse());
    const [newest] = (await client.judgments.list({ limit: 1 })).rows;
    expect(newest).toMatchObject({ oracle: "targetLength", round: 1, isLive: true });
    expect(newest?.author).toMatch(/^script targetLength [0-9a-f]{8}$/u);
    expect(newest?.prompt).toMatch(/^Training prompt \d$/u);
  });
});

describe("the lab itself", () => {
  it("says where it runs", async () => {
    const { client, folder } = await openReadyLab();
    const { startedAtMs, version, ...about } = await client.settings.about();
    expect(about).toEqual({ folder, pid: process.pid, host: "cli", takenOverFrom: null, newer: null });
    expect(startedAtMs).toBeLessThanOrEqual(Date.now());
    expect(version).toMatch(/^\d+\.\d+\.\d+$/u);
  });

  it("is examined without being changed; what is not well is named", async () => {
    const { client, folder, db } = await openReadyLab();
    await runRound(client);
    const before = db.get("SELECT total_changes() AS n, (SELECT count(*) FROM artefact) AS artefacts");
    const well = await client.settings.doctor();
    expect(well.filter((finding) => !finding.ok)).toEqual([]);
    expect(well.map((finding) => finding.name)).toEqual([
      "Node",
      "processor",
      "memory",
      "disk",
      "engine",
      "database",
      "rules of the database",
      "policy r0",
      "policy r1",
    ]);
    expect(db.get("SELECT total_changes() AS n, (SELECT count(*) FROM artefact) AS artefacts")).toEqual(before);
    rmSync(join(folder, "checkpoint-base"), { recursive: true });
    const adapter = String(db.get("SELECT adapter_hash FROM policy WHERE name = 'r1'")?.["adapter_hash"]);
    rmSync(join(folder, "artefacts", adapter.slice(0, 2), adapter, "adapter_config.json"));
    const ill = (await client.settings.doctor()).filter((finding) => !finding.ok);
    expect(ill.map((finding) => finding.name)).toEqual(["policy r0", "policy r1"]);
    expect(ill[0]?.found).toMatch(/its checkpoint is no longer at/u);
  });
});
