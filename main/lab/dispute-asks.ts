/** Asks a person, blind, about a comparison of which oracles say different things. */
import type { AskId, AuthorId, OracleId } from "#app/base/ids.ts";
import { seedFor } from "#app/base/random.ts";
import { oracleConfigSchema } from "#app/domain/oracle.ts";
import { ensureOracle } from "#main/store/queries/authors.ts";
import { insertCheckAsk } from "#main/store/queries/check-items.ts";
import { askOfPair, type Dispute } from "#main/store/queries/disputes.ts";
import { getExperiment } from "#main/store/queries/experiments.ts";
import type { LabContext } from "./context.ts";
import { hashJson } from "./system.ts";

/** The new ask, in an order drawn anew; undefined if the comparison was never asked. */
export function askAboutDispute(
  lab: LabContext,
  dispute: Pick<Dispute, "attemptId" | "firstId" | "secondId">,
  authorId: AuthorId,
): AskId | undefined {
  const { db } = lab.store;
  const original = askOfPair(db, dispute);
  if (original === undefined) return undefined;
  const askId = lab.ids.next() as AskId;
  const { firstId, secondId } = dispute;
  const isSwapped = seedFor(getExperiment(db)?.config.seed ?? 1, "dispute", authorId, firstId, secondId) % 2 === 1;
  insertCheckAsk(
    db,
    {
      askId,
      authorId,
      attemptId: dispute.attemptId,
      promptId: original.promptId,
      oracleId: peopleOracle(lab),
      purpose: "repeat",
      shown: isSwapped ? [secondId, firstId] : [firstId, secondId],
      place: original.ordinal,
      originalAskId: original.id,
      knownWinner: null,
      isDispute: true,
    },
    lab.deviceId,
  );
  return askId;
}

/** The experiment's own people, or people without guidelines where a judge or a script is its oracle. */
function peopleOracle(lab: LabContext): OracleId {
  const own = getExperiment(lab.store.db)?.config.oracle;
  const config = own?.kind === "people" ? own : oracleConfigSchema.parse({ kind: "people" });
  return ensureOracle(lab.store.db, { id: lab.ids.next() as OracleId, version: hashJson(config), name: config.kind, config });
}
