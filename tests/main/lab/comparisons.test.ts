/** Everyone against everyone: what it would take, run, interrupted, judged by people, redone; and the figures that come of it. */
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { JudgmentId } from "#app/base/ids.ts";
import { lengthBars, ratePoints } from "#app/contract/result-points.ts";
import { duelBetween } from "#app/contract/result-tables.ts";
import type { ResultOverview } from "#app/contract/result-views.ts";
import { type Connection, openDatabase } from "#main/store/database.ts";
import { insertJudgment, toJudgment } from "#main/store/queries/judgments.ts";
import { DATABASE_NAME } from "#main/store/store.ts";
import { tempFolder } from "#tests/support/temp-folder.ts";
import {
  countOf,
  makeCheckpoint,
  openReadyLab,
  openTestLab,
  runRound,
  SCRIPTED,
  setUp,
  type Setup,
  type TestLab,
  violationsOf,
  writeLines,
} from "./support.ts";

/** So many rounds on 40 held-out prompts, half of which the teacher has answered. */
async function afterRounds(rounds: number, setup: Setup = {}, folder = tempFolder()): Promise<TestLab> {
  const lab = await openTestLab(folder);
  await setUp(lab, { validation: 20, ...setup });
  const rows = Array.from({ length: 20 }, (_, i) => ({ prompt: `Taught prompt ${i}`, split: "validation", teacher_response: `taught ${i} words` }));
  await lab.client.experiments.importPrompts({ path: writeLines(folder, "taught.jsonl", rows), skipRejected: false });
  for (let round = 0; round < rounds; round++) expect(await runRound(lab.client)).toEqual({ state: "done", error: null });
  return lab;
}

async function overviewOf({ client }: Pick<TestLab, "client">, split?: "validation" | "test"): Promise<ResultOverview> {
  const overview = await client.results.overview(split === undefined ? {} : { split });
  if (overview === null) throw new Error("expected results");
  return overview;
}

/** Without the times of its making. */
function figures({ computedAtMs: _at, ...rest }: ResultOverview): unknown {
  return rest;
}

/** Wins, losses, ties of one pair, counted by SQL from live judgments and equal texts alone. */
function countBySql(db: Connection, first: string, second: string): unknown {
  return db.get(
    `WITH side AS (
       SELECT m.prompt_id, a.text = b.text AS is_same,
         (SELECT group_concat(DISTINCT CASE WHEN j.verdict IN ('first', 'second')
             THEN CASE WHEN (j.verdict = 'first') = (j.first_id = a.id) THEN 'won' ELSE 'lost' END ELSE 'tied' END)
           FROM current_judgment j JOIN ask k ON k.id = j.ask_id WHERE k.attempt_id = m.attempt_id
             AND j.first_id IN (a.id, b.id) AND j.second_id IN (a.id, b.id)) AS says
       FROM evaluation_match m JOIN current_attempt t ON t.id = m.attempt_id
         JOIN policy p ON p.id = m.first JOIN policy q ON q.id = m.second
         JOIN response a ON a.id = m.first_response_id JOIN response b ON b.id = m.second_response_id
       WHERE p.name = $first AND q.name = $second)
     SELECT count(*) AS n, sum(says IS 'won') AS won, sum(says IS 'lost') AS lost,
       sum(is_same OR says NOT IN ('won', 'lost')) AS tied FROM side`,
    { first, second },
  );
}

