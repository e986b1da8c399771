/** docs/losses.md says what the loss table and its settings say; `npx vitest run tests/house/losses-doc.test.ts -u` writes it anew. */
import { expect, test } from "vitest";
import { LOSS_KINDS, type LossKind, lossSettingsSchema, lossUses } from "#app/domain/loss.ts";
import { losses } from "#app/training/losses.ts";
import type { LossNeed, ReferenceNeed } from "#app/training/losses/loss-row.ts";

const REFERENCES: { readonly [Need in ReferenceNeed]: string } = {
  none: "none",
  roundPolicy: "the round's policy",
  firstPolicy: "the first policy",
  both: "a mix of both",
};
const NEEDS: { readonly [Need in LossNeed]: string } = {
  lengths: "token counts",
  chosenLengths: "token counts",
  winRates: "expected win rates",
  mismatchedLogRatio: "responses to other prompts",
};

function rowOf(kind: LossKind): string {
  const { reference, needs, sides } = losses[kind];
  const settings = Object.entries(lossSettingsSchema.parse({ kind })).filter(([name]) => name !== "kind");
  const cells = [
    `\`${kind}\``,
    lossUses[kind],
    settings.map(([name, value]) => `\`${name}\` ${Number(Number(value).toPrecision(4))}`).join(", ") || "none",
    REFERENCES[reference],
    [...needs.map((need) => NEEDS[need]), ...(sides === "chosen" ? ["chosen responses only"] : [])].join(", ") || "pairs",
  ];
  return `| ${cells.join(" | ")} |`;
}

const HEAD = `# The losses

Which loss a training run descends is the setting \`training.loss\`, for instance
\`nashlab init haiku --set training.loss.kind=simpo --set training.loss.beta=2\`. \`nashlab losses\` prints this table.
The equations are in [math.md](math.md), "The losses".

\`beta\` weighs log-ratios, and without a reference log-probabilities; its scale differs from loss to loss. Any loss takes
an SFT term beside it: \`training.sftWeight\` times the mean negative log-likelihood of a chosen response's token. The
learning rate is \`training.learningRate\`: 5e-5 for an adapter, 1e-6 where \`training.trains=allWeights\`.

The first policy is the one that the experiment's first round sampled from; the round's policy is the one that sampled
the responses in hand. In the first round they are the same.

<!-- prettier-ignore-start -->

| loss | when to use it | settings and their defaults | reference | needs |
| --- | --- | --- | --- | --- |
`;

test("docs/losses.md is the table of losses", async () => {
  const text = `${HEAD}${LOSS_KINDS.map(rowOf).join("\n")}\n\n<!-- prettier-ignore-end -->\n`;
  await expect(text).toMatchFileSnapshot("../../docs/losses.md");
});
