/** The demo's last page: what happened, in words that a newcomer can read. */
import { FEW_PROMPTS, isUnclear, roundDuels } from "#app/contract/result-tables.ts";
import type { DuelView, ResultOverview } from "#app/contract/result-views.ts";
import { percent, table } from "#main/cli/format.ts";
import type { DemoTaste } from "./demo-tastes.ts";

export type Answer = { readonly prompt: string; readonly text: string };

export type DemoFacts = {
  readonly results: ResultOverview;
  /** Answers to the same held-out prompts. */
  readonly before: readonly Answer[];
  readonly after: readonly Answer[];
  readonly taste: DemoTaste;
  readonly places: readonly (readonly [path: string, what: string])[];
  readonly next: readonly (readonly [command: string, what: string])[];
};

const WIDTH = 100;
const SHOWN = 3;

/** The page, without a line of more than 100 characters but for paths. */
export function demoPage({ results, before, after, taste, places, next }: DemoFacts): string {
  const [first, last] = [results.players[0]?.name ?? "r0", results.rounds.at(-1)?.policy ?? "r0"];
  const shares = taste.kinds.map(({ words, matches }) => {
    const count = (answers: readonly Answer[]): string => `${answers.filter(({ text }) => matches(text)).length} of ${answers.length}`;
    return `${count(before)} of ${first} and ${count(after)} of ${last} ${words}`;
  });
  return [
    heading("What you have just seen"),
    paragraph(
      `A language model of one million weights that the lab made itself wrote stories, five to a prompt. A script that ${taste.likes}, said which of two it prefers. The lab turned these verdicts into preference pairs and trained the next policy on them, ${results.rounds.length === 2 ? "twice" : `${results.rounds.length} times`}: ${[first, ...results.rounds.map(({ policy }) => policy)].join(", ")}.`,
    ),
    heading(`Three prompts, before and after`),
    paragraph(`The first ${SHOWN} of the ${results.prompts} prompts that were held out from training, one story of each policy.`),
    ...before
      .slice(0, SHOWN)
      .flatMap(({ prompt, text }, i) => [
        `${i + 1}. ${prompt}`,
        paragraph(text, `   ${first} `),
        paragraph(after.find((answer) => answer.prompt === prompt)?.text ?? "", `   ${last} `),
        "",
      ]),
    ...(shares.length === 0 ? [] : [paragraph(`Of all held-out stories, ${shares.join("; ")}, as the script sees it.`)]),
    heading("Did it get better?"),
    winRates(results),
    "",
    paragraph(
      `A win rate is the share of held-out prompts on which the story of the first is preferred; ties count one half, and 50 % is no change. The ${percent(results.confidence)} % intervals hold for all rows together; one that contains 50 % shows no change.`,
    ),
    ...(results.choice === null ? [] : [paragraph(`${results.choice.headline} ${results.choice.reason}`)]),
    ...(needsCircles(results) ? [paragraph(results.circles.sentence)] : []),
    heading("Where everything lies"),
    ...listed(places),
    heading("What to try next"),
    ...listed(next),
  ].join("\n");
}

/** Whether there is something to say of circles that the reasons have not said. */
function needsCircles({ choice, circles }: ResultOverview): boolean {
  return circles.verdict !== "unmeasured" && choice?.reason.includes(circles.sentence) !== true;
}

function winRates(results: ResultOverview): string {
  const standing = roundDuels(results).filter(({ roles }) => roles.includes("previous") || roles.includes("first"));
  const rows = standing.map(({ round, policy, duel }) => [
    String(round),
    `${policy} against ${duel.second}`,
    percent(duel.winRate),
    `${percent(duel.low)} to ${percent(duel.high)}`,
    String(duel.n),
    readingOf(duel),
    `${Math.round(duel.meanLength)} and ${Math.round(duel.opponentMeanLength)}`,
  ]);
  return table(
    [
      { title: "round", align: "right" },
      { title: "" },
      { title: "win rate %", align: "right" },
      { title: "interval" },
      { title: "prompts", align: "right" },
      { title: "reading" },
      { title: "characters" },
    ],
    rows,
  );
}

function readingOf(duel: DuelView): string {
  if (duel.n < FEW_PROMPTS) return "too few prompts";
  if (isUnclear(duel)) return "no clear change";
  return duel.winRate > 0.5 ? "better" : "worse";
}

function heading(title: string): string {
  return `\n${title}\n${"-".repeat(title.length)}`;
}

function listed(rows: readonly (readonly [string, string])[]): readonly string[] {
  return rows.flatMap(([left, right]) => [left, paragraph(right, "    ")]);
}

/** Lines of at most WIDTH characters; the first begins with `start`, the others with as many spaces. */
function paragraph(text: string, start = ""): string {
  const lines: string[] = [];
  let line = start;
  for (const word of text.split(" ")) {
    if (line.trim() !== "" && line !== start && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = " ".repeat(start.length) + word;
    } else line += line === start || line.trim() === "" ? word : ` ${word}`;
  }
  return [...lines, line].join("\n");
}
