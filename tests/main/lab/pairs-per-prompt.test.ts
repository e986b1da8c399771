/** A round that keeps at most so many pairs of each prompt. */
import { expect, it } from "vitest";
import { openReadyLab, runRound, type TestLab } from "./support.ts";

/** The live pairs by their texts, prompt by prompt. */
function pairsByPrompt({ db }: TestLab): Map<unknown, unknown[]> {
  const rows = db.all(
    "SELECT p.prompt_id AS prompt, c.text AS chosen, r.text AS rejected FROM current_pair p JOIN response c ON c.id = p.chosen_id JOIN response r ON r.id = p.rejected_id ORDER BY 1, 2, 3",
  );
  return Map.groupBy(rows, (row) => row["prompt"]);
}

it("keeps one of each prompt that has some, says how many it left out, and draws the same when it is run again", async () => {
  const lab = await openReadyLab({ validation: 4 });
  expect((await runRound(lab.client, "pair")).state).toBe("done");
  const all = pairsByPrompt(lab);
  expect(Math.max(...[...all.values()].map((pairs) => pairs.length))).toBeGreaterThan(1);
  const again = async (): Promise<ReturnType<typeof pairsByPrompt>> => {
    await lab.client.rounds.redo({ stage: "pair" });
    expect((await lab.client.rounds.settle()).state).toBe("done");
    return pairsByPrompt(lab);
  };
  const experiment = await lab.client.experiments.get();
  if (experiment === null) throw new Error("expected an experiment");
  await lab.client.experiments.configure({
    config: { ...experiment.config, pairs: { kind: "winRateMargin", minMargin: 0.3, opponents: "vsPolicy", maxPerPrompt: 1 } },
  });
  const kept = await again();
  expect([...kept.keys()]).toEqual([...all.keys()]);
  for (const [prompt, pairs] of kept) {
    expect(pairs).toHaveLength(1);
    expect(all.get(prompt)).toEqual(expect.arrayContaining(pairs));
  }
  const counts = (await lab.client.rounds.list())[0]?.stages.find(({ stage }) => stage === "pair")?.counts;
  expect(counts?.["beyond the most per prompt"]).toBe([...all.values()].flat().length - all.size);
  expect(await again()).toEqual(kept);
});
