#!/usr/bin/env node
/** The command line on any Node: plain JavaScript that sets up what is missing and continues on the right Node. */
import { createRequire } from "module";
import { fileURLToPath } from "url";

const require = createRequire(import.meta.url);
const { ensure } = require("../../tools/setup/ensure.cjs");
const { rerun } = require("../../tools/setup/rerun.cjs");
const { say } = require("../../tools/setup/say.cjs");

const MAIN = new URL("./main.ts", import.meta.url);

function start() {
  const node = ensure();
  if (node !== process.execPath) rerun(node, [fileURLToPath(MAIN)].concat(process.argv.slice(2)));
  // Not awaited at the top level, which old Nodes cannot parse.
  else void import(MAIN.href);
}

try {
  start();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
