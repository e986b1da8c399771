/** What the lab calls results: tables, opponents, formulas. */

export const resultWords = {
  tables: {
    winRates: "Win rate by round",
    headToHead: "Everyone against everyone",
    policies: "Policies and their responses",
    circles: "Circles among answers to one prompt",
    flips: "Orders that disagree",
    gain: "Gain on the teacher",
    watch: "Watch for a collapse",
  },
  /** The standing opponents. */
  roles: { previous: "round before", first: "first policy", teacher: "teacher", worst: "worst opponent" },
  /** The formulas of length control. */
  formulas: {
    full: "AlpacaEval's full formula",
    withoutAnchors: "AlpacaEval's formula without anchors",
    minimal: "minimal formula",
  },
  noPairs: (round: number | undefined) => `there are no preference pairs ${round === undefined ? "in this experiment" : `of round ${round}`} yet`,
  /** Whose name is left out. */
  person: (number: number) => `person ${number}`,
  noAnswers: (policy: string, split: string) => `the policy ${policy} has not answered any prompt of the split ${split} yet`,
  noJudgments: "there are no judgments in this experiment yet",
  cannotRead: (path: string, reason: string) => `${path} cannot be read: ${reason}`,
  badCalibration: (path: string, line: number, field: string, problem: string) =>
    `${path}, line ${line}: expected {"prompt", "difficulty", "anchors"}: ${field} ${problem}; nothing was stored`,
  nothingEvaluated: (split: string) => `nothing has been evaluated on ${split} prompts yet, so there is no result to report`,
  folderNotEmpty: (path: string, found: string) => `${path}: expected an empty folder, or one that is not there yet, got one with ${found}`,
  cannotMake: (path: string, reason: string) => `${path}: expected a folder that can be made (${reason})`,
};
