/** Sittings live as long as the page, at rest while another screen is open: what was pressed is sent also then. */
import type { QueueSource, SittingSummary } from "#app/contract/queue.ts";
import type { LabAccess } from "../lab-client/lab-context.tsx";
import { DraftShelf } from "./drafts.ts";
import { Outbox } from "./outbox.ts";
import { Sitting } from "./sitting.ts";
import { WorkClock } from "./work-clock.ts";

export type OpenSitting = {
  readonly experimentId: string;
  readonly author: string;
  readonly sitting: Sitting;
  readonly clock: WorkClock;
  readonly drafts: DraftShelf;
};

const openSittings = new WeakMap<LabAccess["connection"], Map<string, OpenSitting>>();

/** The sitting of an author; the same one at every call. It rests until somebody sits down. */
export function openSitting(lab: LabAccess, experimentId: string, author: string, source: QueueSource = "round"): OpenSitting {
  const { connection, news } = lab;
  const sittings = openSittings.get(connection) ?? new Map<string, OpenSitting>();
  openSittings.set(connection, sittings);
  const key = `${experimentId}/${source}/${author}`;
  const known = sittings.get(key);
  if (known !== undefined) return known;
  const nowMs = (): number => Date.now();
  const sitting = new Sitting({
    author,
    source,
    queue: connection.client.queue,
    line: connection,
    outbox: new Outbox(window.localStorage, experimentId),
    nowMs,
    newRequestId: () => crypto.randomUUID(),
  });
  news.onQueueChanged(() => {
    sitting.refresh();
  });
  const drafts = new DraftShelf({
    storage: window.localStorage,
    prefix: `nashlab.draft.${experimentId}.${author}.`,
    nowMs,
    save: async (askId, reason) => (await connection.client.queue.saveDraft({ author, askId, reason })).savedAtMs,
  });
  const clock = new WorkClock(() => performance.now());
  sitting.subscribe(() => {
    const counted = sitting.state().sitting;
    if (counted !== null) clock.goOnFrom(counted.workedMs);
  });
  const open = { experimentId, author, sitting, drafts, clock };
  sittings.set(key, open);
  return open;
}

/**
 * Ends the author's sitting as soon as the lab has all that was pressed: what was fetched and not judged is given back.
 * Null, and nothing ends, if the author sat down again meanwhile.
 */
export async function endSitting(lab: LabAccess, experimentId: string, author: string): Promise<SittingSummary | null> {
  // Rounds and disputes are fetched apart, but the lab keeps one sitting of a person.
  const mine = [...(openSittings.get(lab.connection)?.values() ?? [])].filter((one) => one.experimentId === experimentId && one.author === author);
  for (const { sitting } of mine) sitting.rest();
  for (const { sitting, drafts } of mine) {
    await drafts.flush();
    await sitting.whenSent();
  }
  if (mine.some(({ sitting }) => !sitting.isResting())) return null;
  const summary = await lab.connection.client.queue.endSitting({ author });
  for (const { sitting, clock } of mine) {
    sitting.ended();
    clock.beginSitting();
  }
  return summary;
}

/** Sends the verdicts that an earlier page of this browser left; does nothing if there are none. */
export function sendLeftovers(lab: LabAccess, experimentId: string): void {
  const [oldest] = new Outbox(window.localStorage, experimentId).all();
  // Each answer goes out under its own author, whoever's sitting sends it.
  if (oldest !== undefined) openSitting(lab, experimentId, oldest.author);
}
