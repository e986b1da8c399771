/** Continues in another process on the right Node, as if it were this one: streams, signals, exit code. */
"use strict";

const { spawn } = require("child_process");
const path = require("path");

/** @type {readonly NodeJS.Signals[]} */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * @param {string} node the path of the Node to run on
 * @param {readonly string[]} args a script and its arguments
 */
function rerun(node, args) {
  const child = spawn(node, args, { stdio: "inherit", env: withNodeFirst(node) });
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      // Ctrl-C in a terminal reaches both processes by itself; passed on as well, it would count as a second press.
      if (signal === "SIGINT" && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
  child.on("error", (error) => {
    process.stderr.write("nashlab: " + node + " could not be started: " + error.message + "\n");
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code === null ? 1 : code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** What the script starts by name (npm, npx, node) runs on that Node too. @param {string} node */
function withNodeFirst(node) {
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === "PATH") || "PATH";
  const folders = [path.dirname(node)].concat(process.env[name] || []);
  return Object.assign({}, process.env, { [name]: folders.join(path.delimiter) });
}

module.exports = { rerun };
