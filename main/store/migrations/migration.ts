/** One step of the schema's history. */
export type Migration = {
  /** From 1, without gaps; also the database's user_version when it has been applied. */
  readonly id: number;
  readonly name: string;
  readonly sql: string;
};
