/** Rounds in which prompts bring a teacher's response along. */
import { describe, expect, it } from "vitest";
import { countOf, openTestLab, runRound, SCRIPTED, setUp, type TestLab, violationsOf, writeLines } from "./support.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";

const TEACHER = "quiet lamp";

async function openTeacherLab(config: Readonly<Record<string, unknown>>): Promise<TestLab> {
  const lab = await openTestLab(tempFolder());
  await setUp(lab, { config: { ...SCRIPTED, ...config }, training: 0, validation: 20 });
  const rows = Array.from({ length: 6 }, (_, i) => ({ instruction: `Taught prompt ${i}`, reference_output: TEACHER, split: "training" }));
  await lab.client.experiments.importPrompts({ path: writeLines(lab.folder, "taught.jsonl", rows) });
  return lab;
}

const TEACHER_PAIRS = "SELECT count(*) AS n FROM preference_pair p JOIN response c ON c.id = p.chosen_id JOIN response r ON r.id = p.rejected_id";

describe("a teacher's response", () => {
  it("is compared with the policy's own, and may be chosen or rejected", async () => {
    const { client, db } = await openTeacherLab({});
    expect((await runRound(client)).state).toBe("done");
    expect(
      countOf(
        db,
        "SELECT count(DISTINCT k.id) AS n FROM ask k JOIN ask_response s ON s.ask_id = k.id JOIN response r ON r.id = s.response_id WHERE r.source = 'teacher'",
      ),
    ).toBe(6 * 3 * 2);
    // Ten characters, just what the script wants.
    expect(countOf(db, `${TEACHER_PAIRS} WHERE c.source = 'teacher'`)).toBeGreaterThan(0);
    expect(countOf(db, `${TEACHER_PAIRS} WHERE r.source = 'teacher'`)).toBe(0);
    expect(violationsOf(db)).toEqual([]);
  });

  it("by SPIN is always the chosen one, and nobody is asked about pairs", async () => {
    const { client, db } = await openTeacherLab({ pairs: { kind: "spin" }, sampling: { responsesPerPrompt: 1 } });
    expect((await runRound(client)).state).toBe("done");
    expect(countOf(db, "SELECT count(*) AS n FROM ask WHERE purpose = 'training'")).toBe(0);
    expect(countOf(db, `${TEACHER_PAIRS} WHERE c.source = 'teacher' AND r.source = 'policy'`)).toBe(6);
    expect((await client.rounds.list())[0]?.stages[1]).toMatchObject({ state: "done", unitsDone: 0, unitsTotal: 0 });
    expect(violationsOf(db)).toEqual([]);
  });

  it("by the restrictive rule is the only one that may be chosen", async () => {
    const { client, db } = await openTeacherLab({ pairs: { kind: "restrictive" }, judging: { mode: "listwise" } });
    expect((await runRound(client)).state).toBe("done");
    expect(countOf(db, `${TEACHER_PAIRS} WHERE c.source <> 'teacher'`)).toBe(0);
    expect(countOf(db, TEACHER_PAIRS)).toBeGreaterThan(0);
  });

  it("is counted in the policy's own tokens by a script that counts tokens", async () => {
    // The teacher's two words and the end of text are three tokens.
    const { client, db } = await openTeacherLab({ oracle: { kind: "targetLength", unit: "tokens", target: 3 } });
    expect((await runRound(client)).state).toBe("done");
    const judged = db.all(
      `SELECT CASE j.verdict WHEN 'first' THEN j.first_id WHEN 'second' THEN j.second_id END = r.id AS wins
       FROM current_judgment j JOIN ask_response s ON s.ask_id = j.ask_id JOIN response r ON r.id = s.response_id WHERE r.source = 'teacher'`,
    );
    expect(judged.length).toBe(36);
    expect(judged.filter((row) => row["wins"] === 0)).toEqual([]);
  });
});
