/** `node tools/run.cjs docs`: makes the pages of docs that are made from data (results, ops, licences). */
import { makePages } from "../docs/pages.ts";

process.stdout.write(`made ${makePages().join(", ")}\n`);
