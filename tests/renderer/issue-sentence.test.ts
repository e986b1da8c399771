/** What is wrong with a typed setting, in words, from what the schemas of the lab find. */
import { expect, it } from "vitest";
import { endpointSchema } from "#app/domain/endpoint.ts";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { issueSentence } from "#renderer/settings/issue-sentence.ts";

function sentenceOf(config: unknown): string | undefined {
  const [issue] = experimentConfigSchema.safeParse(config).error?.issues ?? [];
  return issue && issueSentence(issue, issue.path.join("."));
}

it.each([
  [{ training: { learningRate: Number.NaN } }, "training.learningRate: a number is wanted here."],
  [{ training: { epochs: 1.5 } }, "training.epochs: a whole number is wanted here."],
  [{ judging: { bothOrders: "perhaps" } }, "judging.bothOrders: one of these: true, false."],
  [{ evaluation: { split: "all" } }, "evaluation.split: one of these: validation, test."],
  [{ training: { batchSize: 0 } }, "training.batchSize: at least 1."],
  [{ sampling: { topP: 2 } }, "sampling.topP: at most 1."],
])("%j", (config, sentence) => {
  expect(sentenceOf(config)).toBe(sentence);
});

it("keeps a sentence that a schema has of its own, and says what must not be empty", () => {
  const prices = [{ model: "", inputUsdPerMillion: 1, outputUsdPerMillion: 1 }];
  const issues = endpointSchema.safeParse({ name: "here", baseUrl: "nowhere", prices }).error?.issues ?? [];
  expect(issues.map((issue) => issueSentence(issue, String(issue.path[0])))).toEqual([
    "baseUrl: expected an address such as https://api.openai.com/v1, without a user name, a query or a fragment",
    "prices: it must not be empty.",
  ]);
});
