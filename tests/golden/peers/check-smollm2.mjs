/** SmolLM2, see README.md: llama.cpp's tokens and greedy answers with the lab's GGUF files, against Transformers' (smollm2.json). */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [, , scratch, modules] = process.argv;
const golden = JSON.parse(readFileSync(join(import.meta.dirname, "..", "checkpoints", "smollm2.json"), "utf8"));
const { getLlama } = await import(pathToFileURL(createRequire(join(modules, "package.json")).resolve("node-llama-cpp")).href);
const llama = await getLlama({ gpu: false, maxThreads: 1, build: "never", skipDownload: true });
const results = {};
for (const precision of ["f16", "q8_0"]) {
  const model = await llama.loadModel({ modelPath: join(scratch, `${precision}.gguf`), gpuLayers: 0 });
  const context = await model.createContext({ contextSize: 256, threads: 1 });
  const sequence = context.getSequence();
  const same = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);
  const texts = golden.texts.filter(({ text, ids }) => same(model.tokenize(text, true).map(Number), ids)).length;
  let prompts = 0;
  const answers = [];
  for (const { rendered, ids, greedyIds } of golden.chats) {
    if (same(model.tokenize(rendered, true).map(Number), ids)) prompts += 1;
    await sequence.clearHistory();
    const got = [];
    for await (const token of sequence.evaluate(ids, { temperature: 0, yieldEogToken: true })) {
      got.push(Number(token));
      if (got.length >= greedyIds.length) break;
    }
    const other = got.findIndex((token, i) => token !== greedyIds[i]);
    answers.push({ tokens: greedyIds.length, same: other < 0 ? greedyIds.length : other, text: model.detokenize(got) });
  }
  results[precision] = { texts: `${texts} of ${golden.texts.length}`, prompts: `${prompts} of ${golden.chats.length}`, answers, template: model.fileInfo.metadata.tokenizer.chat_template.length };
}
writeFileSync(join(scratch, "llama-cpp.json"), `${JSON.stringify(results, null, 1)}\n`);
console.log(JSON.stringify(results, null, 1));
process.exit(0);
