/** The page on a whole lab, database and all: only the engine is a stand-in. */
import type { Page } from "playwright-core";
import { expect, it, onTestFinished } from "vitest";
import type { ShownVerdict } from "#app/contract/queue.ts";
import { openReadyLab, SCRIPTED, type TestLab, violationsOf } from "#tests/main/lab/support.ts";
import { judgeThirty, sitDown } from "#tests/support/annotator.ts";
import { describeInChromium } from "#tests/support/in-chromium.ts";

describeInChromium("the page on a whole lab", (pages) => {
  it("labels 30 comparisons by keyboard, with an undo and a reload: the database holds what was pressed", async () => {
    const people = { ...SCRIPTED, oracle: { kind: "people", guidelines: "Prefer the shorter one." }, sampling: { responsesPerPrompt: 2 } };
    const lab = await openReadyLab({ config: people, training: 30, validation: 4 });
    const page = await open(lab);
    await page.getByRole("button", { name: "Start round 1" }).click();
    await page.getByRole("link", { name: "Judge 30 comparisons" }).waitFor();
    await sitDown(page, "Ada");
    const meant = await judgeThirty(page, (shown, wanted) => {
      expect(shown).toBe(wanted);
    });
    await page.getByText("All saved").waitFor();

    const rows = lab.db.all(
      `SELECT k.id, a.text AS left_text, j.verdict, j.strength, CASE j.verdict WHEN 'first' THEN j.first_id WHEN 'second' THEN j.second_id END AS winner,
         x.response_id AS left_id FROM current_judgment j JOIN ask k ON k.id = j.ask_id
         JOIN ask_response x ON x.ask_id = k.id AND x.position = 0 JOIN response a ON a.id = x.response_id WHERE k.purpose = 'training'`,
    );
    expect(rows).toHaveLength(30);
    for (const row of rows) {
      const held = meant.get(String(row["id"]));
      expect(String(row["left_text"]).trim()).toBe(held?.left);
      expect(shownVerdict(String(row["verdict"]), String(row["strength"]), row["winner"] === row["left_id"])).toEqual(held?.verdict);
    }
    // The one that was taken back is kept, superseded.
    expect(lab.db.get("SELECT count(*) AS n FROM judgment j JOIN ask k ON k.id = j.ask_id WHERE k.purpose = 'training'")?.["n"]).toBeGreaterThan(30);
    expect(violationsOf(lab.db)).toEqual([]);
  });

  it("runs a round that a script judges, paused in the middle and gone on with after a reload, to its result", async () => {
    const gate = createGate();
    const lab = await openReadyLab({ training: 8, validation: 24 }, { beforeUnit: async () => await gate.pass() });
    // Registered last, so that it comes first: a lab that waits at the gate could not close.
    onTestFinished(() => {
      gate.let(Infinity);
    });
    const page = await open(lab);
    await page.getByRole("button", { name: "Start round 1" }).click();
    gate.let(1);
    await page.getByText("1 of 24 responses").waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Pausing after this step" }).waitFor();
    gate.let(1);
    await page.getByRole("button", { name: "Go on" }).waitFor();
    await page.reload();
    await page.getByText("paused", { exact: true }).waitFor();
    await page.getByText("2 of 24 responses").waitFor();
    gate.let(Infinity);
    await page.getByRole("button", { name: "Go on" }).click();

    await page.getByRole("button", { name: "Start round 2", exact: true }).waitFor();
    const [round] = await lab.client.rounds.list();
    const row = round?.winRates[0];
    expect(row).toBeDefined();
    const result = page.getByRole("region", { name: "Result of round 1" });
    await result
      .getByText(`${(100 * (row?.winRate ?? 0)).toFixed(1)} %`)
      .first()
      .waitFor();
    await page.getByText(round?.recommendation?.sentence ?? "no recommendation", { exact: true }).waitFor();
    expect(violationsOf(lab.db)).toEqual([]);
  });

  async function open(lab: TestLab): Promise<Page> {
    return (await pages.serve(lab.lab.router)).page;
  }
});

/** A row of the database as the person saw it. */
function shownVerdict(verdict: string, strength: string, isLeft: boolean): ShownVerdict {
  if (verdict === "tie" || verdict === "bothBad") return { kind: verdict };
  return { kind: "prefers", side: isLeft ? "left" : "right", strength: strength === "clear" ? "clear" : "slight" };
}

type Gate = { let(units: number): void; pass(): Promise<void> };

/** Lets as many units of work through as it was told to; the others wait. */
function createGate(): Gate {
  let allowed = 0;
  let waiting: (() => void)[] = [];
  return {
    let: (units) => {
      allowed += units;
      for (const wake of waiting.splice(0)) wake();
      waiting = [];
    },
    pass: async () => {
      while (allowed <= 0) await new Promise<void>((resolve) => waiting.push(resolve));
      allowed -= 1;
    },
  };
}
