/** What the lab says of an experiment as a whole: making one, its settings, its splits. */

export const experimentWords = {
  noTrainingLeft: (validationShare: number, testShare: number) =>
    `splits: validationShare + testShare must be below 1 so that prompts are left for training, got ${validationShare} + ${testShare}`,
  alreadyOne: (name: string) => `this folder has the experiment ${name} already`,
  noneYet: "this folder has no experiment yet; make one first",
  splitsFixed: (prompts: number, present: string, wanted: string) =>
    `splits: the ${prompts} prompts of this experiment have their splits already, and moving one would leak what is held out; expected ${present}, got ${wanted}`,
};
