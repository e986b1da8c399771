/** The words of the parts that every screen is made of. */

export const designText = {
  putAway: "Put this message away",
  again: "Try again",
  undo: "Undo",
  asking: "Asking the lab…",
  interval: (point: string, low: string, high: string) => `${point} %, interval ${low} to ${high}`,
};
