/** Writes the tiny model and its adapter for make-tiny-model.py: node tests/golden/checkpoints/write-tiny-policy.ts FOLDER */
import { writeTinyPolicy } from "#tests/support/tiny-adapter.ts";

await writeTinyPolicy(process.argv[2] ?? "");
