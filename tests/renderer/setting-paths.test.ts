/** Settings read and set by their dotted names, for the schema to judge. */
import { expect, test } from "vitest";
import { experimentConfigSchema } from "#app/domain/experiment.ts";
import { settingsText } from "#renderer/text/settings.ts";
import { readSetting, withSetting } from "#renderer/settings/setting-paths.ts";

const config = experimentConfigSchema.parse({});

test("every setting that is explained is one that the experiment has", () => {
  for (const path of Object.keys(settingsText.experiment.help)) expect(readSetting(config, path), path).toBeDefined();
});

test("a value takes the kind of the one it replaces; what is none is left for the schema to refuse", () => {
  const set = (path: string, typed: string) => experimentConfigSchema.safeParse(withSetting(config, path, typed));
  expect(set("training.learningRate", " 2e-5 ").data?.training.learningRate).toBe(2e-5);
  expect(set("judging.bothOrders", "false").data?.judging.bothOrders).toBe(false);
  expect(set("evaluation.split", "test").data?.evaluation.split).toBe("test");
  // A setting that is a number or a word takes either in the place of the other.
  expect(set("training.keepCheckpoints", "all").data?.training.keepCheckpoints).toBe("all");
  const keepsAll = withSetting(config, "training.keepCheckpoints", "all");
  expect(experimentConfigSchema.parse(withSetting(keepsAll, "training.keepCheckpoints", "3")).training.keepCheckpoints).toBe(3);
  for (const [path, typed] of [
    ["training.keepCheckpoints", "0"],
    ["training.learningRate", "many"],
    ["training.learningRate", ""],
    ["judging.bothOrders", "perhaps"],
    ["evaluation.split", "training"],
    ["training.epochs", "1.5"],
  ] as const)
    expect(set(path, typed).success, `${path} ${typed}`).toBe(false);
  // The rest is as it was, and the argument is not touched.
  expect(withSetting(config, "training.epochs", "2")).toEqual({ ...config, training: { ...config.training, epochs: 2 } });
  expect(readSetting(config, "training.epochs")).toBe(1);
});
