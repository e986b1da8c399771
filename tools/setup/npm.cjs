/** Runs npm, without install scripts and without questions. */
"use strict";

const { spawnSync } = require("child_process");

/**
 * What is installed here needs no install script: native parts come inside their packages. Electron's binary and
 * ONNX Runtime's CUDA libraries would be downloads of hundreds of megabytes that nothing here uses.
 */
const FLAGS = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
const NO_DOWNLOADS = { ELECTRON_SKIP_BINARY_DOWNLOAD: "1", ONNXRUNTIME_NODE_INSTALL: "skip" };

/**
 * `npm ci` in a folder; what npm prints goes to standard error.
 * @param {string} folder
 * @throws Error with one sentence if npm is missing or fails.
 */
function npmCi(folder) {
  const npm = npmCommand();
  const done = spawnSync(npm.command, npm.args.concat(["ci"], FLAGS), {
    cwd: folder,
    env: Object.assign({}, process.env, NO_DOWNLOADS),
    stdio: ["ignore", 2, 2],
    shell: npm.isShellNeeded,
  });
  if (done.error) throw new Error("npm could not be started (" + done.error.message + "). It comes with Node; install both and try again.");
  if (done.status !== 0) throw new Error("npm ci failed in " + folder + " (see above). Once that is mended, run the same command again.");
}

/** The npm that runs us, if one does; else the one on the path. */
function npmCommand() {
  const running = process.env["npm_execpath"];
  if (running && /npm-cli\.js$/.test(running)) return { command: process.execPath, args: [running], isShellNeeded: false };
  return { command: "npm", args: [], isShellNeeded: process.platform === "win32" };
}

module.exports = { npmCi };
