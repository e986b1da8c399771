/** Writes that come together are made durable together: one transaction, and one wait for the disk, for all of a turn of the event loop. */
import type { Connection } from "#main/store/database.ts";

/** Resolves once what `work` wrote is durable. If it throws, nothing of it stays, and what others wrote with it does. */
export type CommitTogether = <Result>(work: () => Result) => Promise<Result>;

type Waiting = { readonly run: () => void; readonly settle: () => void; readonly fail: (thrown: unknown) => void };

export function createCommitTogether(db: Connection): CommitTogether {
  let waiting: Waiting[] = [];

  const commit = (): void => {
    const all = waiting;
    waiting = [];
    try {
      db.transaction(() => {
        for (const one of all) one.run();
      });
    } catch (thrown) {
      for (const one of all) one.fail(thrown);
      return;
    }
    for (const one of all) one.settle();
  };

  return <Result>(work: () => Result) =>
    new Promise<Result>((resolve, reject) => {
      let settle = (): void => undefined;
      const run = (): void => {
        db.exec("SAVEPOINT one");
        try {
          const result = work();
          settle = () => {
            resolve(result);
          };
        } catch (thrown) {
          db.exec("ROLLBACK TO one");
          settle = () => {
            reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
          };
        }
        db.exec("RELEASE one");
      };
      waiting.push({
        run,
        settle: () => {
          settle();
        },
        fail: reject,
      });
      if (waiting.length === 1) setImmediate(commit);
    });
}