describe("results after two rounds", () => {
  it("hold each pair once, count what the database holds, and stay until something changes", async () => {
    const lab = await afterRounds(2);
    const overview = await overviewOf(lab);
    expect(overview.players.map(({ name, round }) => [name, round])).toEqual([
      ["r0", null],
      ["r1", 1],
      ["r2", 2],
    ]);
    expect(overview.duels.map(({ first, second }) => `${first} ${second}`)).toEqual(["r1 r0", "r2 r0", "r2 r1"]);
    for (const { first, second, n, won, lost, tied } of overview.duels) expect({ n, won, lost, tied }).toEqual(countBySql(lab.db, first, second));
    expect(overview.rounds.map(({ round, policy, previous, first }) => [round, policy, previous, first])).toEqual([
      [1, "r1", "r0", "r0"],
      [2, "r2", "r1", "r0"],
    ]);
    expect([overview.unmetPairs, overview.prompts, overview.split]).toEqual([3, 40, "validation"]);
    expect(overview.mixture?.exploitability.value).toBe(0);
    expect(overview.players.reduce((sum, player) => sum + (player.mixtureShare ?? 0), 0)).toBeCloseTo(1, 12);
    // Short responses are preferred: each round is a step, and the page says so.
    expect(overview.choice).toMatchObject({ verdict: "improved", recommended: "r2" });

    const kept = lab.db.get("SELECT key, made_at FROM result_summary");
    expect(figures(await overviewOf(lab))).toEqual(figures(overview));
    expect(lab.db.get("SELECT key, made_at FROM result_summary")).toEqual(kept);
    expect(violationsOf(lab.db)).toEqual([]);
  });

  it("are equal when they are computed anew, and change with a corrected judgment in its own transaction", async () => {
    const folder = tempFolder();
    const lab = await afterRounds(1, {}, folder);
    const before = await overviewOf(lab);
    const writable = openDatabase(join(folder, DATABASE_NAME));
    onTestFinished(() => {
      writable.close();
    });
    writable.run("DELETE FROM result_summary");
    expect(figures(await overviewOf(lab))).toEqual(figures(before));

    const [won] = (await lab.client.results.examples({ first: "r1", second: "r0", filter: "won" })).rows;
    const rows = writable.all(
      "SELECT j.* FROM current_judgment j JOIN ask k ON k.id = j.ask_id WHERE k.purpose = 'evaluation' AND k.prompt_id = $id AND j.verdict <> 'tie'",
      { id: won?.promptId ?? "" },
    );
    expect(rows).toHaveLength(2);
    for (const judgment of rows.map(toJudgment)) {
      insertJudgment(writable, {
        ...judgment,
        id: `${judgment.id}x` as JudgmentId,
        verdict: { kind: "tie" },
        probability: null,
        supersedesId: judgment.id,
        requestId: null,
      });
    }
    const after = await overviewOf(lab);
    const [old, corrected] = [before, after].map((results) => duelBetween(results, "r1", "r0"));
    expect(corrected).toMatchObject({ won: (old?.won ?? 0) - 1, tied: (old?.tied ?? 0) + 1 });
    writable.run("DELETE FROM result_summary");
    expect(figures(await overviewOf(lab))).toEqual(figures(after));
  });

  it("open the prompts behind each number, from either side", async () => {
    const lab = await afterRounds(1);
    const duel = duelBetween(await overviewOf(lab), "r1", "r0");
    const page = await lab.client.results.examples({ first: "r1", second: "r0" });
    const { won, lost, tied, missing, n = 0 } = duel ?? {};
    expect(page.counts).toMatchObject({ all: n, won, lost, tied, missing, ordersDisagree: duel?.ordersDisagree });
    expect(page.rows).toHaveLength(20);
    const back = await lab.client.results.examples({ first: "r0", second: "r1", limit: 200 });
    expect(back.counts).toMatchObject({ won: lost, lost: won, tied });
    const all = await lab.client.results.examples({ first: "r1", second: "r0", limit: 200 });
    for (const filter of ["won", "lost", "tied"] as const) {
      const { rows } = await lab.client.results.examples({ first: "r1", second: "r0", filter, limit: 200 });
      expect(rows).toEqual(all.rows.filter((row) => row.outcome === filter));
    }
    const second = await lab.client.results.examples({ first: "r1", second: "r0", offset: 5, limit: 3 });
    expect(second.rows).toEqual(all.rows.slice(5, 8));
    for (const row of all.rows) {
      // The oracle likes ten characters.
      const [own, other] = [row.response, row.opponentResponse].map((response) => Math.abs((response ?? "").length - 10));
      expect(row.outcome).toBe((own ?? 0) < (other ?? 0) ? "won" : (own ?? 0) > (other ?? 0) ? "lost" : "tied");
      expect(row.judgedBy.every((name) => name.startsWith("script targetLength"))).toBe(true);
    }
  });
});

