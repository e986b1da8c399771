/** How far raters agree who judged the same two responses: people among each other, and with judges and scripts. */
import type { PromptId, ResponseId } from "#app/base/ids.ts";
import type { AgreementView } from "#app/contract/result-views.ts";
import { outcomesOfComparison } from "#app/preferences/both-orders.ts";
import type { JudgedComparison } from "#app/preferences/judged-comparison.ts";
import { type RatedItem, reportAgreement } from "#app/statistics/agreement.ts";
import { krippendorffAlpha, krippendorffInterval } from "#app/statistics/krippendorff.ts";
import { text } from "#main/store/database.ts";
import { askById } from "#main/store/queries/asks.ts";
import { toJudgment } from "#main/store/queries/judgments.ts";
import type { LabContext } from "../context.ts";
import { presentSettings } from "./present-settings.ts";

type Rating = { readonly rater: string; readonly label: "first" | "second" | "tie" };
type Item = { readonly promptId: PromptId; readonly ratings: readonly Rating[] };

const SAMPLES = 1000;
const LABELS = { first: 1, tie: 2, second: 3 } as const;

/** Only comparisons that two authors or more have judged are read whole. Orders of one author that disagree are a tie. */
export function agreementOf(lab: LabContext): AgreementView {
  const { confidence, seed } = presentSettings(lab);
  const items = sharedItems(lab);
  const raters = [...new Set(items.flatMap((item) => item.ratings.map(({ rater }) => rater)))].sort();
  const pairs = raters.flatMap((first, i) =>
    raters.slice(i + 1).flatMap((second) => {
      const report = reportAgreement(ratedBy(items, first, second), confidence, SAMPLES, seed);
      if (report.agreement === undefined) return [];
      const { share, low, high } = report.agreement;
      const kappa = { kappa: report.kappa?.value ?? null, kappaLow: report.kappa?.low ?? null, kappaHigh: report.kappa?.high ?? null };
      return [{ first, second, n: report.n, share, shareLow: low, shareHigh: high, ...kappa }];
    }),
  );
  const units = items.map((item) => item.ratings.map(({ label }) => LABELS[label]));
  const value = krippendorffAlpha(units, "nominal");
  const interval = krippendorffInterval(units, "nominal", confidence, SAMPLES, seed);
  return { pairs, alpha: value === undefined || interval === undefined ? null : { value, units: units.length, ...interval } };
}

function ratedBy(items: readonly Item[], first: string, second: string): RatedItem[] {
  return items.flatMap(({ promptId, ratings }) => {
    const [a, b] = [first, second].map((rater) => ratings.find((rating) => rating.rater === rater)?.label);
    return a === undefined || b === undefined ? [] : [{ promptId, first: a, second: b }];
  });
}

function sharedItems(lab: LabContext): Item[] {
  const { db } = lab.store;
  const rows = db.all(
    `SELECT j.*, a.name AS author_name, k.prompt_id, k.oracle_id FROM current_judgment j JOIN ask k ON k.id = j.ask_id
       JOIN author a ON a.id = j.author_id
     WHERE j.criterion IS NULL AND (j.first_id, j.second_id) IN (
       SELECT first_id, second_id FROM judgment WHERE criterion IS NULL GROUP BY first_id, second_id HAVING count(DISTINCT author_id) > 1)
     ORDER BY j.first_id, j.second_id, j.id`,
  );
  const groups = Map.groupBy(rows, (row) => `${text(row, "first_id")} ${text(row, "second_id")}`);
  return [...groups.values()].flatMap((ofPair): Item[] => {
    const [one] = ofPair;
    if (one === undefined) return [];
    const firstId = text(one, "first_id") as ResponseId;
    const byRater = Map.groupBy(ofPair, (row) => text(row, "author_name"));
    const ratings = [...byRater].flatMap(([rater, judged]): Rating[] => {
      const judgments = judged.map((row): JudgedComparison => {
        const ask = askById(db, toJudgment(row).askId);
        return { ...toJudgment(row), oracleId: ask.oracleId, shown: ask.shown };
      });
      const { outcomes } = outcomesOfComparison(judgments, (id) => id === firstId, false);
      if (outcomes.length === 0) return [];
      const mean = outcomes.reduce((sum, outcome) => sum + outcome.probability, 0) / outcomes.length;
      return [{ rater, label: mean > 0.5 ? "first" : mean < 0.5 ? "second" : "tie" }];
    });
    return ratings.length < 2 ? [] : [{ promptId: text(one, "prompt_id") as PromptId, ratings }];
  });
}
