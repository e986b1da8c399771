/** The words of what a round takes and of the round that comes next. */

export const roundsText = {
  takes: {
    title: "What this round takes",
    willTake: "What it takes",
    sub: "“~” is a forecast, everything else is measured or follows from the settings",
  },
  columns: { what: "Of what", said: "Said before", soFar: "So far", toCome: "Still to come", remark: "Remark", expected: "Expected" },
  what: {
    time: "Time",
    samples: "Responses",
    judgeCalls: "Judge calls",
    money: "Money",
    people: "Comparisons for people",
    peopleTime: "People’s time",
    memory: "Memory",
    disk: "Disk",
  },
  unknown: "not known",
  timeUnknown: "time not known yet",
  nothing: "none",
  atMost: (value: string) => `at most ${value}`,
  atLeast: (value: string) => `at least ${value}`,
  about: (value: string) => `~ ${value}`,
  over: (difference: string) => `${difference} over`,
  under: (difference: string) => `${difference} under`,
  next: {
    title: (round: number) => `Round ${round}`,
    same: (round: number) => `same settings as round ${round}`,
    changes: (round: number, changes: number) =>
      changes === 0 ? `same settings as round ${round}` : `differs from round ${round} in ${changes === 1 ? "one thing" : `${changes} things`}`,
    was: (before: string) => `was ${before}`,
    settings: "Change settings",
    start: (round: number) => `Start round ${round}`,
    starting: "Starting",
    refused: "**It cannot be started yet:** {reason}",
  },
  series: {
    field: "Rounds in a row",
    start: (first: number, last: number) => `Start rounds ${first} to ${last}`,
    alone: "Nothing follows this round by itself.",
    follow: (round: number) => `Start round ${round} when it is done`,
    toCome: (round: number, toCome: number) =>
      toCome === 1
        ? `Round ${round + 1} follows when this one is done.`
        : `Rounds ${round + 1} to ${round + toCome} follow, each when the last is done.`,
    endHere: (round: number) => `End with round ${round}`,
    oneMore: "One more",
    resting: "**Rounds {first} to {last} are still to come.** They were asked for and have not been begun.",
    stopped: "**Round {first} could not be begun.** {reason}",
    goOn: "Go on",
    endNow: "Leave it at this",
  },
  reading: "Reading what the next round takes…",
  stop: {
    button: "Stop",
    title: "Stop at once?",
    text: "The engine’s process ends in the middle of its work. Every response, answer and training checkpoint that was finished is kept; what was under way is done again when you go on.",
    training: (step: number) => `Training goes on from its last checkpoint, step ${step}. “Pause” ends after the present step and loses nothing.`,
    other: "“Pause” ends after the present unit and loses nothing.",
    keep: "Let it run",
    confirm: "Stop the round",
    stopping: "Stopping",
  },
};
