/** Candidates of one prompt: its responses with identical texts merged, so that no text is judged against itself. */
import { InternalError } from "#app/base/errors.ts";
import type { ResponseId } from "#app/base/ids.ts";
import type { Response } from "#app/domain/sampling.ts";

export type Candidate = {
  /** The response that stands for all with this text: shown to oracles and trained on. */
  readonly id: ResponseId;
  /** All responses with this text, the representative among them. */
  readonly memberIds: readonly ResponseId[];
  readonly text: string;
  /** Members in all, and how many of them the policy sampled: the weights of expected win rates. */
  readonly count: number;
  readonly ownCount: number;
  /** True if a teacher's response has this text. */
  readonly isTeacher: boolean;
  /** Flagged as repetitive: never chosen, an automatic negative. */
  readonly isDefective: boolean;
};

export type CandidateSource = Pick<Response, "id" | "source" | "sampleIndex" | "text" | "finishReason" | "isRepetitive">;

const SOURCE_RANK = { policy: 0, teacher: 1, imported: 2 } as const;

/**
 * Merges the responses of one prompt whose texts are identical, code unit by code unit. The representative is the
 * policy's own sample before a teacher's, a finished response before one that was cut, then the lowest sample index;
 * candidates come in that order too, so neither depends on the order of the argument.
 */
export function mergeDuplicates(responses: readonly CandidateSource[]): Candidate[] {
  const groups = new Map<string, CandidateSource[]>();
  for (const response of [...responses].sort(compareSources)) {
    const group = groups.get(response.text);
    if (group === undefined) groups.set(response.text, [response]);
    else group.push(response);
  }
  return [...groups].map(([text, members]) => toCandidate(text, members));
}

function toCandidate(text: string, members: readonly CandidateSource[]): Candidate {
  const memberIds = members.map((member) => member.id);
  const [id] = memberIds;
  if (id === undefined) throw new InternalError(`no response has the text ${JSON.stringify(text)}`);
  return {
    id,
    memberIds,
    text,
    count: members.length,
    ownCount: members.filter((member) => member.source === "policy").length,
    isTeacher: members.some((member) => member.source === "teacher"),
    isDefective: members.some((member) => member.isRepetitive),
  };
}

function compareSources(a: CandidateSource, b: CandidateSource): number {
  return (
    SOURCE_RANK[a.source] - SOURCE_RANK[b.source] ||
    Number(a.finishReason === "length") - Number(b.finishReason === "length") ||
    a.sampleIndex - b.sampleIndex ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}
