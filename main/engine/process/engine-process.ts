/** The entry of the engine process: hands calls to a worker thread, as ONNX Runtime blocks the thread it runs on. */
import { Worker } from "node:worker_threads";
import { openLabChannel } from "./lab-channel.ts";

// Run from sources the worker is TypeScript, from a build it is JavaScript beside this file.
const suffix = import.meta.url.endsWith(".ts") ? "ts" : "js";
// What short-lived objects live in grows to a hundred megabytes over hours of sampling if it may; three spaces of 8 MB serve as well.
const worker = new Worker(new URL(`./engine-worker.${suffix}`, import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb: 24 } });
const lab = openLabChannel();

lab.onRequest((request) => {
  worker.postMessage(request);
});
worker.on("message", lab.send);
worker.on("error", (thrown) => {
  // A worker that threw outside a call cannot be trusted; the lab starts another process.
  process.stderr.write(`engine: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
  process.exit(1);
});