describe("a comparison that is asked for", () => {
  it("says what it would take, borrows responses, fills what has not met, and has nothing left then", async () => {
    const lab = await afterRounds(3);
    const plan = await lab.client.results.comparisonPlan({});
    expect(plan.pairs).toEqual([
      { first: "r3", second: "r1", prompts: 40 },
      { first: "r3", second: "teacher", prompts: 20 },
      { first: "r2", second: "teacher", prompts: 20 },
      { first: "r1", second: "teacher", prompts: 20 },
      { first: "r0", second: "teacher", prompts: 20 },
    ]);
    // Every policy has answered every held-out prompt already; each prompt is asked in both orders.
    expect(plan).toMatchObject({ samples: 0, samplingMs: 0, asks: 240, isForPeople: false, isTestLook: false, split: "validation" });
    expect((await overviewOf(lab)).unmetPairs).toBe(plan.pairs.length);
    const responses = countOf(lab.db, "SELECT count(*) AS n FROM response");

    await lab.client.results.compare({});
    expect(await lab.client.rounds.settle()).toEqual({ state: "done", error: null });
    const overview = await overviewOf(lab);
    expect(overview.players.map((player) => player.name)).toEqual(["r0", "r1", "r2", "r3", "teacher"]);
    expect([overview.duels.length, overview.unmetPairs]).toEqual([10, 0]);
    expect(overview.duels.filter((duel) => duel.second === "teacher").map((duel) => duel.n)).toEqual([20, 20, 20, 20]);
    expect(overview.rounds.at(-1)?.gainOnTeacher?.n).toBe(20);
    expect(countOf(lab.db, "SELECT count(*) AS n FROM response")).toBe(responses);
    const asked = countOf(lab.db, "SELECT count(*) AS n FROM ask k JOIN stage_attempt a ON a.id = k.attempt_id WHERE a.is_comparison = 1");
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThanOrEqual(plan.asks);
    // The rounds are as they were.
    expect((await lab.client.rounds.list()).every((round) => round.isDone)).toBe(true);
    expect(await lab.client.results.comparison()).toBeNull();
    await expect(lab.client.results.compare({})).rejects.toThrow("all these policies have met already");
    await expect(lab.client.results.comparisonPlan({ policies: ["r9"] })).rejects.toThrow('there is no policy "r9"');
    expect(violationsOf(lab.db)).toEqual([]);
    // The next round goes on as if nothing had been in between.
    expect(await runRound(lab.client)).toEqual({ state: "done", error: null });
    expect(violationsOf(lab.db)).toEqual([]);
  });

  it("may be of some policies, without the teacher", async () => {
    const lab = await afterRounds(3);
    expect((await lab.client.results.comparisonPlan({ policies: ["r3", "r1"], withTeacher: false })).pairs).toEqual([
      { first: "r3", second: "r1", prompts: 40 },
    ]);
    expect((await lab.client.results.comparisonPlan({ policies: ["r3", "r2"], withTeacher: false })).pairs).toEqual([]);
  });

  it("samples what no earlier evaluation can lend: other settings, other responses", async () => {
    const lab = await afterRounds(1, { config: { ...SCRIPTED, evaluation: { temperature: 0.7 } } });
    const experiment = await lab.client.experiments.get();
    if (experiment === null) throw new Error("expected an experiment");
    await lab.client.experiments.configure({ config: { ...experiment.config, evaluation: { ...experiment.config.evaluation, temperature: 0.2 } } });
    const plan = await lab.client.results.comparisonPlan({});
    // Two policies meet the teacher, on the 20 prompts that it has answered; they answer no other.
    expect([plan.samples, plan.samplingMs !== null]).toEqual([40, true]);
    await lab.client.results.compare({});
    expect(await lab.client.rounds.settle()).toEqual({ state: "done", error: null });
    expect(countOf(lab.db, "SELECT count(*) AS n FROM response r JOIN stage_attempt a ON a.id = r.attempt_id WHERE a.is_comparison = 1")).toBe(40);
  });

  it("goes on where it was paused or killed, and comes to the same", async () => {
    const straight = await afterRounds(3);
    await straight.client.results.compare({});
    await straight.client.rounds.settle();
    const folder = tempFolder();
    const first = await afterRounds(3, {}, folder);
    await first.client.results.compare({});
    await first.client.rounds.pause();
    const open = await first.client.results.comparison();
    expect(open?.state).toBe("paused");
    await first.lab.close();
    const second = await openTestLab(folder);
    expect((await second.client.results.comparison())?.unitsDone).toBe(open?.unitsDone);
    await second.client.results.compare({});
    expect(await second.client.rounds.settle()).toEqual({ state: "done", error: null });
    expect(figures(await overviewOf(second))).toEqual(figures(await overviewOf(straight)));
    expect(violationsOf(second.db)).toEqual([]);
  });

  it("can be given up: what it found counts no more, and it can be asked for anew", async () => {
    const lab = await afterRounds(3);
    await lab.client.results.compare({});
    await lab.client.rounds.pause();
    expect(await lab.client.results.giveUpComparison()).toEqual({ wasOpen: true });
    expect(await lab.client.results.giveUpComparison()).toEqual({ wasOpen: false });
    expect((await overviewOf(lab)).unmetPairs).toBe(5);
    expect((await lab.client.results.comparisonPlan({})).pairs).toHaveLength(5);
  });

  it("is judged by people where people are the oracle, and ends with the last answer", async () => {
    const people = { ...SCRIPTED, oracle: { kind: "people", guidelines: "" } };
    const lab = await afterRounds(0, { config: people, training: 2, validation: 1 });
    const judgeAll = async (): Promise<void> => {
      for (;;) {
        const { comparisons } = await lab.client.queue.next({ author: "Ada", count: 20 });
        if (comparisons.length === 0) return;
        for (const { askId, left, right } of comparisons) {
          const side = left.text.length < right.text.length ? "left" : "right";
          await lab.client.queue.judge({
            author: "Ada",
            askId,
            verdict: { kind: "prefers", side, strength: "clear" },
            durationMs: 5,
            requestId: crypto.randomUUID(),
          });
        }
        await lab.client.rounds.settle();
      }
    };
    await runRound(lab.client);
    await judgeAll();
    expect((await lab.client.rounds.list())[0]?.isDone).toBe(true);
    const plan = await lab.client.results.comparisonPlan({});
    expect(plan).toMatchObject({ isForPeople: true, asks: 40 });
    expect(plan.judgingMs).toBeCloseTo(200, 6);
    await lab.client.results.compare({});
    expect((await lab.client.rounds.settle()).state).toBe("waitsForPeople");
    expect((await lab.client.results.comparison())?.waitsForPeople).toBe(true);
    await judgeAll();
    expect((await lab.client.rounds.settle()).state).toBe("done");
    expect(await lab.client.results.comparison()).toBeNull();
    expect((await overviewOf(lab)).duels.map((duel) => `${duel.first} ${duel.second}`)).toEqual(["r1 r0", "r0 teacher", "r1 teacher"].sort());
    expect((await overviewOf(lab)).judgedBy).toEqual(["Ada"]);
    expect(violationsOf(lab.db)).toEqual([]);
  });

  it("outlives a redo of its round; of a policy that is gone nothing counts", async () => {
    const lab = await afterRounds(3);
    await lab.client.results.compare({});
    await lab.client.rounds.settle();
    await lab.client.rounds.redo({ stage: "evaluate" });
    expect(await lab.client.rounds.settle()).toEqual({ state: "done", error: null });
    expect((await overviewOf(lab)).duels).toHaveLength(10);
    await lab.client.rounds.redo({ stage: "train" });
    expect(await lab.client.rounds.settle()).toEqual({ state: "done", error: null });
    const overview = await overviewOf(lab);
    // r3 is another policy of the same name: it has met r2 and r0 again, but neither r1 nor the teacher.
    expect(duelBetween(overview, "r3", "r1")).toBeUndefined();
    expect(duelBetween(overview, "r2", "teacher")).toBeDefined();
    expect(overview.duels).toHaveLength(8);
    expect(violationsOf(lab.db)).toEqual([]);
  });
});

