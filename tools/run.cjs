/**
 * Runs a task of tools/tasks (`node tools/run.cjs test`) on any Node: sets up first what is missing, and says so.
 * This file and tools/setup are plain JavaScript that Node 12 can parse.
 */
"use strict";

const fs = require("fs");
const path = require("path");
const { ensure } = require("./setup/ensure.cjs");
const { rerun } = require("./setup/rerun.cjs");
const { say } = require("./setup/say.cjs");

const TASKS = path.join(__dirname, "tasks");

function main() {
  const task = process.argv[2];
  const tasks = fs
    .readdirSync(TASKS)
    .filter((name) => /\.ts$/.test(name))
    .map((name) => name.slice(0, -3));
  if (task === undefined || tasks.indexOf(task) === -1) throw new Error("expected a task (" + tasks.join(", ") + "), got " + String(task) + ".");
  rerun(ensure(), [path.join(TASKS, task + ".ts")].concat(process.argv.slice(3)));
}

try {
  main();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
