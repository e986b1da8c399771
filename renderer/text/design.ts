/** The words of the parts that every screen is made of. */

export const designText = {
  units: {
    underSecond: "under 1 s",
    fewSeconds: "a few seconds",
    fewSecondsLeft: "a few seconds left",
    about: (span: string) => `about ${span}`,
    aboutLeft: (span: string) => `about ${span} left`,
    seconds: (seconds: number) => `${seconds} s`,
    minutes: (minutes: number) => `${minutes} min`,
    hours: (hours: number) => `${hours} h`,
    minutesAndSeconds: (minutes: number, seconds: string) => `${minutes} min ${seconds} s`,
    hoursAndMinutes: (hours: number, minutes: string) => `${hours} h ${minutes} min`,
    aSecond: (rate: string) => `${rate} a second`,
    aMinute: (rate: string) => `${rate} a minute`,
    anHour: (rate: string) => `${rate} an hour`,
    bytes: (value: number) => `${value} bytes`,
    now: "now",
    yesterday: "yesterday",
  },
  putAway: "Put this message away",
  again: "Try again",
  undo: "Undo",
  undoing: "Taking it back",
  asking: "Asking the lab…",
  /** Why buttons rest. */
  unchanged: "Nothing has been changed.",
  underWay: "The lab is still at what was asked of it here.",
  noPlace: "Say first where it is to be written.",
  interval: (point: string, low: string, high: string) => `${point} %, interval ${low} to ${high}`,
};
