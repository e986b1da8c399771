/** One line to the person at the terminal. Standard error, because standard output may be a command's result. */
"use strict";

/** @param {string} sentence */
function say(sentence) {
  process.stderr.write("nashlab: " + sentence + "\n");
}

module.exports = { say };
