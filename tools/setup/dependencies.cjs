/** Installs the locked dependencies where they are missing or not those of the lock file. */
"use strict";

const fs = require("fs");
const path = require("path");
const { npmCi } = require("./npm.cjs");
const { say } = require("./say.cjs");

/**
 * @param {string} folder one that has a package-lock.json
 * @param {string} what what is installed and how long that takes, for the person who waits
 */
function ensureDependencies(folder, what) {
  const difference = firstDifference(folder);
  if (difference === undefined) return;
  say("installing " + what + " (" + difference + ").");
  npmCi(folder);
  const left = firstDifference(folder);
  if (left !== undefined) throw new Error("npm ci left the dependencies incomplete: " + left + ".");
}

/**
 * What node_modules lacks of the lock file, in a few words; undefined if nothing. npm writes down what it installed.
 * @param {string} folder
 * @returns {string | undefined}
 */
function firstDifference(folder) {
  const installed = readPackages(path.join(folder, "node_modules", ".package-lock.json"));
  if (installed === undefined) return "nothing is installed yet";
  const locked = readPackages(path.join(folder, "package-lock.json"));
  if (locked === undefined) throw new Error("expected a lock file of npm at " + path.join(folder, "package-lock.json") + ".");
  for (const [name, entry] of Object.entries(locked)) {
    // The project itself, and packages for other machines, are not installed.
    if (name === "" || entry.optional || entry.devOptional) continue;
    const title = name.replace(/^node_modules\//, "");
    const present = installed[name];
    if (present === undefined || !fs.existsSync(path.join(folder, name, "package.json"))) return title + " is missing";
    if (present.version !== entry.version) return title + " is " + String(present.version) + ", not " + String(entry.version);
  }
  return undefined;
}

/** @param {string} file @returns {Record<string, {version?: string, optional?: boolean, devOptional?: boolean}> | undefined} */
function readPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")).packages;
  } catch {
    // Not there, or cut short when an installation was interrupted.
    return undefined;
  }
}

module.exports = { ensureDependencies, firstDifference };