describe("the test split", () => {
  it("reports and does not choose, and every look at it is counted", async () => {
    const lab = await openReadyLab({ config: { ...SCRIPTED, evaluation: { split: "test" } }, validation: 0, test: 24 });
    await runRound(lab.client);
    await runRound(lab.client);
    expect(await lab.client.results.overview({ split: "validation" })).toBeNull();
    expect(await overviewOf(lab)).toMatchObject({ split: "test", choice: null, testLooks: 2, prompts: 24 });
    await runRound(lab.client);
    expect((await lab.client.results.comparisonPlan({})).isTestLook).toBe(true);
    await lab.client.results.compare({});
    await lab.client.rounds.settle();
    expect(await overviewOf(lab)).toMatchObject({ testLooks: 4, unmetPairs: 0 });
  });
});

describe("length control", () => {
  it("is by the minimal formula, and by AlpacaEval's where difficulties and anchors were imported", async () => {
    const lab = await afterRounds(1, { validation: 40 });
    const formula = async (): Promise<string | undefined> => {
      const control = duelBetween(await overviewOf(lab), "r1", "r0")?.lengthControlled;
      return control?.kind === "estimated" ? control.formula : control?.reason;
    };
    expect(await formula()).toBe("minimal");
    const rows = [
      ...Array.from({ length: 40 }, (_, i) => `Validation prompt ${i}`),
      ...Array.from({ length: 20 }, (_, i) => `Taught prompt ${i}`),
    ].map((prompt, i) => ({
      prompt,
      difficulty: Math.sin(i),
      anchors: [
        { standardLength: 1, score: 0.3 },
        { standardLength: -1, score: 0.6 },
      ],
    }));
    const unknown = { prompt: "Nobody asked this", difficulty: 1 };
    const path = writeLines(lab.folder, "calibration.jsonl", [...rows, unknown]);
    expect(await lab.client.results.importCalibration({ path })).toEqual({ difficulties: 60, anchors: 120, unknown: 1 });
    expect(await formula()).toBe("full");
    // Other figures of as many prompts are another calibration.
    const control = async (): Promise<unknown> => duelBetween(await overviewOf(lab), "r1", "r0")?.lengthControlled;
    const before = await control();
    const turned = rows.map((row) => ({ ...row, anchors: row.anchors.map((anchor) => ({ ...anchor, score: 1 - anchor.score })) }));
    await lab.client.results.importCalibration({ path: writeLines(lab.folder, "turned.jsonl", turned) });
    expect(await control()).not.toEqual(before);
    await lab.client.results.importCalibration({
      path: writeLines(
        lab.folder,
        "difficulties.jsonl",
        rows.map(({ anchors: _anchors, ...row }) => row),
      ),
    });
    expect(await formula()).toBe("withoutAnchors");
    await lab.client.results.importCalibration({ path: writeLines(lab.folder, "some.jsonl", rows.slice(1)) });
    expect(await formula()).toBe("minimal");
    const bad = writeLines(lab.folder, "bad.jsonl", [rows[0], { prompt: "x" }]);
    await expect(lab.client.results.importCalibration({ path: bad })).rejects.toThrow(/line 2: expected .*nothing was stored/u);
    expect(countOf(lab.db, "SELECT count(*) AS n FROM prompt_difficulty")).toBe(59);
  });
});

