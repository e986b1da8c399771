/** Step 4 of 4, see README.md: what llama.cpp (through node-llama-cpp, installed elsewhere) computes with the lab's GGUF files. */
import { readdirSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [, , scratch, modules] = process.argv;
const require = createRequire(join(modules, "package.json"));
const { getLlama } = await import(pathToFileURL(require.resolve("node-llama-cpp")).href);
const llama = await getLlama({ gpu: false, maxThreads: 1, build: "never", skipDownload: true });

async function evaluate(path, prompt, count) {
  console.error(path);
  const model = await llama.loadModel({ modelPath: path, gpuLayers: 0 });
  const context = await model.createContext({ contextSize: 64, threads: 1 });
  const sequence = context.getSequence();
  const input = prompt.map((token, i) => (i === prompt.length - 1 ? [token, { generateNext: { probabilities: true } }] : token));
  const last = (await sequence.controlledEvaluate(input)).at(-1);
  const probabilities = [...last.next.probabilities].map(([token, p]) => [Number(token), p]);
  await sequence.clearHistory();
  const greedy = [];
  for await (const token of sequence.evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
    greedy.push(Number(token));
    if (greedy.length >= count) break;
  }
  return { probabilities, greedy };
}

function logSoftmax(logits) {
  const max = Math.max(...logits);
  const normaliser = max + Math.log(logits.reduce((sum, x) => sum + Math.exp(x - max), 0));
  return logits.map((x) => x - normaliser);
}

const results = {};
for (const name of readdirSync(scratch)) {
  const folder = join(scratch, name);
  if (!existsSync(join(folder, "expected.json"))) continue;
  const expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8"));
  const logps = logSoftmax(expected.logits);
  results[name] = {};
  for (const precision of ["f32", "f16", "q8_0"]) {
    const { probabilities, greedy } = await evaluate(join(folder, `${precision}.gguf`), expected.prompt, expected.greedy.length);
    const likely = probabilities.filter(([, p]) => p > 1e-6);
    const firstOther = greedy.findIndex((token, i) => token !== expected.greedy[i]);
    results[name][precision] = {
      logpGap: Math.max(...likely.map(([token, p]) => Math.abs(Math.log(p) - logps[token]))),
      sameGreedyTokens: firstOther < 0 ? expected.greedy.length : firstOther,
    };
  }
}
const manifest = JSON.parse(readFileSync(join(modules, "node_modules", "node-llama-cpp", "package.json"), "utf8"));
writeFileSync(join(scratch, "llama-cpp.json"), JSON.stringify({ versions: { "node-llama-cpp": manifest.version }, results }));
console.log(JSON.stringify(results, null, 1));
process.exit(0);
