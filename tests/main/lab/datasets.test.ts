/** Whole datasets: what a round made leaves as a folder with a card, and comes back as the same records. */
import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { dataFiles } from "#main/data/data-files.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import { openReadyLab, openTestLab, runRound } from "./support.ts";

async function rowsOf(path: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for await (const batch of (await dataFiles.open({ path })).batches())
    for (const row of batch) if ("value" in row) rows.push(row.value as Record<string, unknown>);
  return rows;
}

const PAIRS = `SELECT p.messages, c.text AS chosen, r.text AS rejected FROM current_pair x JOIN prompt p ON p.id = x.prompt_id
  JOIN response c ON c.id = x.chosen_id JOIN response r ON r.id = x.rejected_id ORDER BY p.hash, c.text, r.text`;

describe("a dataset", () => {
  it("holds pairs, provenance, prompts, judgments and a card, and comes back as the same pairs", async () => {
    const { client, folder, db } = await openReadyLab();
    await runRound(client);
    const path = join(folder, "set");
    const written = await client.results.exportDataset({ path, shape: "ultraFeedback" });
    expect(written.files).toEqual([
      "README.md",
      "pairs/train.parquet",
      "provenance/train.parquet",
      "prompts/train.parquet",
      "prompts/validation.parquet",
      "judgments/train.parquet",
    ]);
    const pairs = db.all(PAIRS);
    expect(written.rows).toBe(pairs.length);
    const provenance = await rowsOf(join(path, "provenance/train.parquet"));
    const rows = await rowsOf(join(path, "pairs/train.parquet"));
    rows.forEach((row, i) => {
      const [chosen, from] = [row["chosen"] as { content: string }[], provenance[i] ?? {}];
      expect(from).toMatchObject({ round: 1, prompt_hash: row["prompt_id"], chosen_by: "r0", rejected_by: "r0" });
      expect(from["chosen_hash"]).toBe(
        createHash("sha256")
          .update(chosen.at(-1)?.content ?? "")
          .digest("hex"),
      );
      expect(from["chosen_win_rate"]).toBe(row["score_chosen"]);
    });
    const card = readFileSync(join(path, "README.md"), "utf8");
    expect(card).toContain('- config_name: "prompts"\n  data_files:\n  - split: "train"\n    path: "prompts/train.parquet"\n  - split: "validation"');
    expect(card).toContain(
      createHash("sha256")
        .update(readFileSync(join(path, "pairs/train.parquet")))
        .digest("hex"),
    );
    expect(card).toContain("| r0 |");
    expect(card).toMatch(/\| 1 \| 7 \| K 3, temperature 0\.7, .* both orders /u);
    expect(card).toContain("prompts.jsonl");
    // Nothing of the machine: no path of it.
    expect(card).not.toContain(folder);
    await expect(client.results.exportDataset({ path })).rejects.toThrow(/expected an empty folder/u);
    expect((await client.results.exportDataset({ path, format: "jsonl", replace: true })).files).toContain("pairs/train.jsonl");

    const other = await openTestLab(tempFolder());
    await other.client.experiments.create({ name: "Other", config: experimentConfigSchema.parse({}) });
    const report = await other.client.experiments.importPrompts({ path: join(path, "pairs/train.parquet"), split: "training" });
    expect(report).toMatchObject({ pairs: pairs.length, unusablePairs: 0, rejectedCount: 0 });
    const back = other.db.all(
      `SELECT p.messages, c.text AS chosen, r.text AS rejected FROM imported_pair x JOIN prompt p ON p.id = x.prompt_id
         JOIN response c ON c.id = x.chosen_id JOIN response r ON r.id = x.rejected_id ORDER BY p.hash, c.text, r.text`,
    );
    expect(back).toEqual(pairs);
  });
});

describe("judgments", () => {
  it("leave with texts, order, oracle and whether they count; people may be numbered", async () => {
    const { client, folder, db } = await openReadyLab({ config: { oracle: { kind: "people" } }, validation: 2, training: 2 });
    await expect(client.results.exportJudgments({ path: join(folder, "none.csv") })).rejects.toThrow("there are no judgments in this experiment yet");
    await client.rounds.start({ until: "judge" });
    await client.rounds.settle();
    const queue = await client.queue.next({ author: "Ada =1", count: 2 });
    for (const { askId } of queue.comparisons) {
      const verdict = { kind: "prefers", side: "left", strength: "clear" } as const;
      await client.queue.judge({ author: "Ada =1", askId, verdict, durationMs: 900, requestId: randomUUID() });
    }
    await client.queue.undo({ author: "Ada =1" });
    const [csv, parquet] = [join(folder, "j.csv"), join(folder, "j.parquet")];
    const { rows } = await client.results.exportJudgments({ path: csv });
    expect(await client.results.exportJudgments({ path: parquet, numbersPeople: true })).toMatchObject({ rows });
    const [plain, numbered] = [await rowsOf(csv), await rowsOf(parquet)];
    expect(plain).toHaveLength(3);
    expect(plain.map((row) => row["is_live"])).toEqual(["true", "false", "false"]);
    expect(plain.map((row) => row["author"])).toEqual(["Ada =1", "Ada =1", "Ada =1"]);
    expect(numbered.map((row) => row["author"])).toEqual(["person 1", "person 1", "person 1"]);
    expect(numbered[2]?.["verdict"]).toBe("retraction");
    const [first] = numbered;
    // What stood on the left was preferred.
    expect(first?.["verdict"]).toBe(first?.["order"] === "as-stored" ? "first" : "second");
    const [stored] = db.all(
      "SELECT j.id, a.text AS first, b.text AS second FROM judgment j JOIN response a ON a.id = j.first_id JOIN response b ON b.id = j.second_id ORDER BY j.id LIMIT 1",
    );
    expect(first).toMatchObject({
      judgment_id: stored?.["id"],
      first: stored?.["first"],
      second: stored?.["second"],
      purpose: "training",
      oracle: "people",
    });
  });
});
