/** An experiment of the result on the tiny model, run by its own commands: a program of its own, so that it can be killed. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { writeTinyModel } from "#main/engine/checkpoints/tiny-model.ts";
import { evaluateOnTest, runRounds, setUp } from "#tools/result/run-experiment.ts";

/** The demo's settings in small, so that a round takes seconds. */
const CONFIG = experimentConfigSchema.parse({
  seed: 5,
  splits: { shards: 2 },
  oracle: { kind: "rubric", minWords: 2, maxWords: 9, noise: 0.2 },
  sampling: { responsesPerPrompt: 3, maxNewTokens: 24, temperature: 1, topP: 1 },
  pairs: { kind: "winRateMargin", minMargin: 0.2 },
  training: { batchSize: 2, learningRate: 5e-4, maxLength: 256, checkpointEverySteps: 2 },
  evaluation: { temperature: 1 },
});

const PROMPTS = Array.from({ length: 20 }, (_, i) => ({
  prompt: `Write ${2 + (i % 7)} lines about number ${i}.`,
  split: i < 12 ? ("training" as const) : i < 15 ? ("validation" as const) : ("test" as const),
}));

const [home] = process.argv.slice(2);
if (home === undefined) throw new Error("expected a folder");
const model = join(home, "tiny-model");
if (!existsSync(join(model, "config.json"))) await writeTinyModel(model, { seed: 1 });
const started = setUp(join(home, "own"), { name: "own", config: CONFIG }, [{ name: "r0", path: model }], PROMPTS);
runRounds(started, 2);
evaluateOnTest(started, ["r0", "r1", "r2"]);
