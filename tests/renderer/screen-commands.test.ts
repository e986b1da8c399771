/** Every screen that has an address is reached from the command palette. */
import { expect, it } from "vitest";
import { labelOfScreen, screensOf } from "#renderer/app/screens.ts";

it("offers each address of the router without parameters, in the order of the design, known or not", () => {
  const paths = ["/", "/experiments", "/new-screen", "/judgments/$id", "/annotate", "/rounds", "/set-up"];
  const screens = screensOf(paths, true);
  expect(screens.map(({ path, keys }) => [path, keys])).toEqual([
    ["/rounds", "goRounds"],
    ["/annotate", "goAnnotate"],
    ["/set-up", undefined],
    ["/experiments", "goExperiments"],
    ["/new-screen", undefined],
  ]);
  expect(screens.map(({ path }) => labelOfScreen(path))).toEqual(["Rounds", "Annotate", "Set up", "All experiments", "New screen"]);
});

it("leaves the list of experiments to pages that a host serves", () => {
  expect(screensOf(["/rounds", "/experiments"], false).map(({ path }) => path)).toEqual(["/rounds"]);
});
