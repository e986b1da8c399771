/** Everything that must be there before a script of the lab can run. */
"use strict";

const path = require("path");
const { ensureCommand } = require("./command.cjs");
const { ensureDependencies } = require("./dependencies.cjs");
const { ensureNode } = require("./node.cjs");

const ROOT = path.join(__dirname, "..", "..");

/**
 * Installs what is missing and returns the path of the Node to run on.
 * @returns {string}
 * @throws Error with one sentence for the person at the terminal.
 */
function ensure() {
  const node = ensureNode();
  ensureDependencies(ROOT, "the locked dependencies; about a minute");
  ensureCommand(ROOT);
  return node;
}

module.exports = { ensure };
