/** Which policy people have chosen, and why: events, of which the newest stands. */
import * as z from "zod";
import type { AuthorId, DeviceId } from "#app/base/ids.ts";
import { number, type ReadableDb, text, type WritableDb } from "../database.ts";
import { takeSequence } from "./authors.ts";

const TYPE = "policy.chosen";

const bodySchema = z.object({ policyId: z.string().nullable(), reason: z.string() });

export type NewChoice = z.infer<typeof bodySchema> & {
  readonly id: string;
  readonly authorId: AuthorId;
  readonly deviceId: DeviceId;
  readonly madeAtMs: number;
};

export function insertChoice(db: WritableDb, { id, policyId, reason, authorId, deviceId, madeAtMs }: NewChoice): void {
  db.transaction(() => {
    db.run(
      `INSERT INTO event (id, type, body, made_at, author_id, device_id, sequence) VALUES ($id, $type, $body, $made_at, $author_id, $device_id, $sequence)`,
      {
        id,
        type: TYPE,
        body: JSON.stringify({ policyId, reason }),
        made_at: madeAtMs,
        author_id: authorId,
        device_id: deviceId,
        sequence: takeSequence(db, deviceId),
      },
    );
  });
}

export type Choice = { readonly policy: string; readonly reason: string; readonly author: string; readonly madeAtMs: number };

/** Undefined before the first, after one that was taken back, and where the policy is no longer there. */
export function newestChoice(db: ReadableDb): Choice | undefined {
  const row = db.get(
    `SELECT e.body, e.made_at, a.name AS author FROM event e JOIN author a ON a.id = e.author_id
     WHERE e.type = $type ORDER BY e.made_at DESC, e.sequence DESC, e.id DESC LIMIT 1`,
    { type: TYPE },
  );
  if (row === undefined) return undefined;
  const { policyId, reason } = bodySchema.parse(JSON.parse(text(row, "body")));
  const policy = db.get("SELECT name FROM current_policy WHERE id = $id", { id: policyId });
  return policy && { policy: text(policy, "name"), reason, author: text(row, "author"), madeAtMs: number(row, "made_at") };
}
