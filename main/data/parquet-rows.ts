/** Parquet as rows, decoded on a thread of its own and handed over a batch at a time, as they are asked for. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { DataError } from "#app/base/errors.ts";
import type { DataRow, DataSource } from "#app/rounds/data-ports.ts";
import { dataWords } from "#app/text/data.ts";

/** What the thread is started with, and what it answers to each "next". */
export type ParquetJob = DataSource;
export type ParquetAnswer =
  { readonly kind: "rows"; readonly rows: readonly unknown[] } | { readonly kind: "end" } | { readonly kind: "failed"; readonly reason: string };

// Run from sources the worker is TypeScript, from a build it is JavaScript beside this file.
const suffix = import.meta.url.endsWith(".ts") ? "ts" : "js";

/** `row` is the place from 1. Throws DataError for what is no whole Parquet file. */
export async function* parquetRows(job: ParquetJob): AsyncGenerator<readonly DataRow[]> {
  const worker = new Worker(new URL(`./parquet-worker.${suffix}`, import.meta.url), { workerData: job });
  let row = 0;
  try {
    for (;;) {
      const answered = once(worker, "message"); // rejects with the error that ends the thread
      worker.postMessage("next");
      const [answer] = (await answered) as [ParquetAnswer]; // the thread's only messages
      if (answer.kind === "end") return;
      if (answer.kind === "failed") {
        throw new DataError(dataWords.brokenParquet(job.path, answer.reason), { path: job.path });
      }
      yield answer.rows.map((value) => ({ row: (row += 1), value }));
    }
  } finally {
    worker.postMessage("stop");
  }
}
