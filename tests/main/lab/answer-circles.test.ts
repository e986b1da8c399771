/** Circles among the answers that were compared in training: counted from the judgments, reported, and never called progress. */
import { describe, expect, it } from "vitest";
import type { LabClient } from "#app/contract/contract.ts";
import { ROUND_GOING } from "#tests/support/cyclic-lab.ts";
import type { Connection } from "#main/store/database.ts";
import { openReadyLab, runRound, SCRIPTED, violationsOf } from "./support.ts";

async function circlesOf(client: LabClient) {
  const overview = await client.results.overview({});
  if (overview === null) throw new Error("expected results");
  return overview;
}

/** Triples of live training judgments that are decided in every order, and circles among them, told by joins of the ledger. */
function recount(db: Connection, orders: 1 | 2): { readonly triples: number; readonly circular: number } {
  const won = `SELECT k.prompt_id, CASE j.verdict WHEN 'first' THEN j.first_id ELSE j.second_id END AS better,
      CASE j.verdict WHEN 'first' THEN j.second_id ELSE j.first_id END AS worse
    FROM current_judgment j JOIN current_ask k ON k.id = j.ask_id WHERE k.purpose = 'training' AND j.verdict IN ('first', 'second')
    GROUP BY 1, 2, 3 HAVING count(*) = ${orders}`;
  const count = (sql: string): number => Number(db.get(`WITH won AS (${won}) ${sql}`)?.["n"]);
  const circular = count(
    `SELECT count(*) / 3 AS n FROM won a JOIN won b ON b.better = a.worse JOIN won c ON c.better = b.worse AND c.worse = a.better`,
  );
  const transitive = count(
    `SELECT count(*) AS n FROM won a JOIN won b ON b.better = a.worse JOIN won c ON c.better = a.better AND c.worse = b.worse`,
  );
  return { triples: circular + transitive, circular };
}

describe("circles among answers", () => {
  it("are reported where preferences go round, and no win is called progress", async () => {
    const { client, db } = await openReadyLab({ config: ROUND_GOING, training: 30 });
    await runRound(client);
    await runRound(client);
    const { circles, choice } = await circlesOf(client);
    const { triples, circular } = recount(db, 1);
    expect(circles.circular).toMatchObject({ cases: triples, ofKind: circular });
    expect(circles.rounds.map(({ round }) => round)).toEqual([1, 2]);
    expect(circles.rounds.reduce((sum, one) => sum + one.triples, 0)).toBe(triples);
    expect(circles.verdict).toBe("noScore");
    expect(circles.drawnIn.low).toBeGreaterThan(3 / 4);
    expect(choice).toMatchObject({
      verdict: "cycle",
      headline: `Verdicts run in circles: use ${choice?.recommended ?? ""} if it must be one policy.`,
    });
    expect(choice?.reason.startsWith(circles.sentence)).toBe(true);
    expect((await client.results.report({})).html).toContain("Circles among answers");
    expect((await client.rounds.list()).map((round) => round.recommendation?.verdict)).not.toContain("improved");
    expect(violationsOf(db)).toEqual([]);

    // What is redone is counted anew, and what came of the old run no more.
    await client.rounds.redo({ stage: "pair" });
    await client.rounds.settle();
    expect((await circlesOf(client)).circles).toEqual(circles);
  });

  it("are none where a number is preferred, and cannot be told where nothing was compared by twos", async () => {
    const plain = await openReadyLab({ config: { ...SCRIPTED, sampling: { responsesPerPrompt: 5, maxNewTokens: 64 } }, training: 24 });
    await runRound(plain.client);
    const { circles } = await circlesOf(plain.client);
    expect(circles).toMatchObject({ verdict: "none", circular: { ofKind: 0 }, drawnIn: { cases: 0 } });
    expect(circles.sentence).toBe(`None of ${recount(plain.db, 2).triples} triples of answers to one prompt runs in a circle.`);

    const listwise = await openReadyLab({ config: { ...SCRIPTED, judging: { mode: "listwise" }, pairs: { kind: "paper" } } });
    await runRound(listwise.client);
    expect((await circlesOf(listwise.client)).circles).toMatchObject({
      verdict: "unmeasured",
      sentence: "Scores given side by side put answers in one order, so they cannot run in a circle and nothing is counted.",
      rounds: [],
    });
  });
});
