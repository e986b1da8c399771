/** What the summary of a sitting says in sentences, and where its button leads. */
import type { QueueSource, SittingSummary } from "#app/contract/queue.ts";
import { list } from "#app/text/language.ts";
import { aboutSpan, count } from "../design/format.ts";
import { annotateText } from "../text/annotate.ts";

const text = annotateText.summary;

/** How the verdicts agree with themselves and with what is known, and whether they lean to a side. */
export function agreementSentence({ repeats, controls, left }: Pick<SittingSummary, "repeats" | "controls" | "left">): string {
  const agreed = [
    ...(repeats === null ? [] : [text.withSelf(repeats.hits, repeats.n)]),
    ...(controls === null ? [] : [text.withKnown(controls.hits, controls.n)]),
  ];
  const lean = left === null ? "" : left.low > 0.5 ? text.lean("left") : left.high < 0.5 ? text.lean("right") : text.noLean;
  return [agreed.length === 0 ? "" : text.agreed(list(agreed)), lean].filter((part) => part !== "").join(" ");
}

/** Comparisons of the round that are left for who goes on; none from among the disputes, which are no part of it. */
export function leftFor(source: QueueSource, { counts }: Pick<SittingSummary, "counts">): number {
  return source === "disputes" ? 0 : counts.total - counts.done;
}

export function wayOn(source: QueueSource, left: number): string {
  if (source === "disputes") return text.againDisputes;
  return left > 0 ? text.more(count(left)) : text.again;
}

/** How long the rest takes at this pace; empty where nothing is left or nothing was judged. */
export function restSentence(left: number, pace: SittingSummary["pace"]): string {
  return left > 0 && pace !== null ? text.rest(count(left), aboutSpan(left * pace.medianMs)) : "";
}
