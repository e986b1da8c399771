/**
 * Runs a task of tools/tasks (`node tools/run.cjs test`) on any Node: sets up first what is missing, and says so.
 * This file and tools/setup are plain JavaScript that Node 12 can parse.
 */
"use strict";

const fs = require("fs");
const path = require("path");
const { ensureDependencies } = require("./setup/dependencies.cjs");
const { ensureNode } = require("./setup/node.cjs");
const { rerun } = require("./setup/rerun.cjs");
const { say } = require("./setup/say.cjs");

const ROOT = path.join(__dirname, "..");
const TASKS = path.join(__dirname, "tasks");

function main() {
  const task = process.argv[2];
  const names = fs.readdirSync(TASKS).filter((name) => /\.ts$/.test(name)).map((name) => name.slice(0, -3));
  if (names.indexOf(task) === -1) throw new Error("expected a task (" + names.join(", ") + "), got " + String(task) + ".");
  const node = ensureNode();
  ensureDependencies(ROOT);
  rerun(node, ["--disable-warning=ExperimentalWarning", path.join(TASKS, task + ".ts")].concat(process.argv.slice(3)));
}

try {
  main();
} catch (error) {
  say(error.message);
  process.exit(1);
}
