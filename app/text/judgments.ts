/** What the lab says of judging and correcting. */

export const judgmentWords = {
  begunAnew: "this judgment belongs to a stage that was begun anew",
  superseded: "this judgment is not in force: a later one took its place",
  correctsNone: "this judgment corrects no other",
  correctionSuperseded: "this correction is not in force: a later judgment took its place",
  noDispute: "the judgments of this comparison do not differ",
  notAsked: (id: string) => `nothing was asked of the responses of judgment ${id}`,
  notYours: "this comparison is asked of somebody else",
  notAskedAnyMore: "this comparison is not asked any more: its round has gone on, or its stage was begun anew",
};
