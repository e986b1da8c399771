/** Prints every import that the plan of the house does not allow; exit code 1 if there is one. */
import { checkLayers } from "./layers.ts";

const findings = checkLayers();
process.stdout.write(findings.map((finding) => `${finding}\n`).join(""));
process.exitCode = findings.length > 0 ? 1 : 0;
