/** The presets: each is a configuration, and is the arm of the paper that it says it is. */
import { describe, expect, test } from "vitest";
import type { ResponseId } from "#app/base/ids.ts";
import { type ExperimentConfig, experimentConfigSchema } from "#app/domain/experiment.ts";
import { PRESETS } from "#app/domain/presets.ts";
import type { Candidate } from "#app/preferences/candidates.ts";
import { selectPairs } from "#app/preferences/select-pairs.ts";

function configOf(name: string): ExperimentConfig {
  const preset = PRESETS.find((one) => one.name === name);
  if (preset === undefined) throw new Error(`expected a preset "${name}"`);
  return experimentConfigSchema.parse(preset.settings);
}

/** The teacher's response and three of the policy's, with scores of one listwise ask. */
const candidates = ["teacher", "good", "middling", "poor"].map((id): Candidate => ({
  id: id as ResponseId, // brands are for the compiler alone
  memberIds: [id as ResponseId],
  text: id,
  count: 1,
  ownCount: id === "teacher" ? 0 : 1,
  isTeacher: id === "teacher",
  isDefective: false,
}));
const scores = new Map([6, 5, 4, 1].map((score, i) => [candidates[i]?.id ?? ("" as ResponseId), score]));

/** "chosen > rejected" for each pair that the preset's rule makes of them. */
function pairsOf(name: string): string[] {
  const { pairs } = configOf(name);
  if (pairs.kind === "imported") throw new Error("expected a rule that makes pairs of a round's own responses");
  return selectPairs(pairs, candidates, { matrix: null, scores }).pairs.map(({ chosenId, rejectedId }) => `${chosenId} > ${rejectedId}`);
}

test("each is a configuration, and no two are the same", () => {
  const configs = PRESETS.map(({ settings }) => JSON.stringify(experimentConfigSchema.parse(settings)));
  expect(new Set(configs).size).toBe(PRESETS.length);
});

describe("the paper's arms", () => {
  test.each(["paper", "restrictive", "spin", "sampled-dpo", "sft-positives"])("%s samples five responses at temperature 0.7, top-p 0.95", (name) => {
    expect(configOf(name).sampling).toMatchObject({ responsesPerPrompt: 5, temperature: 0.7, topP: 0.95 });
  });

  test("DNO pairs teacher over student from a gap of two, student over student from one", () => {
    expect(pairsOf("paper")).toEqual(["teacher > middling", "teacher > poor", "good > middling", "good > poor"]);
    expect(configOf("paper")).toMatchObject({ judging: { mode: "listwise" }, training: { loss: { kind: "dno-prct" } } });
  });

  test("Restrictive keeps of these what the teacher wins", () => {
    expect(pairsOf("restrictive")).toEqual(["teacher > middling", "teacher > poor"]);
    expect(configOf("restrictive")).toMatchObject({ judging: { mode: "listwise" }, training: { loss: { kind: "dno-prct" } } });
  });

  test("SPIN chooses the teacher over all, whatever anybody said", () => {
    expect(pairsOf("spin")).toEqual(["teacher > good", "teacher > middling", "teacher > poor"]);
    expect(configOf("spin").training.loss.kind).toBe("spin");
  });

  test.each([
    ["sampled-dpo", "dpo"],
    ["sft-positives", "sft"],
  ])("%s trains on DNO's pairs with the loss %s, four times", (name, kind) => {
    expect(pairsOf(name)).toEqual(pairsOf("paper"));
    expect(configOf(name).training).toMatchObject({ loss: { kind }, epochs: 4 });
  });

  test("offline DPO takes UltraFeedback's preferences from a gap of one, and trains on them four times", () => {
    expect(configOf("offline-dpo")).toMatchObject({ pairs: { kind: "imported", minScoreGap: 1 }, training: { loss: { kind: "dpo" }, epochs: 4 } });
  });
});

test("duels asks for each comparison in both orders", () => {
  expect(configOf("duels")).toMatchObject({
    judging: { mode: "pairwise", comparisonsPerPrompt: 0, bothOrders: true },
    pairs: { kind: "winRateMargin", opponents: "vsPolicy" },
  });
});
