/** Finds the round to go on with, or makes the next one, after a look at what it is going to need. */
import type { RoundId } from "#app/base/ids.ts";
import type { Round, Stage } from "#app/domain/round.ts";
import { isRoundDone } from "#app/rounds/next-action.ts";
import { listPolicies } from "#main/store/queries/policies.ts";
import * as rounds from "#main/store/queries/rounds.ts";
import { ConflictError, InternalError } from "#app/base/errors.ts";
import type { PolicyId } from "#app/base/ids.ts";
import { roundWords } from "#app/text/rounds.ts";
import type { LabContext } from "../context.ts";
import { presentConfig } from "./attempts.ts";
import { requireInputs } from "./requirements.ts";

/** Throws ConfigError or ConflictError, and makes nothing, if the round could not be run up to `until`. */
export function openRound(lab: LabContext, until: Stage): Round {
  const { db } = lab.store;
  return db.transaction(() => {
    const config = presentConfig(lab);
    const last = rounds.lastRound(db);
    if (last !== undefined && !isRoundDone(rounds.liveAttempts(db, last.id))) {
      requireInputs(lab, config, last.number, until, rounds.liveAttempts(db, last.id));
      return last;
    }
    const next = { id: lab.ids.next() as RoundId, number: (last?.number ?? 0) + 1, policyId: startingPolicy(lab, last) };
    requireInputs(lab, config, next.number, until, new Map());
    rounds.insertRound(db, next);
    return { ...next, newPolicyId: null };
  });
}

/** What the round before made; for the first round the policy that was added first. */
function startingPolicy(lab: LabContext, last: Round | undefined): PolicyId {
  if (last !== undefined) {
    if (last.newPolicyId === null) throw new InternalError(`round ${last.number} is done but made no policy`);
    return last.newPolicyId;
  }
  const [first] = listPolicies(lab.store.db);
  if (first === undefined) throw new ConflictError(roundWords.needsPolicy);
  return first.id;
}