describe("length control of a policy that was added by hand", () => {
  it("is told against the first policy, as that of a round's policy is", async () => {
    const lab = await openReadyLab({ validation: 40 });
    await lab.client.policies.add({ path: makeCheckpoint(lab.folder, "made for 20 words"), name: "added" });
    expect(await runRound(lab.client, "sample")).toEqual({ state: "done", error: null });
    await lab.client.results.compare({ policies: ["r0", "added"], withTeacher: false });
    expect(await lab.client.rounds.settle()).toEqual({ state: "done", error: null });
    const duel = duelBetween(await overviewOf(lab), "added", "r0");
    expect(duel?.n).toBe(40);
    expect(duel?.lengthControlled).not.toBeNull();
  });
});

describe("the report", () => {
  it("is one page with the figures and nothing from outside", async () => {
    const lab = await afterRounds(2);
    const overview = await overviewOf(lab);
    const { html } = await lab.client.results.report({});
    expect(html).toContain(overview.choice?.headline ?? "no headline");
    for (const duel of overview.duels) expect(html).toContain(`${(100 * duel.winRate).toFixed(1).replace(/\.0$/u, "")} %`);
    expect(html).not.toMatch(/(?:src|href)=|https?:|url\(|<script/iu);
    // A chart's own sentence holds its numbers, and each number has its mark.
    const { raw, controlled } = ratePoints(overview);
    for (const [title, points] of [
      ["Raw", raw],
      ["Length-controlled", controlled],
    ] as const) {
      const chart = new RegExp(`<svg class="chart"[^>]*aria-label="${title} win rates by round\\.([^"]*)".*?</svg>`, "u").exec(html);
      expect([title, chart === null]).toEqual([title, points.length === 0]);
      for (const { policy, opponent, rate, low, high } of points) {
        expect(chart?.[1]).toContain(`${policy} wins ${rate.toFixed(1)} % against ${opponent}, ${low.toFixed(1)} to ${high.toFixed(1)}.`);
      }
      expect((chart?.[0].match(/class="point/gu) ?? []).length).toBe(points.length);
      expect((chart?.[0].match(/class="point hollow/gu) ?? []).length).toBe(points.filter(({ isHollow }) => isHollow).length);
    }
    expect(html).toContain(
      `aria-label="Mean length in characters. ${lengthBars(overview)
        .map(({ policy, characters }) => `${policy}: ${Math.round(characters)}`)
        .join(", ")}."`,
    );
    const empty = await openReadyLab();
    await expect(empty.client.results.report({})).rejects.toThrow("nothing has been evaluated on validation prompts yet");
  });
});
