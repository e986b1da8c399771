/** Practice, control and repeat items: made when their place in an author's queue comes, counted apart from pairs. */
import type { AskId, AttemptId, AuthorId } from "#app/base/ids.ts";
import type { Rng } from "#app/base/random.ts";
import { rngFor } from "#app/base/random.ts";
import { inStoredOrder } from "#app/domain/ask.ts";
import type { PeopleConfig } from "#app/domain/oracle.ts";
import { drawCheck, drawIndex } from "#app/judging/check-draws.ts";
import { askById, askCount, type StoredAsk } from "#main/store/queries/asks.ts";
import { type CheckPurpose, hasItemAt, insertCheckAsk, openItems, plannedAsk, practiceCount, repeatable } from "#main/store/queries/check-items.ts";
import { responseById } from "#main/store/queries/responses.ts";
import type { LabContext } from "../context.ts";

/** A repeat comes after at least so many others, and is drawn from so many before them. */
const REPEAT_AFTER = 5;
const REPEAT_FROM = 40;
/** Draws until two different texts of two prompts are found. */
const TRIES = 20;

export type CheckPlan = {
  readonly attemptId: AttemptId;
  readonly authorId: AuthorId;
  readonly people: PeopleConfig;
  readonly seed: number;
  /** Names round, stage, run and author, so that a replay draws the same. */
  readonly label: string;
};

/** The plan's asks of an author with what checks it among them, in the order in which they are to be judged. */
export function withCheckItems(lab: LabContext, plan: CheckPlan, planned: readonly StoredAsk[]): StoredAsk[] {
  practise(lab, plan);
  for (const ask of planned) check(lab, plan, ask);
  const items = openItems(lab.store.db, plan.attemptId, plan.authorId, planned.at(-1)?.ordinal ?? -1);
  return [...planned.map((ask) => ({ ask, place: ask.ordinal })), ...items].sort((a, b) => a.place - b.place).map(({ ask }) => ask);
}

/** Once an author, before its first comparison. */
function practise(lab: LabContext, plan: CheckPlan): void {
  const { practiceItems } = plan.people;
  if (practiceItems === 0 || practiceCount(lab.store.db, plan.authorId) > 0) return;
  const rng = rngFor(plan.seed, "practice", plan.label);
  for (let i = 0; i < practiceItems; i++) addKnown(lab, plan, "practice", i - practiceItems, rng);
}

function check(lab: LabContext, plan: CheckPlan, ask: StoredAsk): void {
  const { kind, rng } = drawCheck(plan.people, plan.seed, plan.label, ask.ordinal);
  const place = ask.ordinal - 0.5;
  if (kind === "none" || hasItemAt(lab.store.db, plan.attemptId, plan.authorId, place)) return;
  if (kind === "control") addKnown(lab, plan, "control", place, rng);
  else addRepeat(lab, plan, place, rng);
}

/** The other way round, so that a habit of one side shows as a disagreement. */
function addRepeat(lab: LabContext, plan: CheckPlan, place: number, rng: Rng): void {
  const { db } = lab.store;
  const candidates = repeatable(db, plan.attemptId, plan.authorId, REPEAT_AFTER, REPEAT_FROM);
  const originalId = candidates[drawIndex(rng, candidates.length)];
  if (originalId === undefined) return;
  const original = askById(db, originalId);
  insertCheckAsk(
    db,
    {
      ...itemOf(lab, plan, original, place),
      purpose: "repeat",
      shown: original.shown.toReversed(),
      originalAskId: original.id,
      knownWinner: null,
    },
    lab.deviceId,
  );
}

/** A response to its own prompt beside one to another prompt. Nothing where the plan has no two prompts with different texts. */
function addKnown(lab: LabContext, plan: CheckPlan, purpose: Exclude<CheckPurpose, "repeat">, place: number, rng: Rng): void {
  const { db } = lab.store;
  const total = askCount(db, plan.attemptId);
  for (let i = 0; i < TRIES; i++) {
    const own = plannedAsk(db, plan.attemptId, drawIndex(rng, total));
    const other = plannedAsk(db, plan.attemptId, drawIndex(rng, total));
    const [answer] = own?.shown ?? [];
    const [stranger] = other?.shown ?? [];
    if (own === undefined || other === undefined || answer === undefined || stranger === undefined || own.promptId === other.promptId) continue;
    if (responseById(db, answer).text.trim() === responseById(db, stranger).text.trim()) continue;
    const { firstId } = inStoredOrder(answer, stranger);
    insertCheckAsk(
      db,
      {
        ...itemOf(lab, plan, own, place),
        purpose,
        shown: rng.next() < 0.5 ? [answer, stranger] : [stranger, answer],
        originalAskId: null,
        knownWinner: firstId === answer ? "first" : "second",
      },
      lab.deviceId,
    );
    return;
  }
}

function itemOf(lab: LabContext, plan: CheckPlan, ask: StoredAsk, place: number) {
  const { attemptId, authorId } = plan;
  return { askId: lab.ids.next() as AskId, attemptId, authorId, place, promptId: ask.promptId, oracleId: ask.oracleId, isDispute: false };
}
