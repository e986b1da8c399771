/** Lets `npx nashlab` find the command of this very folder, without a question and without installing anything. */
"use strict";

const fs = require("fs");
const path = require("path");

const TARGET = path.join("..", "..", "main", "cli", "nashlab.js");

/** Writes what npm would write if the lab were installed as a package. @param {string} root */
function ensureCommand(root) {
  const file = path.join(root, "node_modules", ".bin", "nashlab");
  if (process.platform === "win32") return writeMissing(file + ".cmd", '@node "%~dp0\\' + TARGET + '" %*\r\n');
  if (!isThere(file)) fs.symlinkSync(TARGET, file);
}

/** @param {string} file @param {string} text */
function writeMissing(file, text) {
  if (!fs.existsSync(file)) fs.writeFileSync(file, text);
}

/** Also true of a link that leads nowhere. @param {string} file */
function isThere(file) {
  try {
    fs.lstatSync(file);
    return true;
  } catch {
    return false;
  }
}

module.exports = { ensureCommand };
