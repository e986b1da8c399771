/** What the lab says beside the numbers of a forecast, and of what the next round would change. */
import { counted, fixed, gigabytes, plural } from "./language.ts";
import { nouns } from "./nouns.ts";

export const forecastWords = {
  samples: (prompts: number, each: number) => `${counted(prompts, nouns.prompts)} × ${each}, and the evaluation`,
  memory: (isPeakKnown: boolean, free: number, total: number) =>
    `${isPeakKnown ? "at the peak of training" : "the weights alone; the peak of training is not measured yet"}; ${gigabytes(free)} free of ${gigabytes(total)}`,
  disk: (isKnown: boolean, free: number) =>
    `${isKnown ? "at its height, while training runs" : "not measured before the first training"}; ${gigabytes(free)} free`,
  kept: (checkpoints: number | "all") => {
    if (checkpoints === "all") return "with all training checkpoints";
    return plural(checkpoints, {
      one: "with one training checkpoint, once training is done",
      other: `with ${checkpoints} training checkpoints, once training is done`,
    });
  },
  notMeasured: (stages: readonly string[]) => `not measured yet with these settings: ${stages.join(", ")}`,
  withoutPeople: "people’s time is not in it",
  orders: (areBoth: boolean, isAtMost: boolean) =>
    `${areBoth ? "both orders" : "one order"}${isAtMost ? "; at most, as equal responses are asked about once" : ""}`,
  noPrice: "nobody has said what this judge costs",
  pausesAt: (usd: number) => `pauses at $${fixed(usd, 2)}`,
  promptsGo: (prompts: number, host: string) => `${counted(prompts, { one: "prompt goes", other: "prompts go" })} to ${host}`,
  noPace: "nobody’s pace is measured yet",
  pace: (seconds: number, answers: number) => `${seconds} s each, the median of ${counted(answers, nouns.answers)}`,
  /** Several remarks on one number. */
  remarks: (parts: readonly string[]) => parts.join("; "),
  overCap: (expectedUsd: number, round: number, capUsd: number) =>
    `about $${fixed(expectedUsd, 2)} are expected for round ${round}, and its cap is $${fixed(capUsd, 2)}: it would pause on the way`,
  overTotal: (expectedUsd: number, round: number, capUsd: number) =>
    `about $${fixed(expectedUsd, 2)} are expected for the experiment with round ${round}, and its cap is $${fixed(capUsd, 2)}: it would pause on the way`,
  changes: {
    startsFrom: "Starts from",
    startsFromNote: "the policy that the round before made",
    prompts: "Prompts",
    shard: (number: number, shards: number) => `shard ${number} of ${shards}`,
    fresh: (prompts: number) => `${prompts} not seen in any round yet`,
    seen: (prompts: number) => `${prompts} seen before`,
    allPrompts: (prompts: number) => `all ${prompts}`,
    anew: "the same as before, answered anew",
  },
};
