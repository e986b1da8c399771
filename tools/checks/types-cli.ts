/** Prints what type-checking finds in the projects named as arguments, or in all; exit code 1 if anything. */
import { checkTypes, projectNames } from "./types.ts";

const named = process.argv.slice(2);
const findings = (named.length > 0 ? named : projectNames()).flatMap(checkTypes);
process.stdout.write(findings.map((finding) => `${finding}\n`).join(""));
process.exitCode = findings.length > 0 ? 1 : 0;
