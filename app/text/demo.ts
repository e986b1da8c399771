/** The names of the demo's experiments. */

export const demoWords = {
  names: {
    happyEnding: "Demo: stories that end well",
    placeDescribed: "Demo: stories that describe the place",
    cycle: "Demo: a taste that goes round",
    random: "Demo: judged by a coin",
  },
};
