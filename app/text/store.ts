/** What the lab says of its database and artefacts. */

export const storeWords = {
  noArtefact: (hash: string) => `there is no artefact ${hash} in this experiment`,
  artefactRemoved: (hash: string) => `artefact ${hash} was removed to free the disk (nashlab gc)`,
  artefactSize: (hash: string, expected: number, place: string, found: number | undefined) =>
    `artefact ${hash} was altered: expected ${expected} bytes in ${place}, found ${found ?? "nothing"}`,
  artefactAltered: (hash: string, place: string) => `artefact ${hash} was altered: ${place} has its size but another content`,
  readOnly: (path: string) => `${path} was opened to be read only`,
  cannotOpen: (path: string, reason: string) => `cannot open the database ${path}: ${reason}`,
  diskFull: (path: string) => `the disk is full where ${path} lies; what was stored until now is kept, so make room there and go on`,
  damaged: (path: string, found: string) => `${path} is damaged: ${found}; the newest copy is in the folder backups beside it`,
  notText: (column: string, found: string) => `expected a text in column ${column}, got ${found}`,
  notNumber: (column: string, found: string) => `expected a number in column ${column}, got ${found}`,
  newer: (schema: number, known: number) =>
    `this experiment was written by a newer version of the lab (schema ${schema}; this one knows ${known}): it can be looked at, but nothing in it can be changed; open it with that version`,
  newerFile: (path: string, schema: number, known: number) =>
    `${path} was written by a newer version of the lab (schema ${schema}; this one knows ${known}); open it with that version`,
  migrationDiffers: (path: string, id: number, name: string) =>
    `${path}: migration ${id} (${name}) differs from the one that was applied; a released migration never changes`,
  noComparison: (id: string) => `there is no comparison ${id}`,
  answered: (id: string) => `comparison ${id} has been answered already`,
  noDevice: (id: string) => `there is no device ${id}`,
  nameTaken: (name: string, kind: string, wanted: string) => `the name ${name} belongs to a ${kind}, not to a ${wanted}`,
  oracleNotStored: (version: string) => `the oracle ${version} was not stored`,
  noPrompt: (id: string) => `there is no prompt ${id}`,
  noPolicy: (id: string) => `there is no policy ${id}`,
  noPolicyNamed: (name: string, known: readonly string[]) =>
    `there is no policy ${name}; this experiment has ${known.length === 0 ? "none yet" : known.join(", ")}`,
  noCheckpoint: (hash: string) => `there is no checkpoint ${hash}`,
  noPair: (id: string) => `there is no pair ${id}`,
  noRound: (round: number) => `there is no round ${round} in this experiment`,
  noRoundOf: (id: string) => `there is no round ${id} in this experiment`,
  noAttempt: (id: string) => `there is no stage attempt ${id}`,
  cannotBecome: (from: string, to: string) => `a stage attempt that is ${from} cannot become ${to}`,
  requestClosed: (id: string) => `request ${id} has been closed already`,
  askNamesNothing: (id: string) => `ask ${id} names an oracle or a round that is not there`,
  unknownVerdict: (verdict: string, judgment: string) => `unknown verdict ${verdict} in judgment ${judgment}`,
  noJudgment: (id: string) => `there is no judgment ${id}`,
  notBytes: "expected bytes in column token_ids",
  sampledTwice: "a unit was sampled twice with different tokens",
  noResponse: (id: string) => `there is no response ${id}`,
  noEndpoint: (name: string, known: readonly string[]) =>
    `there is no endpoint ${name}; this experiment knows ${known.length === 0 ? "none yet" : known.join(", ")}`,
};
